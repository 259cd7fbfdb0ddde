"""What happens at the door, written down: each scan durable in one transaction before anybody is told."""

from domain.clock import Instant
from domain.ids import EventId, ListId, OpId, TicketId
from domain.sync import Operation
from domain.ticket import TicketState
from kiosk.store.copies import Copies
from kiosk.store.doubles import Double, doubles
from kiosk.store.figures import FigureBook
from kiosk.store.journal import Journal, Noted
from kiosk.store.outbox import Act, Outbox
from kiosk.store.outbox_file import OutboxFile
from kiosk.store.replica import Applied, NewScan
from kiosk.store.seats import SeatLease, Seats
from kiosk.store.takings import Taking, Takings
from kiosk.store.tally import Figures
from kiosk.store.tickets import TicketBook


class DoorLog:
    """Scans of this kiosk, and what other doors did to the same tickets."""

    def __init__(self, file: OutboxFile, copies: Copies, book: TicketBook) -> None:
        self._file, self._copies, self._book = file, copies, book
        self._outbox, self._journal, self._seats = Outbox(file), Journal(file), Seats(file)
        self._takings = Takings(file)
        self._figures = FigureBook(copies, self._journal, book)

    def record(self, act: Act, noted: Noted) -> Operation:
        """An act to send, with its effect here. Raises `StorageFull`, and then there is neither."""
        with self._copies.lock:
            with self._file.write():
                operation = self._outbox.add(act)
                self._journal.add(noted)
            self._figures.add_own(noted)
        return operation

    def record_sale(self, lease: SeatLease, act: Act, noted: Noted, taking: Taking) -> bool:
        """A sale with its admission and its money, and its seat taken from the lease, all in one; whether
        there was one. Raises `StorageFull`, and then nothing was sold."""
        with self._copies.lock:
            with self._file.write():
                if not self._seats.take(lease.id):
                    return False
                self._outbox.add(act)
                self._journal.add(noted)
                self._takings.put(taking)
            self._figures.add_own(noted)
        return True

    def record_sale_back(self, act: Act, noted: Noted, given: Taking) -> None:
        """A sale taken back, with its admission and its money. Raises `StorageFull`, and then it stands."""
        with self._copies.lock:
            with self._file.write():
                self._outbox.add(act)
                self._journal.add(noted)
                self._takings.put(given)
            self._figures.add_own(noted)

    def sold_by(self, op: OpId) -> Taking | None:
        """What was sold here by that act, and not taken back, here or, as far as is known, anywhere."""
        sold = self._takings.sold_by(op)
        ticket = self._book.ticket(sold.ticket) if sold and sold.ticket else None
        return None if ticket and ticket.state is TicketState.REFUNDED else sold

    def record_perk(self, act: Act) -> Operation:
        """A perk that was handed out. Raises `StorageFull`."""
        return self._outbox.add(act)

    def note(self, noted: Noted) -> None:
        """A scan of which the server itself said the verdict: there is nothing to send."""
        with self._copies.lock:
            self._journal.add(noted)
            self._figures.add_own(noted)

    def holds(self, op: OpId) -> bool:
        """Whether the server has yet to hear of this act."""
        return self._outbox.holds(op)

    def recent(self, limit: int) -> tuple[Noted, ...]:
        """The newest first."""
        return self._journal.recent(limit)

    def last_granted(self) -> Noted | None:
        return self._journal.last_granted()

    def find(self, op: OpId) -> Noted | None:
        return self._journal.find(op)

    def prune(self, before: Instant) -> None:
        """Forgets scans of this kiosk from before then that the server has."""
        self._journal.prune(before)

    def forget(self, event: EventId) -> None:
        """Forgets scans of an event that is over, but none that the server has yet to hear of."""
        self._journal.forget(event)

    def figures(self, list_: ListId, now: Instant) -> Figures | None:
        return self._figures.figures(list_, now)

    def swapped(self) -> None:
        """Another copy is in use: the figures are counted anew when next asked for."""
        self._figures.recount()

    def applied(self, applied: Applied, now: Instant) -> tuple[Double, ...]:
        """Takes in scans that came with changes. Tells which tickets both this kiosk and another admitted."""
        met: list[Double] = []
        others: list[NewScan] = []
        for ticket in {scan.ticket for scan in applied.scans}:
            own = self._own(ticket)
            others += [scan for scan in applied.scans if scan.ticket == ticket and scan.op not in own]
            met += self._doubles(ticket, own) if own else ()
        self._figures.add_others(others, now)
        return tuple(met)

    def _own(self, id_: TicketId) -> set[OpId]:
        ticket = self._book.ticket(id_) if id_ else None
        scans = self._book.own_scans(ticket) if ticket else self._journal.scans_of((id_,))
        return {scan.op for scan in scans}

    def _doubles(self, id_: TicketId, own: set[OpId]) -> tuple[Double, ...]:
        ticket = self._book.ticket(id_)
        if ticket is None:
            return ()
        return doubles(self._book.scans_of(ticket), self._copies.catalog().lists, own)
