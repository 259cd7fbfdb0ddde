"""A whole day of a line, in any order, with a clock that steps."""

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from domain.clock import HOUR, MINUTE, Instant
from domain.ids import EntryId
from domain.queue import (
    STAYS,
    TRANSITIONS,
    Entry,
    Event,
    GraceRunning,
    Moved,
    State,
    WrongTransition,
    allowed,
    call_order,
    grace_left,
    join_time,
    move,
    next_turn,
    undo,
)
from tests.domain.people import CLASSES, NOON, RULES, entry, names

_RESTORED = ("state", "joined", "counter", "called", "calls", "front", "arrived", "held_from")


class Day(RuleBasedStateMachine):
    """Anything happens to anybody at any time; what must hold, holds after each step."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.last: Instant | None = None
        self.turn = 0
        self.line: dict[EntryId, Entry] = {}
        self.before: dict[EntryId, Entry | None] = {}

    @rule(milliseconds=st.integers(-3 * HOUR, 3 * HOUR) | st.integers(0, 5 * MINUTE))
    def the_clock_moves(self, milliseconds: int) -> None:
        self.now = Instant(self.now + milliseconds)

    @rule(target=people, priority=CLASSES, arrived=st.booleans())
    def somebody_joins(self, priority: str, arrived: bool) -> EntryId:
        self.last = join_time(self.now, self.last)
        sequence = len(self.line)
        joined = entry(str(sequence), self.last, sequence, priority=priority, arrived=arrived)
        self.line[joined.id], self.before[joined.id] = joined, None
        return joined.id

    @rule(
        who=people,
        event=st.sampled_from(Event),
        force=st.booleans(),
        counter=st.sampled_from([None, "1", "2"]),
    )
    def something_happens(self, who: EntryId, event: Event, force: bool, counter: str | None) -> None:
        was = self.line[who]
        answer = move(was, event, self.now, RULES, counter=counter, force=force, last=self.last)
        match answer:
            case WrongTransition(found, fits):
                assert found is was.state
                assert event not in fits
                assert fits == allowed(was) <= set(TRANSITIONS[was.state])
            case GraceRunning(left):
                assert (was.state, event, force) == (State.CALLED, Event.NO_SHOW, False)
                assert 0 < left <= RULES.grace
            case Moved(moved):
                self.check_move(was, event, moved)
                self.line[who] = moved
                self.last = max(self.last or moved.joined, moved.joined)
                if event not in STAYS:
                    self.before[who] = was

    def check_move(self, was: Entry, event: Event, moved: Entry) -> None:
        assert event in allowed(was)
        resumed = event in (Event.RESUME, Event.CONTINUE)
        assert moved.state is (was.held_from if resumed else TRANSITIONS[was.state][event])
        assert moved.changed >= was.changed
        if event in STAYS:
            assert (moved.changed, moved.prior) == (was.changed, was.prior)

    @rule(who=people)
    def somebody_takes_it_back(self, who: EntryId) -> None:
        now, before = self.line[who], self.before[who]
        restored = undo(now, self.now)
        assert (restored is None) is (before is None)
        if restored is None or before is None:
            return
        assert {name: getattr(restored, name) for name in _RESTORED} == {
            name: getattr(before, name) for name in _RESTORED
        }
        assert restored.changed >= now.changed
        assert undo(restored, self.now) is None
        self.line[who], self.before[who] = restored, None

    @precondition(lambda self: any(one.state is State.WAITING for one in self.line.values()))
    @rule(counter=st.sampled_from(["1", "2"]))
    def the_next_is_called(self, counter: str) -> None:
        first = call_order(self.line.values(), RULES, self.now, self.turn)[0]
        self.turn = next_turn(first, RULES, self.now, self.turn)
        self.something_happens(first.id, Event.CALL, False, counter)
        assert self.line[first.id].counter == counter

    @invariant()
    def the_order_is_of_those_who_wait(self) -> None:
        order = call_order(self.line.values(), RULES, self.now, self.turn)
        waiting = [one for one in self.line.values() if one.state is State.WAITING]
        assert sorted(names(order)) == sorted(names(waiting))
        assert call_order(reversed(waiting), RULES, self.now, self.turn) == order
        assert 0 <= self.turn < len(RULES.quota)

    @invariant()
    def nothing_is_negative_and_nobody_is_nowhere(self) -> None:
        for one in self.line.values():
            assert one.state in TRANSITIONS
            assert one.calls >= 0
            assert (grace_left(one, self.now, RULES) or 0) in range(RULES.grace + 1)
            assert one.held_from is not None or one.state is not State.HELD

    @invariant()
    def who_is_called_or_served_has_been_called(self) -> None:
        for one in self.line.values():
            if one.state in (State.CALLED, State.SERVING):
                assert one.called is not None
                assert one.calls >= 1


TestDay = Day.TestCase
