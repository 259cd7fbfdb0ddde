"""Faces that the camera is for."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QImage

from kiosk.ui.views import Health, Outline


@runtime_checkable
class Sighted(Protocol):
    """Is shown the camera's pictures, and told what it reads.

    `watches`: from when it is shown on; else it asks for the camera when it needs it.
    """

    watches: bool

    def several(self, codes: tuple[str, ...]) -> None: ...
    def pictured(self, picture: QImage, outlines: Sequence[Outline]) -> None: ...
    def camera_is(self, health: Health, words: str) -> None: ...
