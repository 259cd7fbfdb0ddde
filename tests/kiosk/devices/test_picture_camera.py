"""The simulated camera: which file it shows, and how."""

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.devices.frame import HEIGHT, WIDTH, Image
from kiosk.devices.picture_camera import PictureCamera


def put(path: Path, shade: int, *, age: int = 0, side: int = 300) -> Path:
    """A plain picture, written so many seconds before another with `age` 0."""
    cv2.imwrite(str(path), np.full((side, side), shade, np.uint8))
    at = 1_600_000_000 - age
    os.utime(path, (at, at))
    return path


def middle(image: Image) -> int:
    return int(image[HEIGHT // 2, WIDTH // 2, 0])


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[PictureCamera]:
    camera = PictureCamera(tmp_path, frames_per_second=1000)
    camera.open()
    yield camera
    camera.close()


def test_an_empty_folder_is_a_plain_dark_frame(camera: PictureCamera) -> None:
    image = camera.read()
    assert image.shape == (HEIGHT, WIDTH, 3)
    assert np.unique(image).size == 1
    assert middle(image) < 50


def test_the_newest_picture_is_shown(camera: PictureCamera, tmp_path: Path) -> None:
    put(tmp_path / "b.png", 10, age=5)
    put(tmp_path / "a.png", 200)
    assert middle(camera.read()) == 200


def test_a_picture_that_comes_later_takes_over_and_leaves_again(
    camera: PictureCamera, tmp_path: Path
) -> None:
    put(tmp_path / "a.png", 10, age=5)
    assert middle(camera.read()) == 10
    later = put(tmp_path / "b.png", 200)
    assert middle(camera.read()) == 200
    later.unlink()
    assert middle(camera.read()) == 10


def test_a_picture_that_is_written_over_is_shown_anew(camera: PictureCamera, tmp_path: Path) -> None:
    put(tmp_path / "a.png", 10, age=5)
    assert middle(camera.read()) == 10
    put(tmp_path / "a.png", 90)
    assert middle(camera.read()) == 90


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_half_written_picture_is_skipped(camera: PictureCamera, tmp_path: Path, suffix: str) -> None:
    put(tmp_path / "old.png", 10, age=5)
    newest = put(tmp_path / f"new{suffix}", 200)
    whole = newest.read_bytes()
    newest.write_bytes(whole[: len(whole) // 2])
    assert middle(camera.read()) == 10
    newest.write_bytes(whole)
    assert abs(middle(camera.read()) - 200) < 5


def test_files_that_are_no_pictures_are_skipped(camera: PictureCamera, tmp_path: Path) -> None:
    put(tmp_path / "a.png", 10, age=5)
    (tmp_path / "note.txt").write_text("no picture")
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "wrong.bmp").write_bytes(b"no picture")
    (tmp_path / ".hidden.png").write_bytes((tmp_path / "a.png").read_bytes())
    assert middle(camera.read()) == 10


def test_a_large_picture_is_shown_whole(camera: PictureCamera, tmp_path: Path) -> None:
    large = np.full((3000, 2000), 10, np.uint8)
    large[:100], large[-100:] = 250, 250
    cv2.imwrite(str(tmp_path / "a.png"), large)
    column = camera.read()[:, WIDTH // 2, 0]
    assert column[5] > 200
    assert column[-5] > 200
    assert column[HEIGHT // 2] < 50


def test_a_small_picture_is_enlarged_in_whole_steps(camera: PictureCamera, tmp_path: Path) -> None:
    put(tmp_path / "a.png", 10, side=50)
    image = camera.read()[:, :, 0]
    assert np.count_nonzero(image == 10) == (50 * 11) ** 2


def test_a_single_file_is_shown(tmp_path: Path) -> None:
    camera = PictureCamera(put(tmp_path / "a.png", 77), frames_per_second=1000)
    camera.open()
    assert middle(camera.read()) == 77
