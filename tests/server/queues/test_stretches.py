"""What follows from the stretches of an entry."""

from domain.clock import Instant
from domain.queue import State
from server.queues.stretches import Stretch, effective, served, waited


def history(*stays: tuple[State, int] | tuple[State, int, bool]) -> list[Stretch]:
    """Stays of so many milliseconds, one after the other; the last goes on."""
    made, at = [], 0
    for stay in stays:
        made.append(Stretch(stay[0], Instant(at), Instant(at + stay[1]), len(stay) > 2))
        at += stay[1]
    return [*made[:-1], Stretch(made[-1].state, made[-1].since, None)]


def test_nobody_who_was_not_called_has_waited_for_a_known_time() -> None:
    assert waited(history((State.WAITING, 5))) is None
    assert waited(history((State.WAITING, 5), (State.LEFT, 0))) is None


def test_the_wait_ends_at_the_first_call() -> None:
    stays = history(
        (State.WAITING, 5), (State.CALLED, 3), (State.NO_SHOW, 9), (State.WAITING, 7), (State.CALLED, 1)
    )
    assert waited(stays) == 5


def test_a_call_that_was_a_mistake_was_waiting() -> None:
    stays = history((State.WAITING, 5), (State.CALLED, 3, True), (State.WAITING, 7), (State.CALLED, 1))
    assert waited(stays) == 15


def test_a_service_is_known_once_it_is_complete() -> None:
    running = history((State.WAITING, 5), (State.CALLED, 3), (State.SERVING, 7))
    assert served(running) is None
    assert (
        served(history((State.WAITING, 5), (State.CALLED, 3), (State.SERVING, 7), (State.EXPIRED, 0))) is None
    )
    assert served(history((State.CALLED, 3), (State.SERVING, 7), (State.COMPLETED, 0))) == 7


def test_an_end_that_was_a_mistake_was_service() -> None:
    stays = history((State.SERVING, 7), (State.COMPLETED, 4, True), (State.SERVING, 2), (State.COMPLETED, 0))
    assert served(stays) == 13


def test_of_two_mistakes_each_counts_as_what_was_before_it() -> None:
    stays = history(
        (State.WAITING, 1),
        (State.CALLED, 2, True),
        (State.WAITING, 3),
        (State.HELD, 4, True),
        (State.WAITING, 5),
    )
    assert {state for state, _, _ in effective(stays)} == {State.WAITING}
