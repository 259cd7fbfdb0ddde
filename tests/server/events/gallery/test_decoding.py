"""Pictures of every kind become plain pixels; what is no picture, or too much of one, is refused."""

import resource
import time
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from domain.errors import Problem
from server.events.gallery.decoding import opened, plain
from server.events.gallery.sizes import BYTES, PIXELS
from tests.server.events.gallery.samples import (
    BLUE,
    HEIC,
    RED,
    SVG,
    encoded,
    jpeg,
    png_of_size,
    two_colours,
    webp_of_size,
    with_metadata,
)


def decoded(data: bytes) -> Image.Image:
    return plain(opened(BytesIO(data)))


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    found = image.getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(a - b) < 25 for a, b in zip(found, colour, strict=True))


def refused(data: bytes) -> tuple[int, str]:
    with pytest.raises(Problem) as caught:
        decoded(data)
    assert caught.value.detail
    return caught.value.status, caught.value.code


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "RGBA"), ("WEBP", "RGB"),
     ("WEBP", "RGBA")],
)  # fmt: skip
def test_pictures_of_each_kind_are_read(kind: str, mode: str) -> None:
    image = decoded(encoded(two_colours(mode=mode), kind))
    assert (image.size, image.mode) == ((64, 48), "RGB")
    assert near(image, (10, 24), BLUE)
    assert near(image, (54, 24), RED)


@pytest.mark.parametrize("mode", ["L", "1", "I;16", "LA"])
def test_a_picture_in_grey_stays_as_bright_as_it_was(mode: str) -> None:
    grey = Image.new("L", (8, 8), 200)
    if mode == "I;16":
        grey = Image.new("I;16", (8, 8), 200 * 256)
    expected = (255, 255, 255) if mode == "1" else (200, 200, 200)
    assert near(decoded(encoded(grey.convert(mode) if mode != "I;16" else grey, "PNG")), (4, 4), expected)


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    half = Image.new("RGBA", (8, 8), (0, 0, 0, 128))
    assert near(decoded(encoded(clear, "PNG")), (4, 4), (255, 255, 255))
    assert near(decoded(encoded(half, "WEBP", lossless=True)), (4, 4), (127, 127, 127))


def test_a_picture_of_an_iphone_is_read_and_stands_upright() -> None:
    image = decoded(HEIC)
    assert image.size == (48, 64)
    assert near(image, (24, 10), BLUE)
    assert near(image, (24, 54), RED)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_as_the_camera_was_held(orientation: int) -> None:
    taken = with_metadata(orientation)
    upright = decoded(taken)
    assert upright.size == ((64, 48) if orientation < 5 else (48, 64))
    wanted = {
        1: (10, 24),
        2: (54, 24),
        3: (54, 24),
        4: (10, 24),
        5: (24, 10),
        6: (24, 10),
        7: (24, 54),
        8: (24, 54),
    }
    assert near(upright, wanted[orientation], BLUE)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_a_way_to_hold_a_camera_that_there_is_not_changes_nothing(orientation: int) -> None:
    assert decoded(with_metadata(orientation)).size == (64, 48)


def test_nothing_stands_beside_the_pixels() -> None:
    image = decoded(with_metadata())
    assert image.info == {}
    again = encoded(image)
    assert b"Secret" not in again
    assert b"Exif" not in again
    assert dict(Image.open(BytesIO(again)).getexif()) == {}


def test_colours_of_a_wider_space_are_those_that_were_seen() -> None:
    lab = ImageCms.createProfile("LAB")
    swapped = ImageCms.ImageCmsProfile(lab).tobytes()
    assert decoded(jpeg(icc_profile=swapped)).size == (64, 48)
    assert decoded(jpeg(icc_profile=b"no profile at all")).size == (64, 48)


@pytest.mark.parametrize(
    "data",
    [SVG, b"", b"x", b"GIF89a" + bytes(100), b"%!PS-Adobe", b"BM" + bytes(100), b"\xff\xd8",
     b"RIFF" + bytes(40), *(encoded(two_colours(), kind) for kind in ("GIF", "TIFF", "BMP", "AVIF"))],
)  # fmt: skip
def test_what_is_no_picture_of_ours_is_refused(data: bytes) -> None:
    assert refused(data)[0] in (415, 422)


def test_a_drawing_with_a_script_is_refused() -> None:
    assert refused(SVG) == (422, "picture_mixed")
    assert refused(b'<svg xmlns="http://www.w3.org/2000/svg"/>') == (415, "media_type")


@pytest.mark.parametrize(
    "data",
    [
        jpeg() + b"PK\x05\x06" + bytes(18),
        jpeg(comment=b"<SCRIPT>alert(1)</script>"),
        jpeg(comment=b"<?php system('id'); ?>"),
        b"%PDF-1.4\n" + jpeg(),
        encoded(two_colours(), "PNG") + b"<!DOCTYPE html><html>",
        encoded(two_colours(), "WEBP") + b"<html><body>",
    ],
)
def test_a_picture_that_is_something_else_too_is_refused(data: bytes) -> None:
    assert refused(data) == (422, "picture_mixed")


@pytest.mark.parametrize(
    "data", [jpeg(), encoded(two_colours(), "PNG"), encoded(two_colours(), "WEBP"), HEIC]
)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_half_a_picture_is_refused(data: bytes, share: float) -> None:
    assert refused(data[: int(len(data) * share)])[0] in (415, 422)


@pytest.mark.parametrize(
    "data",
    [
        png_of_size(50_000, 50_000),
        png_of_size(PIXELS + 1, 1),
        png_of_size(2**31 - 1, 2**31 - 1),
        webp_of_size(16_383, 16_383),
        webp_of_size(2**24, 2**24),
        webp_of_size(10_000, 10_000),
    ],
)
def test_a_picture_of_too_many_pixels_is_refused_before_it_takes_any_room(data: bytes) -> None:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert refused(data) == (422, "picture_too_many_pixels")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024
    assert time.monotonic() - began < 1


def test_a_picture_of_as_many_pixels_as_may_be_is_read() -> None:
    white = encoded(Image.new("1", (10_000, PIXELS // 10_000), 1), "PNG")
    assert decoded(white).size == (10_000, 5_000)


def test_a_picture_of_very_many_layers_is_refused() -> None:
    assert refused(jpeg() + b"\xff\xda" * 101) == (422, "picture_too_many_pixels")
    assert decoded(jpeg(progressive=True)).size == (64, 48)


def test_too_many_bytes_are_refused() -> None:
    assert refused(jpeg() + bytes(BYTES)) == (413, "too_large")


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(
        [jpeg(), with_metadata(6), encoded(two_colours(), "PNG"), encoded(two_colours(), "WEBP")]
    ),
    st.lists(st.tuples(st.integers(0, 2**16), st.binary(min_size=1, max_size=8)), max_size=5),
)
def test_whatever_bytes_come_the_answer_is_a_picture_or_a_problem(
    data: bytes, changes: list[tuple[int, bytes]]
) -> None:
    """But for HEIC, whose decoder may fail altogether: see `test_pictures`."""
    broken = bytearray(data)
    for place, other in changes:
        at = place % len(broken)
        broken[at : at + len(other)] = other
    with suppress(Problem):
        assert decoded(bytes(broken)).mode == "RGB"
