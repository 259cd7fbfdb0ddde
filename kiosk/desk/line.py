"""The desk's line: who joins, who is called, who is served. The server moves people while it answers in time;
otherwise the same rules move them here, and it hears of it later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from domain.clock import SECOND
from domain.errors import Problem
from domain.ids import EntryId, OpId, ServicePointId
from domain.queue import Event, State
from domain.sync import Kind, Operation
from kiosk.desk.line_answers import (
    CounterSet,
    Done,
    GraceRuns,
    LineAnswer,
    NobodyWaits,
    Stands,
    Unknown,
)
from kiosk.desk.line_here import LineHere
from kiosk.desk.outcome import Source
from kiosk.desk.ports import Clock, Corrected, Ids, Lines, LineServer
from kiosk.store.outbox import Act
from kiosk.store.overlay import overlay
from kiosk.store.party import Line, Party
from kiosk.sync.replies import Denied, Got, Missed, Reply

_PATHS = {
    Event.CALL: "call",
    Event.RECALL: "recall",
    Event.CHECK_IN: "check-in",
    Event.START: "start",
    Event.COMPLETE: "complete",
    Event.NO_SHOW: "no-show",
    Event.HOLD: "hold",
    Event.RESUME: "resume",
    Event.RETURN: "return",
}
"""Under which address the server has each event; one without is told as an operation."""


@dataclass(frozen=True, slots=True)
class Joiner:
    """Who joins, as far as they say. `language` is a BCP 47 tag."""

    name: str = ""
    call_by_name: bool = False
    phone: str = ""
    email: str = ""
    language: str = ""
    party: int = 1
    note: str = ""
    priority: str = ""


class LineDesk:
    """Not for several threads at once. Writing may raise `StorageFull`: then nothing was done."""

    def __init__(
        self, lines: Lines, server: LineServer, clock: Clock, corrected: Corrected, ids: Ids
    ) -> None:
        self._lines, self._server = lines, server
        self._clock, self._corrected, self._ids = clock, corrected, ids
        self._here = LineHere(lines, clock, corrected, ids)

    def join(self, point: ServicePointId, category: str, who: Joiner) -> LineAnswer:
        """`Done` with the number; `NoNumbers` where only the server could give one, and it is away."""
        line = self._lines.line(point)
        if line is None:
            return Unknown(point)
        said = _said(who) | {"entryId": self._ids(), "servicePoint": point, "category": category}
        act = Act(OpId(self._ids()), Kind.QUEUE_JOIN, self._clock(), said)
        reply = Missed() if self._lines.unsent() else self._server.join(act)
        match reply:
            case Got(number):
                return self._joined(line, replace(act, payload=said | {"number": number}))
            case Denied(problem):
                return _stands(None, problem)
            case Missed():
                return self._told(self._here.join(line, category, act))
            case _:
                assert_never(reply)

    def call_next(self, point: ServicePointId, counter: str) -> LineAnswer:
        """Calls whom the rules pick. Two counters at one instant get two people."""
        line = self._lines.line(point)
        if line is None:
            return Unknown(point)
        reply = self._ask(f"call-next/{point}", {"counter": counter})
        if isinstance(reply, Denied) and reply.problem.code == "nobody_waiting":
            return NobodyWaits()
        return self._answer(reply, None, lambda: self._here.call_next(line, counter))

    def move(
        self, point: ServicePointId, entry: EntryId, event: Event, more: Mapping[str, object] | None = None
    ) -> LineAnswer:
        """Any event but a transfer. `more` says what the event takes beside: `counter` of a call or a start,
        `force` of a no-show before the grace is over, `outcome` and `note` of a completion."""
        line, party = self._find(point, entry)
        if line is None or party is None:
            return Unknown(entry)
        said = dict(more or {})
        reply: Reply[Party] = Missed()
        if event in _PATHS:
            reply = self._ask(f"{_PATHS[event]}/{entry}", {"version": party.version, **said})
        return self._answer(reply, party, lambda: self._here.move(line, party, event, said))

    def transfer(
        self, point: ServicePointId, entry: EntryId, to: ServicePointId, category: str | None = None
    ) -> LineAnswer:
        """To another service point: the same number, one visit. `Done` with the entry there, or with the one
        that it left where this kiosk does not know the other line."""
        line, party = self._find(point, entry)
        if line is None or party is None:
            return Unknown(entry)
        said: dict[str, object] = {"servicePoint": to, "newEntryId": self._ids()}
        said |= {"category": category} if category else {}
        reply = self._ask(f"transfer/{entry}", {"version": party.version, **said})
        return self._answer(reply, party, lambda: self._here.move(line, party, Event.TRANSFER, said))

    def undo(self, point: ServicePointId, entry: EntryId) -> LineAnswer:
        """Takes the last transition back, once."""
        line, party = self._find(point, entry)
        if line is None or party is None:
            return Unknown(entry)
        reply = self._ask(f"undo/{entry}", {"version": party.version})
        return self._answer(reply, party, lambda: self._here.undo(line, party))

    def set_counter(
        self, point: ServicePointId, counter: str, state: str, staff: str | None = None
    ) -> LineAnswer:
        """`open`, `paused` or `closed`, and who serves there."""
        said = {"counter": counter, "state": state} | ({"staff": staff} if staff is not None else {})
        op = OpId(self._ids())
        reply = Missed() if self._lines.unsent() else self._server.set_counter(point, said, op)
        match reply:
            case Got():
                return CounterSet(counter, state, Source.SERVER)
            case Denied(problem):
                return _stands(None, problem)
            case Missed():
                return self._told(self._here.set_counter(point, said))
            case _:
                assert_never(reply)

    def _find(self, point: ServicePointId, entry: EntryId) -> tuple[Line | None, Party | None]:
        line = self._lines.line(point)
        return line, line.party(entry) if line else None

    def _ask(self, path: str, body: Mapping[str, object]) -> Reply[Party]:
        """Not while the server has yet to hear of earlier acts: their order is kept."""
        if self._lines.unsent():
            return Missed()
        return self._server.act(path, body, OpId(self._ids()))

    def _answer(self, reply: Reply[Party], party: Party | None, here: Callable[[], LineAnswer]) -> LineAnswer:
        match reply:
            case Got(moved):
                return self._moved(moved)
            case Denied(problem) if party is not None and problem.code == "grace_running":
                return GraceRuns(party, int(str(problem.more.get("secondsLeft", 0))) * SECOND)
            case Denied(problem):
                self._server.sent()
                return _stands(party, problem)
            case Missed():
                return self._told(here())
            case _:
                assert_never(reply)

    def _told(self, answer: LineAnswer) -> LineAnswer:
        self._server.sent()
        return answer

    def _joined(self, line: Line, act: Act) -> LineAnswer:
        """As the line will have it when the change comes."""
        laid = Operation(act.op, act.kind, self._corrected(act.at), 0, act.payload)
        party = overlay(line, [laid], lambda _: None).party(EntryId(str(act.payload["entryId"])))
        return self._moved(party) if party else Unknown(line.point.id)

    def _moved(self, party: Party) -> Done:
        self._lines.answered(party)
        return Done(party, Source.SERVER)


def _stands(party: Party | None, problem: Problem) -> Stands:
    """What the server says that stands; words that this version does not know are left out."""
    state, allowed = problem.more.get("state"), problem.more.get("allowed")
    events = allowed if isinstance(allowed, list) else []
    return Stands(
        party,
        State(str(state)) if state in set(State) else None,
        frozenset(Event(event) for event in events if event in set(Event)),
        problem.detail,
    )


def _said(who: Joiner) -> dict[str, object]:
    """Only what was said."""
    said = {
        "name": who.name,
        "callByName": who.call_by_name,
        "phone": who.phone,
        "email": who.email,
        "language": who.language,
        "party": who.party,
        "note": who.note,
        "priority": who.priority,
    }
    return {name: value for name, value in said.items() if value}
