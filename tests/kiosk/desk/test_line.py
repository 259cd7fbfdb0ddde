"""The desk's line: with the server and without it, the same people go the same way."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import orjson
import pytest

from domain.clock import DAY, MINUTE, SECOND, Instant
from domain.ids import EntryId, ServicePointId
from domain.queue import Event, State
from domain.service_point import Opening
from domain.wait_history import History, dump
from kiosk.desk.display import Display
from kiosk.desk.line import Joiner, LineDesk
from kiosk.desk.line_answers import (
    CounterSet,
    Done,
    GraceRuns,
    LineAnswer,
    NobodyWaits,
    NoNumbers,
    Stands,
    Unknown,
)
from kiosk.desk.outcome import Source
from kiosk.store.leases import Lease
from kiosk.store.replica import Change
from kiosk.store.store import Store
from tests.builders import ManualClock
from tests.kiosk.near_server import NearServer
from tests.kiosk.sample import DESK, NOON, adopt, sample_desk
from tests.kiosk.standin_line import move
from tests.kiosk.standin_state import ServerState

POINT = ServicePointId(DESK.id)


class SampleLine:
    """A desk with real files; what the server changes reaches it when `pull` is called."""

    def __init__(self, folder: Path, *, away: bool) -> None:
        self.clock = ManualClock(Instant(NOON))
        self.state = ServerState.of(sample_desk())
        self.state.now = self.clock
        self.server = NearServer(self.state, self.state.add_device("desk", mode="desk", scopes=(DESK,)), away)
        self.store = Store(folder)
        adopt(self.store.copies, DESK, sample_desk())
        self.store.leases.add(Lease("l1", POINT, "general", "A", "2026-05-10", 50, 99))
        ids = count(1)
        corrected = self.store.offset.correct
        self.desk = LineDesk(
            self.store.lines, self.server, self.clock, corrected, lambda: f"id-{next(ids):04}"
        )
        self.display = Display(self.store.lines, self.clock, corrected)

    def pull(self) -> None:
        cursor = self.store.copies.cursor(DESK) or 0
        news = [each for each in self.state.log if each.seq > cursor]
        changes = [Change(c.seq, c.table, c.key, self.state.tables[c.table].get(c.key)) for c in news]
        if changes:
            self.store.apply(DESK, changes, changes[-1].sequence, self.clock())

    def join(self, name: str = "") -> EntryId:
        done = self.desk.join(POINT, "general", Joiner(name=name))
        assert isinstance(done, Done), done
        self.pull()
        self.clock.forward(SECOND)
        return done.party.id

    def state_of(self, entry: EntryId) -> State:
        line = self.store.lines.line(POINT)
        party = line.party(entry) if line else None
        assert party is not None
        return party.entry.state

    def move(self, entry: EntryId, event: Event, **more: object) -> LineAnswer:
        answer = self.desk.move(POINT, entry, event, more)
        self.pull()
        self.clock.forward(SECOND)
        return answer


@pytest.fixture(params=[False, True], ids=["with the server", "alone"])
def line(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SampleLine]:
    line = SampleLine(tmp_path, away=request.param)
    yield line
    line.store.close()


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[SampleLine]:
    line = SampleLine(tmp_path, away=True)
    yield line
    line.store.close()


@pytest.fixture
def together(tmp_path: Path) -> Iterator[SampleLine]:
    line = SampleLine(tmp_path, away=False)
    yield line
    line.store.close()


def test_people_are_called_in_the_order_in_which_they_joined(line: SampleLine) -> None:
    people = [line.join(name) for name in ("Ann", "Bob", "Cid")]
    for counter, expected in zip(("c1", "c2", "c1"), people, strict=True):
        called = line.desk.call_next(POINT, counter)
        assert isinstance(called, Done)
        assert (called.party.id, called.party.entry.counter) == (expected, counter)
        assert called.source is (Source.HERE if line.server.away else Source.SERVER)
    line.pull()
    assert line.desk.call_next(POINT, "c1") == NobodyWaits()


def test_a_visit_goes_from_joining_to_the_end(line: SampleLine) -> None:
    ann = line.join("Ann")
    line.desk.call_next(POINT, "c1")
    for event, state in (
        (Event.RECALL, State.CALLED),
        (Event.CHECK_IN, State.CALLED),
        (Event.START, State.SERVING),
        (Event.HOLD, State.HELD),
        (Event.RESUME, State.SERVING),
        (Event.COMPLETE, State.COMPLETED),
    ):
        done = line.move(ann, event)
        assert isinstance(done, Done), (event, done)
        assert done.party.entry.state is state
        assert line.state_of(ann) is state


def test_who_does_not_come_is_a_no_show_only_once_the_grace_is_over(line: SampleLine) -> None:
    ann = line.join("Ann")
    line.desk.call_next(POINT, "c1")
    line.clock.forward(MINUTE)
    runs = line.move(ann, Event.NO_SHOW)
    assert isinstance(runs, GraceRuns)
    assert MINUTE < runs.left <= 2 * MINUTE
    line.clock.forward(3 * MINUTE)
    assert isinstance(line.move(ann, Event.NO_SHOW), Done)
    back = line.move(ann, Event.RETURN)
    assert isinstance(back, Done)
    assert (back.party.entry.state, back.party.entry.front) == (State.WAITING, True)


def test_a_no_show_can_be_forced(line: SampleLine) -> None:
    ann = line.join("Ann")
    line.desk.call_next(POINT, "c1")
    assert isinstance(line.move(ann, Event.NO_SHOW, force=True), Done)
    assert line.state_of(ann) is State.NO_SHOW


def test_the_last_step_is_taken_back_once(line: SampleLine) -> None:
    ann = line.join("Ann")
    line.desk.call_next(POINT, "c1")
    assert isinstance(line.desk.undo(POINT, ann), Done)
    line.pull()
    assert line.state_of(ann) is State.WAITING
    assert isinstance(line.desk.undo(POINT, ann), Stands)


def test_what_does_not_fit_says_what_stands_and_what_does(line: SampleLine) -> None:
    ann = line.join("Ann")
    stands = line.move(ann, Event.COMPLETE)
    assert isinstance(stands, Stands)
    assert stands.state is State.WAITING
    assert Event.CALL in stands.allowed
    assert isinstance(line.desk.move(POINT, EntryId("nobody"), Event.START), Unknown)
    assert isinstance(line.desk.call_next(ServicePointId("nowhere"), "c1"), Unknown)


def test_a_transfer_keeps_number_and_visit(line: SampleLine) -> None:
    ann = line.join("Ann")
    done = line.desk.transfer(POINT, ann, POINT, "repair")
    assert isinstance(done, Done)
    line.pull()
    assert line.state_of(ann) is State.TRANSFERRED
    there = line.store.lines.line(POINT)
    assert there is not None
    [waiting] = there.waiting(line.clock())
    assert waiting.id == done.party.id
    assert waiting.visit == ann


def test_a_counter_opens_pauses_and_closes(line: SampleLine) -> None:
    source = Source.HERE if line.server.away else Source.SERVER
    assert line.desk.set_counter(POINT, "c2", "paused") == CounterSet("c2", "paused", source)
    line.pull()
    view = line.display.desk(POINT)
    assert view is not None
    assert [counter.state for counter in view.counters] == ["open", "paused"]


def test_alone_numbers_come_from_this_kiosks_own_block_until_it_is_used_up(alone: SampleLine) -> None:
    joined = [alone.desk.join(POINT, "general", Joiner()) for _ in range(51)]
    numbers = [done.party.entry.number for done in joined if isinstance(done, Done)]
    assert numbers == [f"A{number:03}" for number in range(50, 100)]
    last = joined[-1]
    assert isinstance(last, NoNumbers)
    assert "Connect it" in last.why
    assert isinstance(alone.desk.join(POINT, "repair", Joiner()), NoNumbers)


def test_somebody_who_was_moved_by_another_desk_is_shown_as_they_stand(together: SampleLine) -> None:
    ann = together.join("Ann")
    move(together.state, ann, "call", together.clock(), {"counter": "c2"})
    stands = together.desk.move(POINT, ann, Event.HOLD)
    assert isinstance(stands, Stands)
    assert (stands.state, Event.START in stands.allowed) == (State.CALLED, True)
    assert together.server.told == 1
    together.pull()
    assert together.state_of(ann) is State.CALLED


def test_while_acts_wait_to_be_sent_nothing_overtakes_them(together: SampleLine) -> None:
    ann, bob = together.join("Ann"), together.join("Bob")
    together.server.away = True
    assert isinstance(together.move(ann, Event.CALL, counter="c1"), Done)
    together.server.away = False
    held = together.move(bob, Event.HOLD)
    assert isinstance(held, Done)
    assert held.source is Source.HERE
    assert [act.kind for act in together.store.outbox.waiting()] == ["queue.call", "queue.hold"]


def test_an_act_that_the_server_did_and_nobody_heard_of_is_one_act(together: SampleLine) -> None:
    ann = together.join("Ann")
    together.server.late = True
    done = together.desk.call_next(POINT, "c1")
    assert isinstance(done, Done)
    assert (done.source, done.party.id) == (Source.HERE, ann)
    together.pull()
    assert together.state_of(ann) is State.CALLED
    [row] = together.state.rows("queue_entry")
    assert (row["state"], row["version"]) == ("called", 2)


def test_what_staff_see_has_positions_waits_and_clocks(line: SampleLine) -> None:
    ann, bob, cid = (line.join(name) for name in ("Ann", "Bob", "Cid"))
    line.desk.call_next(POINT, "c1")
    line.pull()
    line.clock.forward(MINUTE)
    view = line.display.desk(POINT)
    assert view is not None
    assert [(place.party.id, place.position) for place in view.waiting] == [(bob, 1), (cid, 2)]
    assert view.waiting[0].forecast is not None
    assert view.waiting[0].forecast.p50 == 5 * MINUTE
    assert view.waiting[0].waited == MINUTE + 2 * SECOND
    [called] = view.called
    assert (called.party.id, called.grace_left, called.overdue) == (ann, 2 * MINUTE, False)
    line.clock.forward(5 * MINUTE)
    view = line.display.desk(POINT)
    assert view is not None
    assert view.called[0].overdue


def test_the_lobby_sees_numbers_and_only_names_that_were_chosen(line: SampleLine) -> None:
    line.join("Ann Secret")
    done = line.desk.join(POINT, "general", Joiner(name="Bob Open", call_by_name=True, phone="+49 30 1234"))
    assert isinstance(done, Done)
    line.pull()
    for counter in ("c1", "c2"):
        line.desk.call_next(POINT, counter)
        line.pull()
        line.clock.forward(SECOND)
    line.join()
    board = line.display.board(POINT, heard=line.clock())
    assert board is not None
    assert [(call.counter, call.name) for call in board.last_called] == [
        ("Counter 2", "Bob Open"),
        ("Counter 1", ""),
    ]
    assert len(board.waiting) == 1
    assert "Secret" not in repr(board)
    assert "1234" not in repr(board)
    assert not board.stale
    old = line.display.board(POINT, heard=Instant(line.clock() - 16 * SECOND))
    never = line.display.board(POINT, heard=None)
    assert old is not None
    assert never is not None
    assert (old.stale, never.stale) == (True, True)


def test_a_display_shows_the_last_ten_calls_of_today(alone: SampleLine) -> None:
    for _ in range(12):
        alone.join()
    for _ in range(12):
        alone.desk.call_next(POINT, "c1")
        alone.clock.forward(SECOND)
    board = alone.display.board(POINT, heard=None)
    assert board is not None
    numbers = [call.number for call in board.last_called]
    assert numbers == [f"A{number:03}" for number in range(61, 51, -1)]
    alone.clock.forward(24 * 60 * MINUTE)
    tomorrow = alone.display.board(POINT, heard=None)
    assert tomorrow is not None
    assert tomorrow.last_called == ()


def test_the_desk_counts_the_day_and_begins_anew_with_the_next(line: SampleLine) -> None:
    ann, bob = line.join("Ann"), line.join("Bob")
    line.clock.forward(10 * MINUTE)
    line.desk.call_next(POINT, "c1")
    for event in (Event.START, Event.COMPLETE):
        line.move(ann, event)
    line.desk.call_next(POINT, "c1")
    line.clock.forward(5 * MINUTE)
    line.move(bob, Event.NO_SHOW)
    seen = line.display.desk(POINT)
    assert seen is not None
    assert (seen.figures.served, seen.figures.no_shows) == (1, 1)
    assert seen.figures.mean_wait is not None
    assert abs(seen.figures.mean_wait - 10 * MINUTE) < 5 * SECOND
    assert [place.party.id for place in seen.missed] == [bob]
    line.clock.forward(DAY)
    later = line.display.desk(POINT)
    assert later is not None
    assert (later.figures.served, later.figures.no_shows, later.figures.mean_wait) == (0, 0, None)
    assert later.missed == ()


def test_what_the_line_has_taught_the_server_foretells_waits_here_too(line: SampleLine) -> None:
    for _ in range(4):
        line.join()
    before = line.display.board(POINT, line.clock())
    taught = dump(History(services={"general": (20 * MINUTE,) * 60}, breaks=(SECOND,) * 20))
    row = {**sample_desk().tables["service_point"][DESK.id], "learned": taught}
    line.store.apply(DESK, [Change(90, "service_point", DESK.id, row)], 90, NOON)
    board, desk = line.display.board(POINT, line.clock()), line.display.desk(POINT)
    assert before is not None
    assert board is not None
    assert desk is not None
    assert (before.forecast.basis, board.forecast.basis) == ("configured", "history")
    assert board.forecast == desk.forecast
    assert 30 * MINUTE < board.forecast.p50 < 60 * MINUTE
    assert board.opening is Opening.OPEN


def test_bookings_that_go_first_are_reckoned_with_here_too(line: SampleLine) -> None:
    for _ in range(4):
        line.join()
    row = sample_desk().tables["service_point"][DESK.id]
    settings = orjson.dumps({**orjson.loads(str(row["settings"])), "bookings": "priority"}).decode()
    taught = dump(History(services={"general": (20 * MINUTE,) * 60}, breaks=(SECOND,) * 20))
    changed = {**row, "settings": settings, "learned": taught}
    line.store.apply(DESK, [Change(90, "service_point", DESK.id, changed)], 90, NOON)
    alone = line.display.board(POINT, line.clock())
    visits = [
        Change(91 + n, "expected_visit", f"r{n}", {"id": f"r{n}", "service_point": DESK.id, "at": NOON + 1})
        for n in range(4)
    ]
    line.store.apply(DESK, visits, 94, NOON)
    expecting = line.display.board(POINT, line.clock())
    assert alone is not None
    assert expecting is not None
    assert expecting.forecast.p50 > alone.forecast.p50 + 15 * MINUTE
