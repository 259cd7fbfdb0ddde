"""Lines of service points as they are shown: the replica's with this kiosk's own acts laid over, and what the
server answered a moment ago, until it comes with the changes."""

from collections.abc import Callable
from dataclasses import replace

from domain.clock import Instant
from domain.ids import EntryId, ServicePointId
from domain.sync import Operation, Scope
from kiosk.store import line_rows
from kiosk.store.copies import Copies
from kiosk.store.leases import Leases
from kiosk.store.offset import ClockOffset
from kiosk.store.outbox import Act, Outbox
from kiosk.store.outbox_file import OutboxFile
from kiosk.store.overlay import overlay
from kiosk.store.party import Line, Party, ServicePoint
from kiosk.store.replica import Replica

_KIND = "servicePoint"

Issue = Callable[[str, str], Act]
"""Makes the act of a join from the lease's id and the number taken from it."""


class LineBook:
    def __init__(self, file: OutboxFile, copies: Copies, offset: ClockOffset) -> None:
        self._file, self._copies, self._offset = file, copies, offset
        self._outbox, self._leases = Outbox(file), Leases(file)
        self._answered: dict[EntryId, Party] = {}

    def points(self) -> tuple[ServicePoint, ...]:
        """The service points of which there is a copy."""
        with self._copies.reading():
            found = [line_rows.point(copy, ServicePointId(copy.scope.id)) for copy in self._lines()]
        return tuple(point for point in found if point is not None)

    def line(self, id_: ServicePointId) -> Line | None:
        """The line of a service point; None while there is no copy of it."""
        with self._copies.reading():
            copy = self._copies.of(Scope(_KIND, id_))
            known = line_rows.line(copy, id_) if copy else None
            if known is None:
                return None
            return overlay(self._with_answers(known), self._acts(), self._elsewhere)

    def drop_ended(self, before: Instant) -> None:
        """Lets go of who was served, or left, before that time: a copy that lives for years stays small."""
        with self._copies.reading():
            for copy in self._lines():
                copy.drop_ended(before)

    def unsent(self) -> bool:
        """Whether the server has yet to hear of an act on any line."""
        return self._outbox.queue_waits()

    def record(self, act: Act) -> Operation:
        """Durable when this returns. Raises `StorageFull`, and then nothing was done."""
        return self._outbox.add(act)

    def record_join(self, point: ServicePoint, category: str, now: Instant, issue: Issue) -> Operation | None:
        """A join with the next number that this kiosk may give out, in one transaction; None without one."""
        with self._file.write():
            taken = self._leases.take(point.id, category, point.day(now))
            return None if taken is None else self._outbox.add(issue(*taken))

    def answered(self, party: Party) -> None:
        """The server's own answer to an act: shown until the changes have it."""
        with self._copies.lock:
            self._answered[party.id] = party

    def forget(self) -> None:
        """What a server answered before is of no line that is here now."""
        with self._copies.lock:
            self._answered.clear()

    def _acts(self) -> list[Operation]:
        return [replace(act, at=self._offset.correct(act.at)) for act in self._outbox.unseen()]

    def _with_answers(self, line: Line) -> Line:
        """Answers that the replica has caught up with are forgotten."""
        newer = []
        for id_, answer in tuple(self._answered.items()):
            known = line.party(id_)
            if answer.entry.service_point != line.point.id:
                continue
            if known is not None and known.version >= answer.version:
                del self._answered[id_]
            else:
                newer.append(answer)
        if not newer:
            return line
        ids = {party.id for party in newer}
        return replace(line, parties=(*(p for p in line.parties if p.id not in ids), *newer))

    def _elsewhere(self, id_: EntryId) -> Party | None:
        found = (line_rows.party(copy, id_) for copy in self._lines())
        return next((party for party in found if party is not None), None)

    def _lines(self) -> list[Replica]:
        copies = (self._copies.of(scope) for scope in self._copies.scopes() if scope.kind == _KIND)
        return [copy for copy in copies if copy is not None]
