"""QR pictures, read by a decoder."""

import re

import cv2
import numpy
import zxingcpp
from numpy.typing import NDArray

from server import qr

TEXTS = ("U0123 $%*+-./:ABC", "usher://pair?server=http%3A%2F%2Fa&code=ABCD-EFGH", "ü " * 120, "x")


def read(picture: NDArray[numpy.uint8]) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def drawn(svg: str) -> NDArray[numpy.uint8]:
    """The picture of an SVG that is made of dark squares, 8 pixels each."""
    size = int(re.findall(r'viewBox="0 0 (\d+) ', svg)[0])
    picture = numpy.full((size, size), 255, numpy.uint8)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg):
        picture[int(y), int(x)] = 0
    return picture.repeat(8, 0).repeat(8, 1)


def test_both_kinds_of_picture_say_the_text() -> None:
    for text in TEXTS:
        png = cv2.imdecode(numpy.frombuffer(qr.png(text), numpy.uint8), cv2.IMREAD_GRAYSCALE)
        assert png is not None
        assert read(png.astype(numpy.uint8)) == [text]
        assert read(drawn(qr.svg(text))) == [text]


def test_a_picture_has_a_quiet_zone_of_four_modules() -> None:
    picture = drawn(qr.svg("x"))
    assert picture.shape == (29 * 8, 29 * 8)
    assert picture[: 4 * 8].min() == picture[:, -4 * 8 :].min() == 255
    assert picture[4 * 8, 4 * 8] == 0
