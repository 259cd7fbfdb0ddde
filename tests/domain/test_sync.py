from collections import Counter
from itertools import count, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import queue, sync
from domain.clock import LAST, MINUTE, SECOND, Instant, parse, rfc3339
from domain.sync import Kind, Scope, clock_offset, corrected, retry_delay, scope

instants = st.integers(0, LAST).map(Instant)
chances = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize("text", ["event:gala-2026", "servicePoint:s1", "contacts", "calendar"])
def test_a_scope_reads_as_it_is_written(text: str) -> None:
    assert str(scope(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "event",
        "event:",
        "event:a:b",
        "event:a b",
        "servicePoint:../x",
        "contacts:",
        "contacts:1",
        "Event:1",
        "room:1",
    ],
)
def test_what_is_no_scope_is_none(text: str) -> None:
    assert scope(text) is None


@given(
    st.text() | st.builds("{}:{}".format, st.sampled_from(["event", "servicePoint", "contacts"]), st.text())
)
def test_one_scope_has_one_name(text: str) -> None:
    found = scope(text)
    assert found is None or str(found) == text


@given(st.sampled_from(["event", "servicePoint"]), st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True))
def test_every_id_makes_a_scope(kind: str, id_: str) -> None:
    assert scope(f"{kind}:{id_}") == Scope(kind, id_)


def test_every_event_that_a_kiosk_may_cause_is_an_operation() -> None:
    kinds = {kind.removeprefix("queue.") for kind in Kind if kind.startswith("queue.")}
    assert {event.value for event in queue.Event} - kinds == {"continue", "expire"}


def test_the_offset_is_what_the_kiosk_must_add_to_its_clock() -> None:
    assert clock_offset(Instant(1_000), Instant(61_050), Instant(1_100)) == MINUTE


@given(
    st.integers(0, LAST - 10 * MINUTE),
    st.integers(0, 5 * MINUTE),
    st.integers(0, MINUTE),
    st.integers(0, MINUTE),
)
def test_the_offset_is_wrong_by_at_most_half_the_exchange(sent: int, ahead: int, out: int, back: int) -> None:
    offset = clock_offset(Instant(sent), Instant(sent + ahead + out), Instant(sent + out + back))
    assert abs(offset - ahead) <= (out + back) // 2 + 1


def test_the_noise_of_an_exchange_corrects_nothing() -> None:
    at = Instant(1_778_414_400_000)
    assert [corrected(at, offset) - at for offset in (0, SECOND, -SECOND, SECOND + 1, -MINUTE)] == [
        0,
        0,
        0,
        SECOND + 1,
        -MINUTE,
    ]


@given(instants, st.integers(-LAST, LAST))
def test_a_corrected_time_can_always_be_written(at: Instant, offset: int) -> None:
    assert parse(rfc3339(corrected(at, offset))) == corrected(at, offset)


@given(st.lists(instants, min_size=2), st.integers(-LAST, LAST))
def test_a_correction_keeps_the_order_of_acts(acts: list[Instant], offset: int) -> None:
    moved = [corrected(at, offset) for at in sorted(acts)]
    assert moved == sorted(moved)


@given(st.integers(0, 10_000), chances)
def test_a_kiosk_tries_again_after_at_least_a_fifth_of_a_second_and_at_most_about_a_minute(
    failures: int, chance: float
) -> None:
    assert 200 <= retry_delay(failures, chance) <= 60_200


@given(st.integers(0, 20), chances)
def test_each_failure_lengthens_the_wait_and_never_shortens_it(failures: int, chance: float) -> None:
    assert retry_delay(failures, chance) <= retry_delay(failures + 1, chance)


def test_kiosks_that_lost_one_server_come_back_spread_over_a_quarter_of_a_minute() -> None:
    delays = sorted(retry_delay(6, index / 500) for index in range(500))
    gaps = [later - earlier for earlier, later in pairwise(delays)]
    assert max(gaps) <= 40
    assert delays[-1] - delays[0] > 13 * SECOND


@pytest.mark.parametrize("seed", range(3))
def test_five_hundred_kiosks_that_lose_one_server_at_once_never_ask_it_all_at_once_again(seed: int) -> None:
    chance, attempts = Random(seed), Counter[int]()
    for _ in range(500):
        at = 0
        for failures in count():
            at += retry_delay(failures, chance.random())
            if at > 5 * MINUTE:
                break
            attempts[at // SECOND] += 1
    assert max(attempts.values()) < 500
    # Soon each asks every 8 seconds or so, and each at another instant.
    assert all(30 <= attempts[second] <= 110 for second in range(20, 300))


def test_a_clock_is_shown_to_staff_when_it_is_two_minutes_off() -> None:
    assert sync.CLOCK_TOLERANCE == 2 * MINUTE
