"""A thread that takes every picture of a camera and keeps the newest."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from threading import Condition, Event, Thread
from time import monotonic
from typing import TypeAlias

from kiosk.devices.camera import Camera
from kiosk.devices.frame import Frame, Image

_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
_STOP_SECONDS = 1.0


class CameraState(StrEnum):
    RUNNING = "running"
    ABSENT = "absent"
    """It has not given a picture yet."""
    LOST = "lost"
    """It gave pictures, and is gone."""


Tell: TypeAlias = Callable[[CameraState, Exception | None], None]
"""Told when the state or the fault behind it is another. Called on the grabber's thread."""


class Grabber:
    """OpenCV queues pictures, so that a slow reader sees old ones: this one reads as fast as they come.

    Started once, stopped once; `latest` and `state` may be asked on any thread. No fault of the camera
    reaches the caller: it is opened again after a pause, which grows to the last of `pauses` (seconds).
    """

    def __init__(
        self,
        camera: Camera,
        tell: Tell = lambda _state, _fault: None,
        pauses: Sequence[float] = _PAUSES,
    ) -> None:
        self._camera, self._tell, self._pauses = camera, tell, tuple(pauses)
        self._frame: Frame | None = None
        self._fresh = Condition()
        self._told: tuple[CameraState, str] | None = None
        self._ending = Event()
        self._thread = Thread(target=self._run, name="usher-camera", daemon=True)

    @property
    def state(self) -> CameraState:
        return self._told[0] if self._told else CameraState.ABSENT

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns within a second, also where the driver does not: its thread then ends with its answer."""
        self._ending.set()
        with self._fresh:
            self._fresh.notify_all()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def latest(self, after_sequence: int = -1, wait: float = 0.0) -> Frame | None:
        """The newest frame if it comes after `after_sequence`, waiting up to `wait` seconds for one.

        A camera that is gone leaves no frame: nobody decides by an old picture.
        """
        with self._fresh:
            self._fresh.wait_for(lambda: self._ending.is_set() or self._newer(after_sequence), wait)
            return self._frame if self._newer(after_sequence) else None

    def _newer(self, sequence: int) -> bool:
        return self._frame is not None and self._frame.sequence > sequence

    def _run(self) -> None:
        sequence = fails = 0
        while not self._ending.is_set():
            before = sequence
            try:
                self._camera.open()
                while not self._ending.is_set():
                    self._keep(self._camera.read(), sequence)
                    sequence += 1
            # A driver may raise whatever it likes; the picture comes back when the camera does.
            except Exception as fault:
                self._gone(CameraState.LOST if sequence else CameraState.ABSENT, fault)
            finally:
                with suppress(Exception):
                    self._camera.close()
            fails = 0 if sequence > before else fails + 1
            self._ending.wait(self._pauses[min(fails, len(self._pauses) - 1)])

    def _keep(self, image: Image, sequence: int) -> None:
        with self._fresh:
            self._frame = Frame(image, monotonic(), sequence)
            self._fresh.notify_all()
        self._become(CameraState.RUNNING, None)

    def _gone(self, state: CameraState, fault: Exception) -> None:
        with self._fresh:
            self._frame = None
        self._become(state, fault)

    def _become(self, state: CameraState, fault: Exception | None) -> None:
        said = "" if fault is None else str(fault)
        if (state, said) != self._told and not self._ending.is_set():
            self._told = (state, said)
            with suppress(Exception):
                self._tell(state, fault)
