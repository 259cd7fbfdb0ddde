"""The door: a scan becomes a verdict. The server is asked first; when it does not answer in time, the same
rules decide here, and what was decided is on the disk before anybody sees it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import assert_never

from domain import admission, clock
from domain.admission import Admitted, Ask, Asked, CheckInList, Direction, Reason, Refused, Scan, Verdict
from domain.clock import Instant
from domain.errors import Problem, StorageFull, Unavailable
from domain.ids import DeviceId, ListId, OpId, TicketId
from domain.sync import CLOCK_TOLERANCE, Kind
from domain.ticket import TicketType
from kiosk.desk import scan_facts
from kiosk.desk.outcome import NothingToUndo, Outcome, Source, Undone
from kiosk.desk.ports import Clock, Corrected, DoorLog, DoorServer, Ids, Tickets
from kiosk.desk.scan_facts import Decided, Request, sendable
from kiosk.store.journal import Noted
from kiosk.store.outbox import Act
from kiosk.store.tickets import Gathered
from kiosk.sync.replies import Denied, Got, Missed, ServerVerdict
from kiosk.sync.status import Trouble
from kiosk.sync.verdict_wire import CheckIn

NO_LIST = Trouble(
    "no_list",
    "This kiosk has no check-in list yet: connect it to the server, or ask an administrator to set it up.",
)


@dataclass(frozen=True, slots=True)
class DoorSetup:
    """Which door this is. Without lists, all those that the kiosk knows."""

    device: DeviceId | None = None
    lists: tuple[ListId, ...] = ()
    gate: str = ""
    direction: Direction = Direction.ENTRY


class Door:
    """Not for several threads at once. `record`ing may raise `StorageFull`: then nobody was admitted."""

    def __init__(
        self,
        tickets: Tickets,
        log: DoorLog,
        server: DoorServer,
        now: Clock,
        corrected: Corrected,
        ids: Ids,
        setup: DoorSetup,
    ) -> None:
        self.setup = setup
        self._tickets, self._log, self._server = tickets, log, server
        self._now, self._corrected, self._ids = now, corrected, ids

    def scan(self, code: str) -> Outcome:
        """The verdict on what a scanner read; any text is one."""
        return self._run(Request(code))

    def admit(self, ticket: TicketId) -> Outcome:
        """The verdict on a ticket that was picked from a search."""
        return self._run(Request(picked=ticket))

    def answer(
        self,
        asked: Outcome,
        answers: Mapping[str, str],
        *,
        confirmed: bool = False,
        confirmed_unpaid: bool = False,
    ) -> Outcome:
        """The verdict once questions were answered, texts confirmed, money taken; what was settled before
        stays so."""
        before = asked.request
        settled = replace(
            before,
            answers={**before.answers, **answers},
            confirmed=before.confirmed or confirmed,
            confirmed_unpaid=before.confirmed_unpaid or confirmed_unpaid,
        )
        return self._run(settled)

    def force(self, refused: Outcome) -> Outcome:
        """Admits on staff's own account who was refused by time, rule or an earlier entry."""
        return self._run(replace(refused.request, force=True))

    def undo(self, reason: str = "") -> Undone | NothingToUndo:
        """Takes the last admission of this kiosk back; history keeps both."""
        last = self._log.last_granted()
        if last is None:
            return NothingToUndo()
        op, now = OpId(self._ids()), self._now()
        if not self._log.holds(last.scan.op):
            match self._server.undo(op, last.scan.op, reason):
                case Got():
                    self._log.note(self.undoing(last, op, now))
                    return self._undone(last, op, now, Source.SERVER)
                case Denied(problem):
                    return NothingToUndo(problem.detail)
                case Missed():
                    pass
        payload = {"undoes": last.scan.op, "reason": reason}
        self._log.record(Act(op, Kind.UNDO_CHECK_IN, now, payload), self.undoing(last, op, now))
        self._server.sent()
        return self._undone(last, op, now, Source.HERE)

    def turn(self, direction: Direction) -> None:
        """What scans mean from now on: going in or out."""
        self.setup = replace(self.setup, direction=direction)

    def lists(self) -> tuple[CheckInList, ...]:
        """The lists of this door that the kiosk knows."""
        known = self._tickets.catalog().lists
        wanted = self.setup.lists or tuple(known)
        return tuple(known[id_] for id_ in wanted if id_ in known)

    def _run(self, request: Request) -> Outcome:
        op, now = OpId(self._ids()), self._now()
        asked = self._asked(request, now)
        lists = self.lists()
        ids = tuple(list_.id for list_ in lists) or self.setup.lists
        if ids:
            question = CheckIn(op, asked, ids, sendable(request.code), request.picked)
            match self._server.check_in(question):
                case Got(verdict):
                    return self._from_server(verdict, request, asked, lists)
                case Denied() | Missed():
                    pass
        return self._from_here(op, now, request, asked, lists)

    def _asked(self, request: Request, now: Instant) -> Asked:
        return Asked(
            at=self._corrected(now),
            direction=self.setup.direction,
            gate=self.setup.gate,
            force=request.force,
            answers=request.answers,
            confirmed=request.confirmed,
            confirmed_unpaid=request.confirmed_unpaid,
        )

    def _from_server(
        self, said: ServerVerdict, request: Request, asked: Asked, lists: tuple[CheckInList, ...]
    ) -> Outcome:
        """The server has it on its disk; that ours is full changes nothing of it."""
        made = said.verdict
        if not isinstance(made, Ask):
            with suppress(StorageFull, Unavailable):
                decided = Decided(said.op, asked, lists, made)
                self._log.note(scan_facts.noted(decided, said.at, self.setup.device))
        outcome = self._outcome(said.op, said.at, made, Source.SERVER, request)
        return replace(
            outcome,
            type=said.type or outcome.type,
            first_device=said.first_device,
            sentence=said.sentence,
        )

    def _from_here(
        self, op: OpId, now: Instant, request: Request, asked: Asked, lists: tuple[CheckInList, ...]
    ) -> Outcome:
        known, trouble = self._known(op, request, asked.at)
        if known is not None and not lists:
            known, trouble = None, NO_LIST
        made: Verdict = Refused(Reason.ERROR)
        if known is not None:
            asked = replace(asked, at=_after(known.past, asked.at))
            made = admission.decide(asked, known.found, lists, known.past)
        match made:
            case Ask():
                pass
            case Admitted() | Refused():
                if lists:
                    decided = Decided(op, asked, lists, made)
                    act = scan_facts.act(decided, clock.shift(now, asked.at - self._corrected(now)), request)
                    noted = scan_facts.noted(decided, asked.at, self.setup.device)
                    self._log.record(act, noted)
                    self._server.sent()
            case _:
                assert_never(made)
        return replace(self._outcome(op, asked.at, made, Source.HERE, request), trouble=trouble)

    def _known(self, op: OpId, request: Request, at: Instant) -> tuple[Gathered | None, Trouble | None]:
        """What this kiosk knows of a scan; where it has no copy to look in, what to do."""
        try:
            if request.picked is not None:
                known = self._tickets.gather_ticket(request.picked)
            else:
                known = self._tickets.gather(request.code, at)
        except Unavailable as problem:
            return None, Trouble.of(problem)
        # The server may have recorded this very scan, answered too late, and sent it back as a change.
        return replace(known, past=tuple(scan for scan in known.past if scan.op != op)), None

    def _outcome(self, op: OpId, at: Instant, made: Verdict, source: Source, request: Request) -> Outcome:
        catalog = self._tickets.catalog()
        list_ = catalog.lists.get(made.list) if made.list else None
        return Outcome(
            op=op,
            at=at,
            verdict=made,
            source=source,
            direction=self.setup.direction,
            request=request,
            type=self._type(made),
            list_name=list_.name if list_ else "",
        )

    def _type(self, made: Verdict) -> TicketType | None:
        ticket = made.ticket
        return self._tickets.catalog().types.get((ticket.event, ticket.type)) if ticket else None

    def undoing(self, last: Noted, op: OpId, now: Instant) -> Noted:
        """What takes an admission back, at this door and at that time by the kiosk's clock."""
        scan = replace(
            last.scan,
            op=op,
            at=self._corrected(now),
            granted=True,
            forced=False,
            undoes=last.scan.op,
            gate=self.setup.gate,
            device=self.setup.device,
        )
        return Noted(scan, last.event)

    def _undone(self, last: Noted, op: OpId, now: Instant, source: Source) -> Undone:
        try:
            ticket = self._tickets.ticket(last.scan.ticket)
        except Problem:
            ticket = None
        return Undone(op, last.scan.op, self._corrected(now), ticket, source)


def _after(past: tuple[Scan, ...], at: Instant) -> Instant:
    """When this scan is: after all that is known of the ticket already, however clocks differ a little.

    Otherwise a clock that is a second behind would not see the entry of a moment ago, and admit again.
    """
    return max((at, *(scan.at for scan in past if scan.at - at <= CLOCK_TOLERANCE)))
