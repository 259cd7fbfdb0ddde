"""What becomes of a reservation: its table, the visit that it follows, and when it is given up."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import queue
from domain.clock import DAY, HOUR, MINUTE, Instant, parse, shift
from domain.queue import LIVE, STAYS, Moved, move, undo
from domain.reservation import (
    AHEAD,
    LAPSED,
    TRANSITIONS,
    Event,
    Leg,
    State,
    after,
    is_due,
    lapse,
    of_visit,
)
from tests.domain.people import NOON, RULES, entry

BERLIN = ZoneInfo("Europe/Berlin")
STEPS = [*queue.Event, None]
"""What can happen to a visit; None takes the last thing back."""


class Visit:
    """A visit as the line keeps it: its legs, each with where it came from and the stays that stood."""

    def __init__(self) -> None:
        self.entries, self.origins, self.stays = [entry()], [0], [[queue.State.WAITING]]

    @property
    def here(self) -> int:
        [place] = [n for n, leg in enumerate(self.entries) if leg.state is not queue.State.TRANSFERRED]
        return place

    def do(self, event: queue.Event) -> bool:
        """Whether it fitted."""
        place = self.here
        answer = move(self.entries[place], event, NOON, RULES, force=True)
        if not isinstance(answer, Moved):
            return False
        self.entries[place] = answer.entry
        if event not in STAYS:
            self.stays[place].append(answer.entry.state)
        if event is queue.Event.TRANSFER:
            self.entries.append(entry())
            self.origins.append(place)
            self.stays.append([queue.State.WAITING])
        return True

    def undo(self) -> None:
        """The last transition; of a transfer, while nothing has happened since."""
        place = self.here
        if place and self.stays[place] == [queue.State.WAITING]:
            assert self.do(queue.Event.TRANSFER)
            place = self.origins[place]
            for column in (self.entries, self.origins, self.stays):
                column.pop()
        before = undo(self.entries[place], NOON)
        if before is not None:
            self.entries[place] = before
            self.stays[place][-1:] = [before.state]

    def walk(self, steps: Sequence[queue.Event | None]) -> None:
        for step in steps:
            if step is None:
                self.undo()
            else:
                self.do(step)

    @property
    def legs(self) -> list[Leg]:
        return [
            Leg(leg.state, queue.State.SERVING in stays)
            for leg, stays in zip(self.entries, self.stays, strict=True)
        ]


def walked(*steps: queue.Event | None) -> State:
    visit = Visit()
    visit.walk(steps)
    return of_visit(visit.legs)


CALL, START, DONE = queue.Event.CALL, queue.Event.START, queue.Event.COMPLETE
GONE, EXPIRE, AWAY = queue.Event.NO_SHOW, queue.Event.EXPIRE, queue.Event.LEAVE
BACK, OVER, HOLD = queue.Event.RETURN, queue.Event.TRANSFER, queue.Event.HOLD


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((), State.CHECKED_IN),
        ((CALL, START, DONE), State.COMPLETED),
        ((CALL, START, DONE, None), State.CHECKED_IN),
        ((CALL, GONE), State.NO_SHOW),
        ((CALL, GONE, None), State.CHECKED_IN),
        ((CALL, GONE, BACK), State.CHECKED_IN),
        ((CALL, GONE, BACK, CALL, START, DONE), State.COMPLETED),
        ((CALL, START, EXPIRE), State.COMPLETED),
        ((CALL, START, HOLD, EXPIRE), State.COMPLETED),
        ((CALL, START, None, EXPIRE), State.CANCELLED),
        ((AWAY,), State.CANCELLED),
        ((EXPIRE,), State.CANCELLED),
        ((OVER, None, CALL, START, DONE), State.COMPLETED),
        ((CALL, START, OVER, GONE), State.COMPLETED),
        ((OVER, CALL, GONE), State.NO_SHOW),
    ],
)
def test_a_reservation_is_what_its_visit_came_to(steps: tuple[queue.Event | None, ...], state: State) -> None:
    assert walked(*steps) is state


@given(st.lists(st.sampled_from(STEPS), max_size=25))
def test_a_reservation_is_over_when_its_visit_is_and_not_before(steps: list[queue.Event | None]) -> None:
    visit = Visit()
    visit.walk(steps)
    goes_on = any(leg.state in LIVE for leg in visit.entries)
    served = any(queue.State.SERVING in stays for stays in visit.stays)
    found = of_visit(visit.legs)
    assert (found is State.CHECKED_IN) == goes_on
    assert goes_on or (found is State.COMPLETED) == served


@given(st.lists(st.sampled_from(STEPS), max_size=25), st.sampled_from(sorted(set(queue.Event) - STAYS)))
def test_what_is_taken_back_in_the_line_is_taken_back_here(
    steps: list[queue.Event | None], event: queue.Event
) -> None:
    visit = Visit()
    visit.walk(steps)
    before = of_visit(visit.legs)
    if visit.do(event):
        visit.undo()
    assert of_visit(visit.legs) is before


def test_every_state_stands_in_the_table_and_what_lapses_is_over() -> None:
    assert set(TRANSITIONS) == set(State)
    assert {event for row in TRANSITIONS.values() for event in row} == set(Event)
    assert LAPSED.keys() == AHEAD
    assert not AHEAD & {after(state, event) for state, event in LAPSED.items()}


@pytest.mark.parametrize(
    ("starts", "now", "due"),
    [
        ("00:30", "2026-05-10T23:50", True),
        ("23:30", "2026-05-12T00:10", True),
        ("23:30", "2026-05-11T00:10", True),
        ("09:00", "2026-05-10T23:50", False),
        ("09:00", "2026-05-12T00:10", False),
    ],
)
def test_who_booked_is_due_on_that_day_and_near_their_time_across_midnight(
    starts: str, now: str, due: bool
) -> None:
    at, then = parse(f"2026-05-11T{starts}:00+02:00"), parse(f"{now}:00+02:00")
    assert is_due(at, then, BERLIN) == due


@given(
    st.integers(0, 400 * DAY),
    st.integers(MINUTE, DAY),
    st.integers(-2 * DAY, 3 * DAY),
    st.sampled_from(["Europe/Berlin", "Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu"]),
)
def test_nobody_is_given_up_who_may_still_come(since: int, length: int, later: int, zone: str) -> None:
    starts, where = Instant(NOON + since), ZoneInfo(zone)
    ends = shift(starts, length)
    given_up, now = lapse(starts, ends, where), shift(starts, later)
    assert ends < given_up <= ends + DAY + HOUR
    assert now < given_up or not is_due(starts, now, where)
