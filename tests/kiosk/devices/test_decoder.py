"""The decoder on real pictures: what it reads, what it never makes up, and that it keeps to its time."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
import zxingcpp

from bench import damage
from bench.scene import HEIGHT, WIDTH, Shot, held, photograph
from kiosk.devices.attempts import FIRST, SECOND, Attempt
from kiosk.devices.decoder import BUDGET, Decoder
from kiosk.devices.engines import Found
from kiosk.devices.frame import Image
from kiosk.devices.reading import Reading

_SEED = 20_261_127
_EACH = 8
_ALL = 60.0
"""Seconds in which every attempt is made, on any machine."""


def rng(*more: int) -> np.random.Generator:
    return np.random.default_rng((_SEED, *more))


def texts(readings: tuple[Reading, ...]) -> list[str]:
    return sorted(reading.text for reading in readings)


def middle(reading: Reading) -> tuple[float, float]:
    x, y = np.mean(reading.corners, axis=0)
    return float(x), float(y)


def test_a_code_as_people_hold_it_is_read_at_the_first_try_and_its_place_is_told() -> None:
    for number in range(_EACH):
        shot = held(rng(number))
        scene = photograph(shot, rng(number))
        [reading] = Decoder().read(scene.image)
        assert (reading.text, reading.attempt) == (shot.text, FIRST.name)
        assert np.abs(np.subtract(reading.corners, scene.corners)).max() < 3 * scene.module


def test_a_picture_in_colour_is_read_as_one_in_grey() -> None:
    shot = held(rng(1))
    colour = np.asarray(cv2.cvtColor(photograph(shot, rng(1)).image, cv2.COLOR_GRAY2BGR), np.uint8)
    assert texts(Decoder().read(colour)) == [shot.text]


def test_two_codes_in_one_picture_are_both_read_each_at_its_place() -> None:
    left, right = (replace(held(rng(n)), module=4.0, centre=(0.0, 0.0)) for n in (1, 2))
    image = two(
        replace(left, centre=(WIDTH * 0.25, HEIGHT / 2)), replace(right, centre=(WIDTH * 0.75, HEIGHT / 2))
    )
    readings = Decoder().read(image)
    assert texts(readings) == sorted((left.text, right.text))
    places = {reading.text: middle(reading)[0] for reading in readings}
    assert places[left.text] < WIDTH / 2 < places[right.text]


def two(left: Shot, right: Shot) -> Image:
    """Each in its half of the picture."""
    image = photograph(left, rng(1)).image.copy()
    image[:, WIDTH // 2 :] = photograph(right, rng(2)).image[:, WIDTH // 2 :]
    return image


@pytest.mark.parametrize("kind", damage.KINDS)
def test_at_least_half_of_damaged_pictures_are_read_and_nothing_is_made_up_in_any(kind: str) -> None:
    found = [reading_of(kind, number) for number in range(_EACH)]
    right = sum(reading is not None for reading in found)
    assert right >= _EACH / 2 or kind in _BEYOND


_BEYOND = ("rolled", "crumpled")
"""Kinds of which no engine reads the sharpest pictures."""


def reading_of(kind: str, number: int) -> Reading | None:
    """What is read in a picture of that kind: its code, or nothing."""
    image, text = damage.picture(kind, rng(number, damage.KINDS.index(kind)))
    readings = Decoder().decode(image, _ALL)
    assert texts(readings) in ([], [text])
    return readings[0] if readings else None


def test_second_tries_read_what_the_first_one_misses() -> None:
    """Else they would only take time."""
    found = [reading_of(kind, number) for kind in ("defocus", "noise", "moire") for number in range(_EACH)]
    helped = {reading.attempt for reading in found if reading} - {FIRST.name}
    assert len(helped) >= 3


def test_pictures_without_a_code_read_as_nothing_whatever_is_tried() -> None:
    decoder = Decoder()
    for number in range(20):
        assert decoder.decode(damage.empty(rng(number)), _ALL) == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Code128", "USHER-2026"),
        ("Code39", "USHER2026"),
        ("EAN13", "4006381333931"),
        ("ITF", "12345678"),
        ("Aztec", "USHER-2026"),
        ("DataMatrix", "USHER-2026"),
        ("PDF417", "USHER-2026"),
        ("MaxiCode", "USHER-2026"),
    ],
)
def test_other_symbologies_read_as_nothing(name: str, content: str) -> None:
    image = before_camera(name, content)
    [there] = zxingcpp.read_barcodes(image)
    assert there.text == content
    assert Decoder().decode(image, _ALL) == ()


def before_camera(name: str, content: str) -> Image:
    code = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, name))
    drawn = np.asarray(zxingcpp.write_barcode_to_image(code, scale=4), np.uint8)
    image = np.full((HEIGHT, WIDTH), 235, np.uint8)
    top, left = (HEIGHT - drawn.shape[0]) // 2, (WIDTH - drawn.shape[1]) // 2
    image[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return image


class Hours:
    """A clock that only attempts move on, each by what it takes."""

    def __init__(self) -> None:
        self.now = 0.0
        self.made: list[str] = []

    def __call__(self) -> float:
        return self.now

    def attempt(self, name: str, takes: float, *, usual: float | None = None, reads: str = "") -> Attempt:
        def engine(image: Image) -> list[Found]:
            self.now += takes
            self.made.append(name)
            corner = (0.0, 0.0)
            return [(reads, (corner, corner, corner, corner))] if reads else []

        return Attempt(name, engine, lambda image: (image, 1.0, 0.0, 0.0), takes if usual is None else usual)


@pytest.fixture
def hours() -> Hours:
    return Hours()


_DARK: Image = np.zeros((8, 8), np.uint8)


def decoder(hours: Hours, *more: Attempt, first: Callable[[Hours], Attempt] | None = None) -> Decoder:
    begin = first(hours) if first else hours.attempt("first", 0.001)
    return Decoder(more, begin, hours)


def test_a_picture_that_is_read_at_once_takes_no_second_try(hours: Hours) -> None:
    more = hours.attempt("second", 0.002)
    of = decoder(hours, more, first=lambda hours: hours.attempt("first", 0.001, reads="A"))
    assert texts(of.decode(_DARK)) == ["A"]
    assert hours.made == ["first"]


def test_a_try_is_begun_only_if_it_fits_into_what_is_left_of_the_budget(hours: Hours) -> None:
    tries = [hours.attempt(f"try {number}", 0.008) for number in range(9)]
    of = decoder(hours, *tries, hours.attempt("quick", 0.0005))
    of.decode(_DARK)
    assert hours.made == ["first", "try 0", "try 1", "try 2", "quick"]
    assert hours.now <= BUDGET


@pytest.mark.parametrize("way", ["read", "decode"])
def test_no_picture_takes_longer_than_its_budget_where_tries_take_what_they_usually_do(
    hours: Hours, way: str
) -> None:
    of = decoder(hours, *(hours.attempt(f"try {number}", 0.001 * number) for number in range(1, 9)))
    for _ in range(50):
        began = hours.now
        getattr(of, way)(_DARK)
        assert hours.now - began <= BUDGET


def test_a_try_that_turns_out_slow_is_soon_left_out(hours: Hours) -> None:
    of = decoder(hours, hours.attempt("slow", 0.1, usual=0.002), hours.attempt("quick", 0.001))
    for _ in range(10):
        of.decode(_DARK)
    assert hours.made.count("slow") < 3
    hours.made.clear()
    of.decode(_DARK)
    assert hours.made == ["first", "quick"]


def test_pictures_of_a_stream_share_the_tries_so_that_each_has_its_turn(hours: Hours) -> None:
    names = [attempt.name for attempt in SECOND]
    of = decoder(hours, *(hours.attempt(name, 0.003) for name in names))
    most = 0.0
    for _ in range(len(names)):
        began = hours.now
        of.read(_DARK)
        most = max(most, hours.now - began)
    assert set(names) <= set(hours.made)
    assert most < BUDGET / 2


def test_a_stream_goes_on_with_the_try_that_read_the_picture_before(hours: Hours) -> None:
    tries = [hours.attempt(f"try {number}", 0.003, reads="A" if number == 4 else "") for number in range(6)]
    of = decoder(hours, *tries)
    while not of.read(_DARK):
        pass
    hours.made.clear()
    assert texts(of.read(_DARK)) == ["A"]
    assert hours.made == ["first", "try 4"]


def test_a_try_that_no_picture_of_a_stream_has_room_for_keeps_none_of_the_others_waiting(
    hours: Hours,
) -> None:
    of = decoder(hours, hours.attempt("long", 1.0), *(hours.attempt(f"try {n}", 0.004) for n in range(4)))
    for _ in range(4):
        of.read(_DARK)
    assert "long" not in hours.made
    assert {f"try {n}" for n in range(4)} <= set(hours.made)
