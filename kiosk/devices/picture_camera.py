"""A simulated camera: picture files, shown as if somebody held them before it."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import cv2
import numpy as np

from kiosk.devices.camera import CameraAbsent, CameraLost
from kiosk.devices.frame import HEIGHT, WIDTH, Image

_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".webp"})
_ENDS = {".png": b"IEND\xae\x42\x60\x82", ".jpg": b"\xff\xd9", ".jpeg": b"\xff\xd9"}
"""Without these last bytes a file is still being written."""

_BACKGROUND, _DARK = 190, 24
_SMALL = 0.8
"""A small picture is enlarged in whole steps to at most this share of the frame."""


@dataclass(frozen=True, slots=True)
class _File:
    """A picture file and what changes when somebody writes it."""

    path: Path
    changed: int
    size: int


class PictureCamera:
    """A `Camera` that shows a picture file, or whatever picture is newest in a folder, on a plain ground.

    A folder without pictures is a dark frame. A file that cannot be read, such as one that is still being
    written, is skipped for the next older one. The folder or file itself going away is a lost camera.
    """

    def __init__(self, path: Path, frames_per_second: float = 25.0) -> None:
        self._path, self._pause = path, 1 / frames_per_second
        self._shown: tuple[_File, Image] | None = None
        self._due: float | None = None

    def open(self) -> None:
        if not self._path.exists():
            raise CameraAbsent(f"There is no picture or folder {self._path}.")
        self._due = monotonic()

    def read(self) -> Image:
        if self._due is None:
            raise CameraLost("The camera is not open.")
        self._due = max(self._due + self._pause, monotonic())
        sleep(max(0.0, self._due - monotonic()))
        try:
            return self._newest()
        except OSError as fault:
            raise CameraLost(f"{self._path} cannot be read any more: {fault.strerror}.") from fault

    def close(self) -> None:
        self._due = None

    def _newest(self) -> Image:
        for file in _pictures(self._path):
            if self._shown is not None and self._shown[0] == file:
                return self._shown[1]
            image = _decoded(file.path)
            if image is not None:
                self._shown = (file, _before_camera(image))
                return self._shown[1]
        return np.full((HEIGHT, WIDTH, 3), _DARK, np.uint8)


def _pictures(path: Path) -> list[_File]:
    """Newest first. Raises `OSError` if `path` is gone."""
    if not path.is_dir():
        return [_file(path)]
    found = []
    with os.scandir(path) as entries:
        for entry in entries:
            name = entry.name
            if Path(name).suffix.lower() in _SUFFIXES and not name.startswith("."):
                with suppress(FileNotFoundError):
                    found.append(_file(Path(entry.path)))
    return sorted(found, key=lambda file: (file.changed, file.path.name), reverse=True)


def _file(path: Path) -> _File:
    about = path.stat()
    return _File(path, about.st_mtime_ns, about.st_size)


def _decoded(path: Path) -> Image | None:
    with suppress(OSError, cv2.error):
        content = path.read_bytes()
        if content.rstrip(b"\x00").endswith(_ENDS.get(path.suffix.lower(), b"")):
            image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
            return None if image is None else np.asarray(image, np.uint8)
    return None


def _before_camera(image: Image) -> Image:
    height, width = image.shape[:2]
    fit = min(WIDTH / width, HEIGHT / height)
    if fit < 1:
        size = (max(1, round(width * fit)), max(1, round(height * fit)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    elif fit * _SMALL >= 2:
        image = image.repeat(int(fit * _SMALL), 0).repeat(int(fit * _SMALL), 1)
    frame = np.full((HEIGHT, WIDTH, 3), _BACKGROUND, np.uint8)
    top, left = (HEIGHT - image.shape[0]) // 2, (WIDTH - image.shape[1]) // 2
    frame[top : top + image.shape[0], left : left + image.shape[1]] = image
    return frame
