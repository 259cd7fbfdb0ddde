"""The camera as the window sees it: pictures to show, and codes as they come into view."""

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from kiosk.devices.camera import Camera, CameraFault
from kiosk.devices.decoder import Decoder
from kiosk.devices.frame import Image
from kiosk.devices.grabber import CameraState, Grabber
from kiosk.devices.presence import AWAY_SECONDS, Presence
from kiosk.devices.reading import Reading
from kiosk.ui.text import text
from kiosk.ui.views import Health, Outline

_HEALTH = {
    CameraState.RUNNING: Health.READY,
    CameraState.ABSENT: Health.ABSENT,
    CameraState.LOST: Health.TROUBLE,
}
_WAIT = 0.1
_STOP_SECONDS = 1.0


class CameraFeed(QObject):
    """Decodes on a thread of its own. Each picture is shown before it is looked into, so that the picture
    never waits for the decoder."""

    pictured = Signal(QImage, object)
    """A picture, and the outlines of the codes that the picture before it held."""
    scanned = Signal(str)
    several = Signal(tuple)
    """Texts of several codes that are in view together: a person must say which one is meant."""
    changed = Signal(str, str)
    """The camera's health, and words on what to do where it gives no pictures."""

    def __init__(
        self, camera: Camera, decoder: Callable[[], Decoder] = Decoder, away: float = AWAY_SECONDS
    ) -> None:
        super().__init__()
        self._grabber = Grabber(camera, self._told)
        self._decoder, self._presence = decoder, Presence(away)
        self._ending = Event()
        self._thread = Thread(target=self._run, name="usher-decoder", daemon=True)

    @property
    def state(self) -> CameraState:
        return self._grabber.state

    def start(self) -> None:
        self._grabber.start()
        self._thread.start()

    def stop(self) -> None:
        """Within two seconds."""
        self._ending.set()
        self._grabber.stop()
        self._thread.join(_STOP_SECONDS)

    def _told(self, state: CameraState, fault: Exception | None) -> None:
        self.changed.emit(_HEALTH[state].value, _words(fault))

    def _run(self) -> None:
        decoder, sequence = self._decoder(), -1
        outlines: tuple[Outline, ...] = ()
        while not self._ending.is_set():
            frame = self._grabber.latest(sequence, _WAIT)
            if frame is None:
                continue
            sequence = frame.sequence
            self.pictured.emit(_picture(frame.image), outlines)
            readings = decoder.read(frame.image)
            outlines = tuple(Outline(reading.corners) for reading in readings)
            self._tell(readings)

    def _tell(self, readings: tuple[Reading, ...]) -> None:
        sight = self._presence.seen(readings, monotonic())
        if not sight.new:
            return
        if sight.several:
            self.several.emit(tuple(dict.fromkeys(reading.text for reading in readings)))
        else:
            self.scanned.emit(sight.new[0])


def _words(fault: Exception | None) -> str:
    """What has words in the reader's language; whatever else a driver says stands as it is."""
    if isinstance(fault, CameraFault) and fault.why:
        return text(f"camera.{fault.why}", name=fault.name)
    return "" if fault is None else str(fault)


def _picture(image: Image) -> QImage:
    """A copy that is the window's own."""
    pixels = np.ascontiguousarray(image)
    height, width = pixels.shape[:2]
    form = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else QImage.Format.Format_BGR888
    return QImage(pixels.data, width, height, pixels.strides[0], form).copy()
