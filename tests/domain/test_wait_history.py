"""What a line teaches about its waits."""

from dataclasses import replace

import pytest

from domain.clock import HOUR, MINUTE, Instant
from domain.queue import State
from domain.wait_history import NONE, dump, learn, load
from tests.domain.lines import later, served, taught


def test_only_who_was_served_to_the_end_counts_as_a_service() -> None:
    known = taught(
        [
            served(1, 10),
            served(2, 3, state=State.NO_SHOW),
            served(3, 200, served=None),
            served(4, 50, state=State.EXPIRED),
            replace(served(5, 9, state=State.LEFT), called=None, counter=None, waited=None),
        ]
    )
    assert known.services == {"general": (10 * MINUTE,)}


def test_the_way_to_the_counter_keeps_it_too_but_a_hold_does_not() -> None:
    walked = served(1, 12, served=10 * MINUTE)
    held = served(2, 60, served=10 * MINUTE)
    assert taught([walked, held]).services["general"] == (13 * MINUTE, 12 * MINUTE)


def test_calls_to_which_nobody_came_are_a_share_of_all() -> None:
    known = taught(
        [served(n, 10) for n in range(60)] + [served(n, 3, state=State.NO_SHOW) for n in range(30)]
    )
    assert 0.25 < known.absent < 1 / 3
    assert set(known.absences) == {3 * MINUTE}


def test_what_has_been_slow_lately_is_expected_to_stay_slow() -> None:
    usual = [served(n, 10) for n in range(20, 120)]
    assert learn([*usual, *(served(n, 20) for n in range(6))], later(10)).lately > 1.2
    assert learn(usual, later(10)).lately == pytest.approx(1)


def test_a_slow_counter_is_known() -> None:
    known = taught([served(n, 15 if n % 2 else 5, counter=str(n % 2)) for n in range(200)])
    assert known.speeds["0"] < 0.8 < 1.2 < known.speeds["1"]


def test_a_counter_that_rests_every_noon_is_known_to() -> None:
    days = [served(n + 96 * day, 14) for day in range(1, 5) for n in range(96) if not 4 <= n < 8]
    shifts = taught([replace(one, joined=Instant((one.called or 0) - HOUR)) for one in days]).shifts["0"]
    assert (shifts[0][1], shifts[1][0]) == (620, 675)


def test_forecasts_that_fall_short_are_lengthened_and_few_of_them_hardly() -> None:
    short = (5 * MINUTE, 8 * MINUTE, 9 * MINUTE)
    few, many = (
        taught([served(n, waited=17 * MINUTE, foretold=short) for n in range(count)]) for count in (3, 300)
    )
    assert 1 < few.correction[1] < 1.1
    assert 1.8 < many.correction[1] < 2
    assert (few.outcomes, many.outcomes) == (3, 300)


def test_forecasts_that_hold_as_often_as_they_say_stay_as_they_are() -> None:
    told = (50 * MINUTE, 80 * MINUTE, 90 * MINUTE)
    known = taught([served(n, waited=(n % 100) * MINUTE, foretold=told) for n in range(300)])
    assert known.correction == pytest.approx((1, 1, 1), abs=0.03)


def test_arrivals_are_of_those_who_come_without_a_booking() -> None:
    known = taught([served(n, booked=n % 2 == 0) for n in range(192)])
    assert sum(known.arrivals["normal"]) * 60 * MINUTE == pytest.approx(48, rel=0.4)


def test_it_is_kept_to_the_second() -> None:
    known = taught([served(n, 10 + n % 7, counter=str(n % 3)) for n in range(300)])
    again = load(dump(known))
    assert dump(again) == dump(known)
    assert (again.services, again.pace, again.shifts) == (known.services, known.pace, known.shifts)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"services": 3}', "{", '{"pace": ["x"]}'])
def test_what_cannot_be_read_is_nothing_known(text: str) -> None:
    assert load(text).known == NONE.known == 0
