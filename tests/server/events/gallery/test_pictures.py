"""Pictures as files: made anew in a process of their own, in two sizes, named by their content."""

import asyncio
import os
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from domain.errors import Problem, StorageFull
from server.events.gallery.pictures import SIZES, Picture, Pictures
from tests.server.events.gallery.samples import (
    CRASHING,
    HEIC,
    SVG,
    encoded,
    jpeg,
    png_of_size,
    with_metadata,
)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "media")


async def keep(pictures: Pictures, data: bytes) -> Picture:
    return await pictures.keep(BytesIO(data))


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_a_picture_is_kept_in_two_sizes_by_its_content(pictures: Pictures, tmp_path: Path) -> None:
    kept = await keep(pictures, jpeg(1200, 600))
    assert (kept.width, kept.height) == (1200, 600)
    sizes = {size: Image.open(BytesIO(pictures.path(kept.content, size).read_bytes())) for size in SIZES}
    assert {size: (image.format, image.size) for size, image in sizes.items()} == {
        "full": ("JPEG", (1200, 600)),
        "thumb": ("JPEG", (512, 256)),
    }
    assert files(tmp_path / "media") == [
        f"{kept.content[:2]}/{kept.content}.{size}.jpg" for size in ("full", "thumb")
    ]
    assert pictures.has(kept.content)
    assert await keep(pictures, jpeg(1200, 600)) == kept
    assert (await keep(pictures, jpeg(1200, 601))).content != kept.content


async def test_nothing_of_what_stood_beside_the_pixels_is_in_the_files(pictures: Pictures) -> None:
    kept = await keep(pictures, with_metadata(6))
    assert (kept.width, kept.height) == (48, 64)
    for size in SIZES:
        data = pictures.path(kept.content, size).read_bytes()
        assert not any(word in data for word in (b"Secret", b"Exif", b"ICC_PROFILE", b"http"))


async def test_the_longest_side_has_an_end(pictures: Pictures) -> None:
    kept = await keep(pictures, encoded(Image.new("L", (20_000, 1_000), 90), "PNG"))
    assert (kept.width, kept.height) == (8192, 410)


async def test_a_picture_on_which_a_decoder_fails_altogether_is_only_refused(pictures: Pictures) -> None:
    with pytest.raises(Problem) as caught:
        await keep(pictures, CRASHING)
    assert (caught.value.status, caught.value.code) == (422, "picture_broken")
    assert (await keep(pictures, HEIC)).width == 48


async def test_a_picture_that_takes_too_long_is_refused(
    tmp_path: Path,
) -> None:
    with pytest.raises(Problem) as caught:
        await keep(Pictures(tmp_path / "media", patience=0.01), jpeg())
    assert caught.value.code == "picture_broken"
    assert files(tmp_path / "media") == []


@pytest.mark.parametrize(
    ("data", "said"),
    [(SVG, (422, "picture_mixed")), (b"<svg/>", (415, "media_type")),
     (png_of_size(9_000, 9_000), (422, "picture_too_many_pixels")), (jpeg()[:700], (422, "picture_broken")),
     (jpeg() + bytes(20 * 2**20), (413, "too_large"))],
)  # fmt: skip
async def test_what_is_wrong_with_a_picture_is_said(
    pictures: Pictures, tmp_path: Path, data: bytes, said: tuple[int, str]
) -> None:
    with pytest.raises(Problem) as caught:
        await keep(pictures, data)
    assert (caught.value.status, caught.value.code) == said
    assert files(tmp_path / "media") == []


async def test_secrets_of_the_server_are_not_told_to_what_decodes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever takes over a decoder finds none in its surroundings."""
    monkeypatch.setenv("USHER_STRIPE_SECRET_KEY", "sk_live")
    script = "import os, sys; open(sys.argv[1] + '/../seen', 'w').write(' '.join(os.environ))"
    with pytest.raises(Problem):
        await keep(Pictures(tmp_path / "media", (sys.executable, "-c", script)), jpeg())
    seen = (tmp_path / "media" / "seen").read_text().split()
    assert "PATH" in seen
    assert not [name for name in seen if name.startswith("USHER_")]


async def test_where_nothing_can_be_written_the_disk_is_to_blame(tmp_path: Path) -> None:
    script = "import errno, json; print(json.dumps({'errno': errno.ENOSPC}))"
    with pytest.raises(StorageFull):
        await keep(Pictures(tmp_path / "media", (sys.executable, "-c", script)), jpeg())


async def test_the_event_loop_goes_on_while_a_large_picture_is_made(pictures: Pictures) -> None:
    large = encoded(Image.effect_noise((5000, 4000), 50), "JPEG", quality=60)
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - began)

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*(keep(pictures, large) for _ in range(3)))
    ticking.cancel()
    assert longest < 0.5


async def test_only_what_is_old_is_looked_after(pictures: Pictures, tmp_path: Path) -> None:
    old, new = await keep(pictures, jpeg(40, 40)), await keep(pictures, jpeg(41, 41))
    unfinished = tmp_path / "media" / "making-abc"
    unfinished.mkdir()
    for path in (pictures.path(old.content, "full"), unfinished):
        os.utime(path, (0, 0))
    assert list(pictures.settled()) == [old.content]
    assert not unfinished.exists()
    pictures.forget(old.content)
    assert pictures.has(new.content)
    assert not pictures.has(old.content)
