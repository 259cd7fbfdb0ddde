"""What staff at the door look up: tickets by name, the last scans, today's figures."""

from domain import admission
from domain.admission import CheckInList
from domain.ids import ListId
from domain.ticket import Ticket, TicketType
from kiosk.desk.outcome import Match, Recent
from kiosk.desk.ports import Clock, Corrected, DoorLog, Tickets
from kiosk.store.tally import Figures

_FOUND = 50


class DoorDesk:
    """Raises `Unavailable` where there is no copy to look in."""

    def __init__(self, tickets: Tickets, log: DoorLog, clock: Clock, corrected: Corrected) -> None:
        self._tickets, self._log = tickets, log
        self._clock, self._corrected = clock, corrected

    def search(self, text: str, limit: int = _FOUND) -> tuple[Match, ...]:
        """Tickets by the beginnings of words of name, e-mail or order number, from the third letter on; or
        the one ticket of a whole code."""
        found = self._tickets.search(text, limit)
        if not found and text.strip():
            gathered = self._tickets.gather(text, self._corrected(self._clock()))
            found = gathered.found.tickets if len(gathered.found.tickets) == 1 else ()
        return tuple(map(self._match, found))

    def recent(self, limit: int = 20) -> tuple[Recent, ...]:
        """The last scans of this kiosk, the newest first."""
        recent = []
        for noted in self._log.recent(limit):
            ticket = self._tickets.ticket(noted.scan.ticket) if noted.scan.ticket else None
            recent.append(Recent(noted.scan, noted.reason or "", ticket, self._type(ticket)))
        return tuple(recent)

    def figures(self, list_: ListId) -> Figures | None:
        """None where this kiosk does not know the list."""
        return self._log.figures(list_, self._corrected(self._clock()))

    def _match(self, ticket: Ticket) -> Match:
        scans = self._tickets.gather_ticket(ticket.id).past
        now = self._corrected(self._clock())
        inside = any(admission.presence(scans, list_, now).inside for list_ in self._lists(ticket))
        own = [scan for scan in scans if scan.ticket == ticket.id]
        return Match(ticket, self._type(ticket), inside, max(own, key=lambda scan: scan.at, default=None))

    def _lists(self, ticket: Ticket) -> list[CheckInList]:
        return [list_ for list_ in self._tickets.catalog().lists.values() if list_.event == ticket.event]

    def _type(self, ticket: Ticket | None) -> TicketType | None:
        return self._tickets.catalog().types.get((ticket.event, ticket.type)) if ticket else None
