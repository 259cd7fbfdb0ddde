"""The camera as the window hears of it: pictures of real codes through the real decoder."""

from collections.abc import Iterator
from threading import Lock
from time import sleep

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from bench.scene import HEIGHT, WIDTH, Shot, photograph
from kiosk.devices.frame import Image
from kiosk.qt.camera_feed import CameraFeed
from kiosk.ui.views import Outline

AWAY = 0.3
HELD = 30
"""Pictures for which a code is held: more than a second at a camera."""


class Hand:
    """A camera before which something is held."""

    def __init__(self) -> None:
        self._lock, self._image = Lock(), room()
        self.shown = 0

    def hold(self, image: Image) -> None:
        with self._lock:
            self._image, self.shown = image, 0

    def open(self) -> None:
        return

    def read(self) -> Image:
        sleep(0.005)
        with self._lock:
            self.shown += 1
            return self._image

    def close(self) -> None:
        return


class Heard:
    def __init__(self, feed: CameraFeed) -> None:
        self.scanned: list[str] = []
        self.several: list[tuple[str, ...]] = []
        self.pictures = 0
        self.outlines: tuple[Outline, ...] = ()
        feed.scanned.connect(self.scanned.append)
        feed.several.connect(self._several)
        feed.pictured.connect(self._pictured)

    def _several(self, codes: tuple[str, ...]) -> None:
        self.several.append(codes)

    def _pictured(self, picture: QImage, outlines: tuple[Outline, ...]) -> None:
        assert (picture.width(), picture.height()) == (WIDTH, HEIGHT)
        self.pictures, self.outlines = self.pictures + 1, outlines


def rng() -> np.random.Generator:
    return np.random.default_rng(20_261_127)


def room() -> Image:
    return np.full((HEIGHT, WIDTH), 90, np.uint8)


def code(text: str, across: float = 0.5) -> Image:
    return photograph(Shot(text, module=4.0, centre=(WIDTH * across, HEIGHT / 2)), rng()).image


def beside(left: str, right: str) -> Image:
    image = code(left, 0.25).copy()
    image[:, WIDTH // 2 :] = code(right, 0.75)[:, WIDTH // 2 :]
    return image


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def feed(hand: Hand, qtbot: QtBot) -> Iterator[CameraFeed]:
    feed = CameraFeed(hand, away=AWAY)
    yield feed
    feed.stop()


@pytest.fixture
def heard(feed: CameraFeed) -> Heard:
    heard = Heard(feed)
    feed.start()
    return heard


def look_at(heard: Heard, hand: Hand, image: Image, qtbot: QtBot) -> None:
    """Until so many pictures of it were shown and looked into."""
    hand.hold(image)
    # Those of what was held before are on their way.
    QCoreApplication.processEvents()
    begun = heard.pictures
    qtbot.waitUntil(lambda: heard.pictures > begun + HELD, timeout=60_000)


def test_a_code_that_is_held_is_scanned_once_and_outlined_as_long_as_it_is_there(
    hand: Hand, heard: Heard, qtbot: QtBot
) -> None:
    look_at(heard, hand, code("TICKET-A"), qtbot)
    assert (heard.scanned, heard.several) == (["TICKET-A"], [])
    assert len(heard.outlines) == 1
    look_at(heard, hand, room(), qtbot)
    assert not heard.outlines


def test_a_code_that_comes_back_after_it_was_away_is_scanned_again(
    hand: Hand, heard: Heard, qtbot: QtBot
) -> None:
    look_at(heard, hand, code("TICKET-A"), qtbot)
    hand.hold(room())
    qtbot.wait(int(AWAY * 2_000))
    look_at(heard, hand, code("TICKET-A"), qtbot)
    assert heard.scanned == ["TICKET-A", "TICKET-A"]


def test_the_next_code_is_scanned_at_once(hand: Hand, heard: Heard, qtbot: QtBot) -> None:
    look_at(heard, hand, code("TICKET-A"), qtbot)
    look_at(heard, hand, code("TICKET-B"), qtbot)
    assert heard.scanned == ["TICKET-A", "TICKET-B"]


def test_of_two_codes_in_one_picture_neither_is_scanned_and_both_are_asked_for_once(
    hand: Hand, heard: Heard, qtbot: QtBot
) -> None:
    look_at(heard, hand, beside("TICKET-A", "TICKET-B"), qtbot)
    assert heard.scanned == []
    assert [sorted(codes) for codes in heard.several] == [["TICKET-A", "TICKET-B"]]
    assert len(heard.outlines) == 2


def test_a_room_without_a_code_says_nothing(hand: Hand, heard: Heard, qtbot: QtBot) -> None:
    look_at(heard, hand, rng().integers(0, 256, (HEIGHT, WIDTH), np.uint8), qtbot)
    assert (heard.scanned, heard.several, heard.outlines) == ([], [], ())
