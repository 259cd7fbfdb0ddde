"""Tickets for `domain.lookup`: found in all the copies of this kiosk, or made from a verified code alone."""

from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature

from domain import rotating_code
from domain.ids import EventId, TicketId, TicketTypeId
from domain.ticket import Ticket
from domain.ticket_code import TicketCode
from kiosk.store.catalog import Catalog
from kiosk.store.laid import Laid
from kiosk.store.replica import Replica

_UNSEEN = "unseen-"


class CachedTickets:
    """Fits `domain.lookup.Tickets`, and verifies signatures with the keys that came with the copies.

    `laid` is what this kiosk did that is not in the copies yet.
    """

    def __init__(self, replicas: Sequence[Replica], catalog: Catalog, laid: Laid) -> None:
        self._replicas, self._catalog, self._laid = replicas, catalog, laid

    def by_digest(self, digest: bytes) -> list[Ticket]:
        found = [ticket for replica in self._replicas for ticket in replica.by_digest(digest)]
        return list(map(self._laid.over, found or self._laid.by_digest(digest)))

    def by_revoked(self, digest: bytes) -> list[Ticket]:
        return [ticket for replica in self._replicas for ticket in replica.by_revoked(digest)]

    def by_number(self, event: int, number: int) -> Ticket | None:
        known = self._catalog.event_of_number(event)
        if known is None:
            return None
        found = (replica.by_number(known.id, number) for replica in self._replicas)
        return next((self._laid.over(ticket) for ticket in found if ticket is not None), None)

    def by_id(self, id_: TicketId) -> Ticket | None:
        found = (*(replica.by_id(id_) for replica in self._replicas), self._laid.by_id(id_))
        return next((self._laid.over(ticket) for ticket in found if ticket is not None), None)

    def addons(self, ticket: Ticket) -> list[Ticket]:
        return [addon for replica in self._replicas for addon in replica.addons(ticket.id)]

    def unseen(self, code: TicketCode) -> Ticket:
        """A ticket that no copy has yet: its code is genuine, and says all that is known of it."""
        event = self._catalog.event_of_number(code.event)
        event_id = event.id if event else EventId("")
        return Ticket(
            id=unseen_id(code.event, code.ticket),
            event=event_id,
            type=self._catalog.type_numbers.get((event_id, code.type), TicketTypeId("")),
            number=code.ticket,
            generation=code.generation,
            valid_from=code.valid_from,
            valid_until=code.valid_until,
        )

    def rotating_secret(self, ticket: Ticket) -> bytes | None:
        type_ = self._catalog.types.get((ticket.event, ticket.type))
        event = self._catalog.events.get(ticket.event)
        if type_ is None or not type_.rotating or event is None:
            return None
        return rotating_code.secret(event.secret, ticket.number, ticket.generation)

    def verify(self, key: int, message: bytes, signature: bytes) -> bool | None:
        """None for a key that is not among those of the copies."""
        public = self._catalog.keys.get(key)
        if public is None:
            return None
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def ids(self, ticket: Ticket) -> tuple[TicketId, ...]:
        """Under which ids scans of this ticket may stand: also those from before it was known."""
        event = self._catalog.events.get(ticket.event)
        numbered = event is not None and ticket.number > 0
        return (ticket.id, unseen_id(event.number, ticket.number)) if event and numbered else (ticket.id,)


def unseen_id(event: int, ticket: int) -> TicketId:
    return TicketId(f"{_UNSEEN}{event}-{ticket}")


def is_unseen(ticket: TicketId) -> bool:
    """Whether this id was made here, for a ticket of which only the code is known."""
    return ticket.startswith(_UNSEEN)
