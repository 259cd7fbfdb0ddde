"""Tickets and their scans as this kiosk knows them: its copies with its own scans laid over them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain import lookup
from domain.admission import Found, Scan
from domain.clock import Instant
from domain.errors import Unavailable
from domain.ids import TicketId
from domain.ticket import Ticket
from kiosk.store.catalog import Catalog
from kiosk.store.copies import Copies
from kiosk.store.journal import Journal
from kiosk.store.laid import Laid
from kiosk.store.lookup import CachedTickets
from kiosk.store.outbox import Outbox
from kiosk.store.replica import Replica


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known of a scan: the tickets it leads to, and every scan of theirs."""

    found: Found
    past: tuple[Scan, ...] = ()


class TicketBook:
    """Raises `Unavailable` where there is no copy to look in, or it broke."""

    def __init__(self, copies: Copies, journal: Journal, outbox: Outbox) -> None:
        self._copies, self._journal, self._outbox = copies, journal, outbox

    def catalog(self) -> Catalog:
        return self._copies.catalog()

    def gather(self, scanned: str, at: Instant) -> Gathered:
        """What is known of a code, scanned at `at` by the server's clock."""
        with self._copies.reading():
            tickets, addons = self._tickets(), self._addons_wanted()
            found = lookup.look_up(scanned, tickets, tickets.verify, at, addons=addons)
            return Gathered(found, self._past(tickets, (*found.tickets, *found.addons)))

    def gather_ticket(self, ticket: TicketId) -> Gathered:
        """The same for a ticket that was picked from a search: a rotating code is not asked for."""
        with self._copies.reading():
            tickets = self._tickets()
            known = tickets.by_id(ticket)
            if known is None:
                return Gathered(Found())
            addons = tuple(tickets.addons(known)) if self._addons_wanted() else ()
            return Gathered(Found((known,), addons), self._past(tickets, (known, *addons)))

    def search(self, text: str, limit: int) -> tuple[Ticket, ...]:
        """Tickets whose name, e-mail or order number has words that begin so; any text is a query."""
        with self._copies.reading():
            found = [ticket for copy in self._copies.with_tickets() for ticket in copy.search(text, limit)]
            laid = Laid(self._outbox.on_tickets())
            # What was sold here may be in the copy already, while its answer is still on its way.
            whole = {ticket.id: ticket for ticket in (*laid.search(text), *found)}
            return tuple(map(laid.over, list(whole.values())[:limit]))

    def ticket(self, id_: TicketId) -> Ticket | None:
        with self._copies.reading():
            return self._over(self._copies.with_tickets()).by_id(id_)

    def scans_of(self, ticket: Ticket) -> tuple[Scan, ...]:
        with self._copies.reading():
            return self._past(self._tickets(), (ticket,))

    def own_scans(self, ticket: Ticket) -> tuple[Scan, ...]:
        """Those of them that were made here."""
        with self._copies.reading():
            return tuple(self._journal.scans_of(self._tickets().ids(ticket)))

    def _tickets(self) -> CachedTickets:
        copies = self._copies.with_tickets()
        if not copies:
            raise Unavailable(
                "This kiosk has no copy of the tickets yet: connect it to the server once, then scan again.",
                code="no_copy",
            )
        return self._over(copies)

    def _over(self, copies: list[Replica]) -> CachedTickets:
        return CachedTickets(copies, self.catalog(), Laid(self._outbox.on_tickets()))

    def _addons_wanted(self) -> bool:
        return any(list_.addons for list_ in self.catalog().lists.values())

    def _past(self, tickets: CachedTickets, wanted: Iterable[Ticket]) -> tuple[Scan, ...]:
        return tuple(scan for ticket in wanted for scan in self._scans(tickets, ticket))

    def _scans(self, tickets: CachedTickets, ticket: Ticket) -> list[Scan]:
        """A scan from before the ticket was known stands under the id made for it then."""
        ids = tickets.ids(ticket)
        known = [s for copy in self._copies.with_tickets() for id_ in ids for s in copy.scans_of(id_)]
        own = self._journal.scans_of(ids)
        return [
            scan if scan.ticket == ticket.id else replace(scan, ticket=ticket.id) for scan in (*own, *known)
        ]
