"""What gives pictures, and a camera of this computer through OpenCV."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import cv2
import numpy as np

from kiosk.devices.cameras import CameraInfo, cameras, chosen
from kiosk.devices.frame import HEIGHT, WIDTH, Image

# Looking for a camera that is not there is a normal day, and no reason to write on the terminal.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


class CameraFault(Exception):
    """The text is in English; `why` stands for it in a table of texts, and is empty for what has none there;
    `name` is the camera's."""

    def __init__(self, words: str, why: str = "", name: str = "") -> None:
        super().__init__(words)
        self.why, self.name = why, name


class CameraAbsent(CameraFault):
    """There is no such camera to open."""


class CameraLost(CameraFault):
    """The camera was open, and gives no more pictures."""


class Camera(Protocol):
    """Opened, read and closed by one thread. Closing twice, or without opening, does nothing."""

    def open(self) -> None:
        """Raises `CameraAbsent`."""
        ...

    def read(self) -> Image:
        """The next picture, blue-green-red, waiting for it. Raises `CameraLost`."""
        ...

    def close(self) -> None: ...


class OpenCvCamera:
    """A camera of this computer, `wanted` by its name or number, the first if that is empty.

    It is looked up anew at each opening: who plugs a camera in again may find it under another number.
    """

    _MISSES = 3
    """A camera drops a picture now and then; so many in a row, and it is gone."""

    def __init__(self, wanted: str = "", listed: Callable[[], Sequence[CameraInfo]] = cameras) -> None:
        self._wanted, self._listed = wanted, listed
        self._capture: cv2.VideoCapture | None = None

    def open(self) -> None:
        self.close()
        info = chosen(self._wanted, self._listed())
        if info is None:
            raise _not_there(self._wanted)
        capture = cv2.VideoCapture(info.source, info.backend)
        if not capture.isOpened():
            capture.release()
            busy = f"{info.name} does not open: close other programs that use it."
            raise CameraAbsent(busy, "busy", info.name)
        _tune(capture)
        self._capture = capture

    def read(self) -> Image:
        if self._capture is None:
            raise CameraLost("The camera is not open.")
        for _ in range(self._MISSES):
            with suppress(cv2.error):
                good, image = self._capture.read()
                if good and image is not None and image.size:
                    return np.asarray(image, np.uint8)
        raise CameraLost("The camera gives no more pictures: check its cable.", "stopped")

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None


def _not_there(wanted: str) -> CameraAbsent:
    if wanted:
        return CameraAbsent(f"No camera {wanted!r} is plugged in.", "missing", wanted)
    return CameraAbsent("No camera is plugged in.", "none")


def _tune(capture: cv2.VideoCapture) -> None:
    """Asks for what a code needs; a camera that cannot do it goes on as it does.

    MJPG because raw pictures of this size come at 10 a second through USB 2, one buffer because each
    further one is a picture that is older.
    """
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
