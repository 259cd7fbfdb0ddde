"""What is done to a picture that an engine could not read: each attempt prepares it in one way."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from kiosk.devices.engines import Found, zbar, zxing
from kiosk.devices.frame import Image

Prepared = tuple[Image, float, float, float]
"""A picture, its scale, and where its left upper corner lies in the picture that it was made of."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """`cost` is the first guess of its seconds at 1280×720; what it really takes is measured as it runs."""

    name: str
    engine: Callable[[Image], list[Found]]
    prepare: Callable[[Image], Prepared]
    cost: float


def _whole(image: Image) -> Prepared:
    return image, 1.0, 0.0, 0.0


def _gamma(power: float) -> Callable[[Image], Prepared]:
    table = np.clip(255 * (np.arange(256) / 255) ** power, 0, 255).astype(np.uint8)

    def prepare(image: Image) -> Prepared:
        return _whole(_u8(cv2.LUT(image, table)))

    return prepare


def _eroded(image: Image) -> Prepared:
    """Closes the gaps that glare and poor print leave in dark modules, then cuts at one threshold."""
    grown = cv2.erode(image, np.ones((3, 3), np.uint8))
    _, cut = cv2.threshold(grown, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return _whole(_u8(cut))


def _half(image: Image) -> Prepared:
    height, width = image.shape[:2]
    return _u8(cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA)), 0.5, 0.0, 0.0


def _contrast(image: Image) -> Prepared:
    return _whole(_u8(cv2.createCLAHE(3.0, (8, 8)).apply(image)))


def _centre(image: Image) -> Prepared:
    """The middle half, twice as large: codes that are small or far away are held to the middle."""
    height, width = image.shape[:2]
    top, left = height // 4, width // 4
    part = image[top : top + height // 2, left : left + width // 2]
    return (
        _u8(cv2.resize(part, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)),
        2.0,
        float(left),
        float(top),
    )


def _sharp(image: Image) -> Prepared:
    soft = cv2.GaussianBlur(image, (0, 0), 2.0)
    return _whole(_u8(cv2.addWeighted(image, 2.2, soft, -1.2, 0)))


def _smooth(image: Image) -> Prepared:
    return _whole(_u8(cv2.medianBlur(image, 5)))


def _u8(image: object) -> Image:
    return np.asarray(image, np.uint8)


FIRST = Attempt("plain", zxing, _whole, 0.001)
SECOND = (
    Attempt("gamma 2", zxing, _gamma(2.0), 0.0015),
    Attempt("gamma 0.5", zxing, _gamma(0.5), 0.0015),
    Attempt("eroded", zxing, _eroded, 0.002),
    Attempt("smooth", zxing, _smooth, 0.002),
    Attempt("sharp", zxing, _sharp, 0.003),
    Attempt("zbar at half size", zbar, _half, 0.004),
    Attempt("local contrast", zxing, _contrast, 0.003),
    Attempt("centre enlarged", zxing, _centre, 0.004),
)
"""In the order of what they find for the time they take."""
