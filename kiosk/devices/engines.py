"""The engines that read QR codes out of a grey picture, each restricted to QR: other symbologies cost time
and invent readings."""

import cv2
import zxingcpp
from pyzbar import pyzbar

from kiosk.devices.frame import Image
from kiosk.devices.reading import Corners

# The decoder has a thread of its own beside the window's: more threads would only take turns with both.
cv2.setNumThreads(1)

Found = tuple[str, Corners]
"""A text, and the corners of its code."""


def zxing(image: Image) -> list[Found]:
    """zxing-cpp: the strongest single engine, and the fastest."""
    read = zxingcpp.read_barcodes(
        image,
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [(code.text, _zxing_corners(code.position)) for code in read if code.valid and code.text]


def zbar(image: Image) -> list[Found]:
    """zbar finds some codes that zxing-cpp does not, at small sizes above all."""
    found = []
    for code in pyzbar.decode(image, symbols=[pyzbar.ZBarSymbol.QRCODE]):
        try:
            text = code.data.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if text and len(code.polygon) == 4:
            a, b, c, d = ((float(x), float(y)) for x, y in code.polygon)
            found.append((text, (a, b, c, d)))
    return found


def _zxing_corners(place: zxingcpp.Position) -> Corners:
    a, b, c, d = (
        (float(point.x), float(point.y))
        for point in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    )
    return a, b, c, d
