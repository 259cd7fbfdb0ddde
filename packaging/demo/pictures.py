"""What is held into the simulated camera: real QR pictures, and nothing."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import qrcode
from PIL import Image

_SIZE = (1280, 720)
_AWAY = 1.7
"""Seconds after which a code that went out of view counts as new."""


class Hand:
    """Holds one picture at a time into a kiosk's camera, which shows the newest file of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._before: str | None = None

    @contextmanager
    def holding(self, code: str) -> Iterator[None]:
        """Shows a code as long as the context lasts."""
        if code == self._before:
            time.sleep(_AWAY)
        self._before = code
        self._show(_qr(code))
        try:
            yield
        finally:
            self._show(Image.new("RGB", _SIZE, "#d8d4cc"))

    def _show(self, picture: Image.Image) -> None:
        """Puts the whole file there at once: a camera never sees half of a picture."""
        self._number += 1
        path = self._folder / f"{self._number:05}.png"
        part = self._folder / "next.part"
        picture.save(part, "PNG")
        os.replace(part, path)
        for old in self._folder.glob("*.png"):
            if old != path:
                old.unlink(missing_ok=True)


def _qr(code: str) -> Image.Image:
    """A ticket on a phone, a little askew, as a door sees it."""
    drawn = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=8, border=4)
    drawn.add_data(code)
    phone = drawn.make_image().get_image().convert("RGB").rotate(4, expand=True, fillcolor="white")
    scene = Image.new("RGB", _SIZE, "#d8d4cc")
    scene.paste(phone, ((_SIZE[0] - phone.width) // 2, (_SIZE[1] - phone.height) // 2))
    return scene
