"""The staff PIN, and how wrong tries slow it down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import HOUR, MINUTE, SECOND, Instant
from domain.errors import Invalid
from kiosk.desk.pin import Failures, NoPin, Pin, Right, TooSoon, Wrong, delay, left
from kiosk.store.store import Store
from tests.builders import ManualClock
from tests.kiosk.sample import NOON

_QUICK = PasswordHasher(time_cost=1, memory_cost=64)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(Instant(NOON))


@pytest.fixture
def pin(store: Store, clock: ManualClock) -> Pin:
    pin = Pin(store.settings, clock, _QUICK)
    pin.set("2580")
    return pin


def test_the_right_pin_opens_and_a_wrong_one_does_not(pin: Pin) -> None:
    assert pin.check("2580") == Right()
    assert pin.check("2581") == Wrong(0)
    assert pin.check("") == Wrong(0)


def test_before_one_was_set_there_is_none(store: Store, clock: ManualClock) -> None:
    pin = Pin(store.settings, clock, _QUICK)
    assert not pin.is_set
    assert pin.check("0000") == NoPin()


def test_the_pin_itself_is_kept_nowhere(pin: Pin, store: Store, tmp_path: Path) -> None:
    assert store.settings.get("pin_hash").startswith("$argon2id$")
    store.close()
    assert all(b"2580" not in path.read_bytes() for path in tmp_path.iterdir())


def test_wrong_tries_make_the_next_one_wait_and_the_right_pin_too(pin: Pin, clock: ManualClock) -> None:
    assert [pin.check("0000") for _ in range(3)] == [Wrong(0), Wrong(0), Wrong(5 * SECOND)]
    assert pin.check("2580") == TooSoon(5 * SECOND)
    clock.forward(5 * SECOND)
    assert pin.check("0000") == Wrong(10 * SECOND)
    clock.forward(10 * SECOND)
    assert pin.check("2580") == Right()
    assert pin.check("0000") == Wrong(0)


def test_switching_the_kiosk_off_forgives_nothing(pin: Pin, store: Store, clock: ManualClock) -> None:
    for _ in range(3):
        pin.check("0000")
    assert Pin(store.settings, clock, _QUICK).check("2580") == TooSoon(5 * SECOND)


def test_a_clock_that_is_set_back_locks_nobody_out_for_long() -> None:
    assert left(Failures(4, Instant(NOON + HOUR)), Instant(NOON)) == delay(4)


@pytest.mark.parametrize("wrong", ["", "123", "12 34", "abcd", "1" * 13, "١٢٣٤"])
def test_a_pin_is_four_to_twelve_digits(pin: Pin, wrong: str) -> None:
    with pytest.raises(Invalid, match="4 to 12 digits"):
        pin.set(wrong)


@given(st.text())
def test_any_text_may_be_tried(text: str) -> None:
    class Kept(dict[str, str]):
        def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
            return super().get(name, default)

        def put(self, name: str, value: str) -> None:
            self[name] = value

    pin = Pin(Kept(), ManualClock(Instant(NOON)), _QUICK)
    pin.set("2580")
    assert isinstance(pin.check(text), Right) == (text == "2580")


@given(st.integers(0, 10_000))
def test_waits_grow_and_end_at_a_quarter_of_an_hour(failures: int) -> None:
    assert 0 <= delay(failures) <= delay(failures + 1) <= 15 * MINUTE
