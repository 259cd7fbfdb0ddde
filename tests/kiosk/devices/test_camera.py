"""What every camera promises, tried on OpenCV's capture of a film and on the simulated camera."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.devices.camera import Camera, CameraAbsent, CameraLost, OpenCvCamera
from kiosk.devices.cameras import CameraInfo, cameras, chosen
from kiosk.devices.frame import HEIGHT, WIDTH
from kiosk.devices.picture_camera import PictureCamera

FRAMES = 5


def film(folder: Path) -> CameraInfo:
    """A short film in a file: OpenCV opens and reads it as it does a camera, and it ends."""
    path = folder / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (WIDTH, HEIGHT))
    for number in range(FRAMES):
        writer.write(np.full((HEIGHT, WIDTH, 3), 40 * number, np.uint8))
    writer.release()
    return CameraInfo("film", str(path))


def opencv(folder: Path) -> Camera:
    info = film(folder)
    return OpenCvCamera("film", lambda: (info,) if Path(str(info.source)).exists() else ())


def pictures(folder: Path) -> Camera:
    cv2.imwrite(str(folder / "one.png"), np.full((300, 300), 255, np.uint8))
    return PictureCamera(folder / "one.png")


@pytest.fixture(params=[opencv, pictures])
def camera(request: pytest.FixtureRequest, tmp_path: Path) -> Camera:
    make: Callable[[Path], Camera] = request.param
    return make(tmp_path)


def test_an_open_camera_gives_colour_pictures_of_the_agreed_size(camera: Camera) -> None:
    camera.open()
    image = camera.read()
    assert image.shape == (HEIGHT, WIDTH, 3)
    assert image.dtype == np.uint8
    camera.close()


def test_a_camera_is_not_read_before_it_is_open(camera: Camera) -> None:
    with pytest.raises(CameraLost):
        camera.read()


def test_a_closed_camera_is_lost_and_can_be_opened_again(camera: Camera) -> None:
    camera.open()
    camera.close()
    with pytest.raises(CameraLost):
        camera.read()
    camera.open()
    assert camera.read().size
    camera.close()


def test_closing_twice_does_nothing(camera: Camera) -> None:
    camera.close()
    camera.open()
    camera.close()
    camera.close()


def test_what_is_not_there_does_not_open(camera: Camera, tmp_path: Path) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(CameraAbsent):
        camera.open()


def test_a_camera_that_vanishes_says_so(camera: Camera, tmp_path: Path) -> None:
    camera.open()
    camera.read()
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(CameraLost):
        [camera.read() for _ in range(FRAMES)]
    camera.close()


def test_a_camera_that_is_listed_and_does_not_open_says_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "film.avi"
    broken.write_bytes(b"no film")
    camera = OpenCvCamera("", lambda: (CameraInfo("Front", str(broken)),))
    with pytest.raises(CameraAbsent, match="Front does not open"):
        camera.open()


def test_cameras_are_listed_by_name_once_each(tmp_path: Path) -> None:
    for node, index, name in [
        ("video0", "0", "Front"),
        ("video1", "1", "Front"),
        ("video2", "0", "Front"),
        ("video10", "0", "Back"),
    ]:
        (tmp_path / node).mkdir()
        (tmp_path / node / "index").write_text(f"{index}\n")
        (tmp_path / node / "name").write_text(f"{name}\n")
    (tmp_path / "video3").mkdir()
    listed = [(info.name, info.source) for info in cameras(tmp_path)]
    assert listed == [("Front", "/dev/video0"), ("Front (2)", "/dev/video2"), ("Back", "/dev/video10")]


def test_a_computer_without_cameras_lists_none(tmp_path: Path) -> None:
    assert cameras(tmp_path / "none") == ()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", "Front"),
        ("Back", "Back"),
        ("back", "Back"),
        ("1", "Back"),
        ("0", "Front"),
        ("2", None),
        ("x", None),
    ],
)
def test_a_camera_is_chosen_by_name_or_number(wanted: str, found: str | None) -> None:
    listed = (CameraInfo("Front", 0), CameraInfo("Back", 1))
    info = chosen(wanted, listed)
    assert (info and info.name) == found


def test_no_camera_is_chosen_where_there_is_none() -> None:
    assert chosen("", ()) is None
