"""What comes in as a picture, as plain pixels: upright, in sRGB, without anything that stood beside them.

A picture is believed only once it was decoded. Its size is looked at before there is room made for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO

import pi_heif
from PIL import Image, ImageCms, UnidentifiedImageError

from domain.errors import Invalid, Problem, TooLarge, Unavailable, Unsupported
from server.events.gallery.sizes import BYTES, PIXELS

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
_SCANS = 100
"""A JPEG comes in one scan, or in about ten; each of them costs as much as the whole picture."""
_EDGE = 64 * 1024
_OTHERS = (b"<script", b"<html", b"<!doctype", b"<?php", b"%pdf-", b"pk\x05\x06")
"""How documents, programs and archives begin or end, in small letters."""
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def opened(file: BinaryIO) -> Image.Image:
    """The picture, whose size is known and allowed, but which is not decoded yet.

    Raises `Unsupported` for what is no JPEG, PNG, WebP or HEIC picture, `TooLarge`, and `Invalid` for one
    of too many pixels or a file that is something else too.
    """
    data = _read(file)
    _only_a_picture(data)
    with _faults():
        # Opening a WebP picture makes room for it already.
        if size := _webp_size(data):
            _check_size(*size)
        image = Image.open(BytesIO(data), formats=_FORMATS)
        _check_size(*image.size)
        return image


def plain(image: Image.Image) -> Image.Image:
    """An opened picture in RGB. Takes its time: not for the event loop.

    Raises `Invalid` for a picture that is broken.
    """
    with _faults():
        image.load()
        # A HEIC picture may turn out larger than it said.
        _check_size(*image.size)
        return _in_srgb(_turned(image))


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except Problem:
        raise
    except MemoryError:
        raise Unavailable("there is no room for this picture now: try again in a moment") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many() from None
    except UnidentifiedImageError:
        raise Unsupported("send a JPEG, PNG, WebP or HEIC picture") from None
    except Exception:
        # Decoders have many ways to say that they cannot read something.
        raise Invalid("this picture is broken: send another copy of it", code="picture_broken") from None


def _read(file: BinaryIO) -> bytes:
    file.seek(0)
    data = file.read(BYTES + 1)
    if len(data) > BYTES:
        raise TooLarge(f"a picture has at most {BYTES // 2**20} MB")
    return data


def _only_a_picture(data: bytes) -> None:
    """Raises `Invalid` where another program would find something of its own, which stands near an end."""
    edges = (data[:_EDGE].lower(), data[-_EDGE:].lower())
    if any(other in edge for edge in edges for other in _OTHERS):
        raise Invalid("this file is not only a picture: save it anew as JPEG or PNG", code="picture_mixed")
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > _SCANS:
        raise Invalid("this picture has too many layers: save it anew", code="picture_too_many_pixels")


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height, as a WebP file says at its beginning."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    match data[12:16]:
        case b"VP8X":
            return _number(data[24:27]) + 1, _number(data[27:30]) + 1
        case b"VP8L":
            bits = _number(data[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            return _number(data[26:28]) & 0x3FFF, _number(data[28:30]) & 0x3FFF


def _number(little: bytes) -> int:
    return int.from_bytes(little, "little")


def _check_size(width: int, height: int) -> None:
    if width * height > PIXELS:
        raise _too_many()


def _turned(image: Image.Image) -> Image.Image:
    """As the camera was held."""
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except Exception:
        # What stands beside a picture may be broken; its pixels are not.
        orientation = 1
    transpose = _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    if transpose is None:
        return image
    turned = image.transpose(transpose)
    turned.info = image.info
    return turned


def _in_srgb(image: Image.Image) -> Image.Image:
    """Opaque, on white, and with nothing but its pixels."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        image = image.point(lambda level: level / 256).convert("L")
    if image.has_transparency_data:
        colours = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(colours, mask=colours.getchannel("A"))
    if profile and image.mode in ("RGB", "CMYK"):
        image = _converted(image, profile)
    image = image.convert("RGB") if image.mode != "RGB" else image
    image.info = {}
    return image


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        found = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, found, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def _too_many() -> Invalid:
    message = f"a picture has at most {PIXELS // 1_000_000} million pixels: make it smaller"
    return Invalid(message, code="picture_too_many_pixels")
