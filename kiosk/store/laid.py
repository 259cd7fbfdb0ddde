"""What this kiosk did to tickets, laid over its copy: those that it sold or took back, and perks that it
handed out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from domain import ticket_code
from domain.ids import EventId, TicketId, TicketTypeId
from domain.sync import Kind, Operation
from domain.ticket import Ticket, TicketState
from kiosk.store import search_index


class Laid:
    """Made of the operations whose effect is not in the copy yet."""

    def __init__(self, acts: Iterable[Operation]) -> None:
        self._sold: dict[TicketId, tuple[bytes, Ticket]] = {}
        self._redeemed: dict[TicketId, list[str]] = defaultdict(list)
        self._back: set[TicketId] = set()
        for act in acts:
            said = act.payload
            id_ = TicketId(str(said.get("ticketId")))
            if act.kind == Kind.TICKET_SELL:
                self._sold[id_] = ticket_code.digest(str(said.get("code"))), _sold(id_, act)
            elif act.kind == Kind.TICKET_TAKE_BACK:
                self._back.add(id_)
            else:
                self._redeemed[id_].append(str(said.get("perk")))

    def by_digest(self, digest: bytes) -> list[Ticket]:
        return [ticket for own, ticket in self._sold.values() if own == digest]

    def by_id(self, id_: TicketId) -> Ticket | None:
        found = self._sold.get(id_)
        return found[1] if found else None

    def search(self, text: str) -> list[Ticket]:
        """Those sold here whose name or order number has words that begin so."""
        sold = (ticket for _, ticket in self._sold.values())
        return [ticket for ticket in sold if search_index.fits(text, f"{ticket.name} {ticket.order}")]

    def over(self, ticket: Ticket) -> Ticket:
        """The ticket with what was handed out of it here, void where its money was given back."""
        if ticket.id in self._back:
            ticket = replace(ticket, state=TicketState.REFUNDED)
        handed = self._redeemed.get(ticket.id)
        return replace(ticket, redeemed=(*ticket.redeemed, *handed)) if handed else ticket


def _sold(id_: TicketId, act: Operation) -> Ticket:
    said = act.payload
    perks = said.get("perks")
    return Ticket(
        id=id_,
        event=EventId(str(said.get("event"))),
        type=TicketTypeId(str(said.get("type"))),
        number=0,
        name=str(said.get("name") or ""),
        order=str(said.get("number") or ""),
        perks=tuple(map(str, perks)) if isinstance(perks, list) else (),
    )
