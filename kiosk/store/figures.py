"""Today's figures of the door: counted once from what is there, then kept up with every scan."""

from collections.abc import Iterable, Set

from domain.admission import CheckInList, Scan
from domain.clock import Instant
from domain.ids import ListId, OpId, TicketId
from kiosk.store import tally_start, ticket_counts
from kiosk.store.copies import Copies
from kiosk.store.journal import Journal, Noted
from kiosk.store.replica import NewScan
from kiosk.store.tally import Figures, Tally
from kiosk.store.tickets import TicketBook


class FigureBook:
    """Whoever calls it holds the lock of the copies; only `figures` takes it by itself."""

    def __init__(self, copies: Copies, journal: Journal, book: TicketBook) -> None:
        self._copies, self._journal, self._book = copies, journal, book
        self._tally: Tally | None = None

    def figures(self, list_: ListId, now: Instant) -> Figures | None:
        """The figures of one list, None while no copy has it. The first call counts, the others read."""
        with self._copies.reading():
            known = self._copies.catalog().lists.get(list_)
            if known is None:
                return None
            if self._tally is None:
                self._tally = self._counted(now)
            counts = [count for copy in self._copies.with_tickets() for count in copy.ticket_counts()]
            return self._tally.figures(known, ticket_counts.expected(counts, known), now)

    def recount(self) -> None:
        """What was counted is worth nothing any more, such as when a copy was swapped."""
        with self._copies.lock:
            self._tally = None

    def add_own(self, noted: Noted) -> None:
        """A scan of this kiosk, unless it came back with the changes before it was written down here."""
        if self._tally is not None and not self._known([noted]):
            self._add(self._tally, [noted], noted.scan.at)

    def add_others(self, scans: Iterable[NewScan], now: Instant) -> None:
        """Scans that are in a copy now and were made elsewhere."""
        tally, lists, counting = self._tally, self._copies.catalog().lists, list[NewScan]()
        if tally is None:
            return
        for scan in scans:
            if scan.list not in lists:
                continue
            if scan.counts:
                counting.append(scan)
            else:
                tally.refuse(scan.list, scan.reason)
        new = {scan.op for scan in counting}
        for ticket, id_ in {(scan.ticket, scan.list) for scan in counting}:
            self._move(tally, lists[id_], ticket, new, now)

    def _counted(self, now: Instant) -> Tally:
        """All scans of the copies, then those of this kiosk that no copy has."""
        tally = Tally()
        for copy in self._copies.with_tickets():
            for list_ in copy.catalog.lists.values():
                tally_start.count(tally, copy, list_, now)
        own = self._journal.all()
        known = self._known(own)
        self._add(tally, [noted for noted in own if noted.scan.op not in known], now)
        return tally

    def _known(self, own: list[Noted]) -> set[OpId]:
        """Which of these the copies have."""
        ops = [noted.scan.op for noted in own]
        return {op for copy in self._copies.with_tickets() for op in copy.known(ops)}

    def _add(self, tally: Tally, own: list[Noted], now: Instant) -> None:
        lists = self._copies.catalog().lists
        granted = [noted.scan for noted in own if noted.reason is None and noted.scan.list in lists]
        for noted in own:
            if noted.reason is not None and noted.scan.list in lists:
                tally.refuse(noted.scan.list, noted.reason)
        new = {scan.op for scan in granted}
        for ticket, id_ in {(scan.ticket, scan.list) for scan in granted}:
            self._move(tally, lists[id_], ticket, new, now)

    def _move(self, tally: Tally, list_: CheckInList, ticket: TicketId, new: Set[OpId], now: Instant) -> None:
        scans = self._scans(ticket)
        tally.move(list_, [scan for scan in scans if scan.op not in new], scans, now)

    def _scans(self, id_: TicketId) -> tuple[Scan, ...]:
        ticket = self._book.ticket(id_)
        return self._book.scans_of(ticket) if ticket else tuple(self._journal.scans_of((id_,)))
