"""The line moved by this kiosk alone: the server's own rules, written down for it to hear later."""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from domain import queue
from domain.clock import Instant
from domain.ids import EntryId, OpId, ServicePointId
from domain.queue import Event, GraceRunning, Moved, WrongTransition
from domain.sync import Kind
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
from kiosk.desk.ports import Clock, Corrected, Ids, Lines
from kiosk.store.outbox import Act
from kiosk.store.party import Line, Party


class LineHere:
    """Each act is on the disk when it returns. Writing may raise `StorageFull`: then nothing was done."""

    def __init__(self, lines: Lines, clock: Clock, corrected: Corrected, ids: Ids) -> None:
        self._lines = lines
        self._clock, self._corrected, self._ids = clock, corrected, ids

    def join(self, line: Line, category: str, act: Act) -> LineAnswer:
        """With the next number that this kiosk may give out."""

        def issue(lease: str, number: str) -> Act:
            return replace(act, payload={**act.payload, "lease": lease, "number": number})

        written = self._lines.record_join(line.point, category, self._now(), issue)
        if written is None:
            return NoNumbers()
        return self._shown(line.point.id, EntryId(str(act.payload["entryId"])))

    def call_next(self, line: Line, counter: str) -> LineAnswer:
        waiting = line.waiting(self._now())
        return self.move(line, waiting[0], Event.CALL, {"counter": counter}) if waiting else NobodyWaits()

    def move(self, line: Line, party: Party, event: Event, said: Mapping[str, object]) -> LineAnswer:
        """`said` is what the server will be told beside the event: `counter`, `force` and so on."""
        made = queue.move(
            party.entry,
            event,
            self._now(),
            line.point.settings.rules,
            force=bool(said.get("force")),
            last=line.last_joined(),
        )
        match made:
            case Moved():
                return self._written(line, party, f"queue.{event}", said)
            case WrongTransition(found, allowed):
                return Stands(party, found, allowed)
            case GraceRunning(left):
                return GraceRuns(party, left)
            case _:
                assert_never(made)

    def undo(self, line: Line, party: Party) -> LineAnswer:
        if queue.undo(party.entry, self._now()) is None:
            return Stands(party, party.entry.state, queue.allowed(party.entry))
        return self._written(line, party, Kind.QUEUE_UNDO, {})

    def set_counter(self, point: ServicePointId, said: Mapping[str, object]) -> LineAnswer:
        payload = {"servicePoint": point, **said}
        self._lines.record(Act(OpId(self._ids()), Kind.QUEUE_COUNTER, self._clock(), payload))
        return CounterSet(str(said["counter"]), str(said["state"]), Source.HERE)

    def _written(self, line: Line, party: Party, kind: str, said: Mapping[str, object]) -> LineAnswer:
        payload = {"entryId": party.id, **said}
        self._lines.record(Act(OpId(self._ids()), kind, self._clock(), payload, party.version))
        there = self._lines.line(ServicePointId(str(said.get("servicePoint", ""))))
        new = there.party(EntryId(str(said.get("newEntryId")))) if there else None
        return Done(new, Source.HERE) if new else self._shown(line.point.id, party.id)

    def _shown(self, point: ServicePointId, entry: EntryId) -> LineAnswer:
        line = self._lines.line(point)
        party = line.party(entry) if line else None
        return Done(party, Source.HERE) if party else Unknown(entry)

    def _now(self) -> Instant:
        return self._corrected(self._clock())
