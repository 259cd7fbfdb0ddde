"""Whether to ask the server first."""

from domain.clock import Instant
from kiosk.sync.link import MISSES, Link


def test_nobody_asks_a_server_that_was_never_heard() -> None:
    assert not Link().up


def test_the_third_miss_in_a_row_goes_local() -> None:
    link = Link()
    assert link.probed(Instant(1))
    assert [link.missed(Instant(2), 0.5) for _ in range(MISSES)] == [False, False, True]
    assert not link.up


def test_an_answer_between_misses_begins_the_count_anew() -> None:
    link = Link()
    link.probed(Instant(1))
    for _ in range(10):
        link.missed(Instant(2), 0.5)
        link.missed(Instant(2), 0.5)
        link.answered()
    assert link.up


def test_a_server_that_answers_probes_only_is_tried_again_less_and_less_often() -> None:
    link, now, waits = Link(), 1, []
    link.probed(Instant(now))
    for _ in range(5):
        for _ in range(MISSES):
            link.missed(Instant(now), 0.99)
        fell = now
        while not link.probed(Instant(now)):
            now += 100
        waits.append(now - fell)
    assert waits == sorted(waits)
    assert waits[-1] > 4 * waits[0]


def test_a_server_that_was_lost_is_asked_as_soon_as_it_is_back() -> None:
    link = Link()
    link.probed(Instant(1))
    assert link.lost(Instant(2))
    assert not link.lost(Instant(3))
    assert link.probed(Instant(4))
    assert link.up
