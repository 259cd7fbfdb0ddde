"""What is held into the simulated camera: real QR pictures before a door, and the door alone."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import qrcode
from PIL import Image, ImageDraw, ImageFilter

_SIZE = (1280, 720)
_AWAY = 1.7
"""Seconds after which a code that went out of view counts as new."""


class Hand:
    """Holds one picture at a time into a kiosk's camera, which shows the newest file of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._before: str | None = None
        self._show(_door())

    @contextmanager
    def holding(self, code: str) -> Iterator[None]:
        """Shows a code as long as the context lasts."""
        if code == self._before:
            time.sleep(_AWAY)
        self._before = code
        self._show(_phone(code))
        try:
            yield
        finally:
            self._show(_door())

    def _show(self, picture: Image.Image) -> None:
        """Puts the whole file there at once: a camera never sees half of a picture."""
        self._number += 1
        path = self._folder / f"{self._number:05}.png"
        part = self._folder / "next.part"
        picture.save(part, "PNG", compress_level=1)
        os.replace(part, path)
        for old in self._folder.glob("*.png"):
            if old != path:
                old.unlink(missing_ok=True)


@cache
def _door() -> Image.Image:
    """A doorway with daylight behind it, out of focus, as the camera sees it over whoever comes."""
    scene = Image.new("RGB", _SIZE, "#75706a")
    draw = ImageDraw.Draw(scene)
    draw.polygon(((0, 720), (1280, 720), (900, 430), (380, 430)), fill="#4d463f")
    draw.rectangle((430, 60, 850, 560), fill="#b9c6cf")
    draw.polygon(((430, 560), (850, 560), (770, 420), (510, 420)), fill="#8f958f")
    for left, right in ((405, 430), (850, 875), (634, 646)):
        draw.rectangle((left, 60, right, 560), fill="#2f2b28")
    draw.rectangle((405, 40, 875, 64), fill="#2f2b28")
    for x, tall in ((520, 190), (735, 230)):
        draw.ellipse((x - 26, 520 - tall, x + 26, 572 - tall), fill="#4a4f5c")
        draw.rounded_rectangle((x - 48, 568 - tall, x + 48, 570), 40, fill="#4a4f5c")
    for x in (150, 1130):
        draw.ellipse((x - 60, 90, x + 60, 210), fill="#e9dcc0")
    return scene.filter(ImageFilter.GaussianBlur(9))


def _phone(code: str) -> Image.Image:
    """A ticket on a phone, a little askew, held into the picture."""
    drawn = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=7, border=4)
    drawn.add_data(code)
    ticket = drawn.make_image().get_image().convert("RGB")
    wide, high = ticket.width + 60, 640
    phone = Image.new("RGBA", (wide, high))
    draw = ImageDraw.Draw(phone)
    draw.rounded_rectangle((0, 0, wide - 1, high - 1), 44, fill="#14161a")
    draw.rounded_rectangle((16, 16, wide - 17, high - 17), 32, fill="white")
    phone.paste(ticket, (30, (high - ticket.height) // 2))
    phone = phone.rotate(4, Image.Resampling.BICUBIC, expand=True)
    scene = _door().copy()
    scene.paste(phone, ((_SIZE[0] - phone.width) // 2, (_SIZE[1] - phone.height) // 2), phone)
    return scene
