"""Selling at the door: a ticket out of the seats that this kiosk has in hand, admitted with the same act.

A sale goes one way whether the server is there or not: it is on the disk before anybody sees it, and the
server hears of it as soon as it can.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from domain.admission import Admitted, CheckInList, Direction, Scan
from domain.clock import Instant
from domain.ids import OpId, TicketId, TicketTypeId
from domain.sync import Kind
from domain.ticket import Ticket, TicketType
from kiosk.desk.door import Door
from kiosk.desk.outcome import Outcome, Source
from kiosk.desk.ports import Clock, Corrected, DoorLog, DoorServer, Ids, Seats
from kiosk.desk.scan_facts import Request
from kiosk.store.journal import Noted
from kiosk.store.outbox import Act
from kiosk.store.seats import SeatLease
from kiosk.store.takings import Taking

Method = Literal["cash", "card", "free"]
Letters = Callable[[int], str]
"""So many letters that nobody guesses, five bits each."""

_CODE_LETTERS, _NUMBER_LETTERS = 25, 8


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, as far as they say. `language` is a BCP 47 tag."""

    name: str = ""
    email: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale with its admission: `code` is the ticket's, `number` the order's, as on the receipt."""

    outcome: Outcome
    code: str
    number: str
    price: int
    currency: str
    method: Method


@dataclass(frozen=True, slots=True)
class NotForSale:
    """No seat of this type is in this kiosk's hand any more."""

    type: TicketTypeId


@dataclass(frozen=True, slots=True)
class OtherPrice:
    """It costs something else than staff were shown, and have asked for."""

    type: TicketTypeId
    price: int
    currency: str


class WalkIn:
    """Not for several threads at once. Selling may raise `StorageFull`: then nothing was sold."""

    def __init__(
        self,
        door: Door,
        seats: Seats,
        log: DoorLog,
        server: DoorServer,
        now: Clock,
        corrected: Corrected,
        ids: Ids,
        letters: Letters,
    ) -> None:
        self._door, self._seats, self._log, self._server = door, seats, log, server
        self._now, self._corrected = now, corrected
        self._ids, self._letters = ids, letters

    def offers(self) -> tuple[SeatLease, ...]:
        """What is sold here now: of the door's events the types that a list of this door admits."""
        now, lists = self._corrected(self._now()), self._door.lists()
        events = dict.fromkeys(list_.event for list_ in lists)
        leases = (lease for event in events for lease in self._seats.of(event))
        return tuple(lease for lease in leases if lease.expires > now and _list_for(lists, lease))

    def sell(
        self, type_: TicketTypeId, method: Method, buyer: Buyer = Buyer(), shown: int | None = None
    ) -> Sold | NotForSale | OtherPrice:
        """Takes `free` as the price of what costs nothing. `shown` is the price that staff have seen."""
        lease = next((offer for offer in self.offers() if offer.type == type_), None)
        list_ = _list_for(self._door.lists(), lease) if lease else None
        if lease is None or list_ is None:
            return NotForSale(type_)
        if shown not in (None, lease.price):
            return OtherPrice(type_, lease.price, lease.currency)
        now = self._now()
        code, number = f"W{self._letters(_CODE_LETTERS)}", self._letters(_NUMBER_LETTERS)
        ticket = Ticket(
            id=TicketId(self._ids()),
            event=lease.event,
            type=lease.type,
            number=0,
            name=buyer.name,
            order=number,
            perks=lease.perks,
        )
        op, order, at = OpId(self._ids()), self._ids(), self._corrected(now)
        how: Method = method if lease.price else "free"
        payload: dict[str, object] = {
            "lease": lease.id,
            "event": lease.event,
            "type": lease.type,
            "orderId": order,
            "number": number,
            "ticketId": ticket.id,
            "code": code,
            "name": buyer.name,
            "email": buyer.email,
            "language": buyer.language,
            "method": how,
            "taken": lease.price,
            "perks": list(lease.perks),
            "lists": [each.id for each in self._door.lists()],
            "list": list_.id,
            "gate": self._door.setup.gate,
        }
        noted = self._noted(op, ticket, list_, at)
        taking = Taking(order, number, at, how, lease.price, lease.currency, ticket=ticket.id, op=op)
        if not self._log.record_sale(lease, Act(op, Kind.TICKET_SELL, now, payload), noted, taking):
            return NotForSale(type_)
        self._server.sent()
        outcome = Outcome(
            op=op,
            at=noted.scan.at,
            verdict=Admitted(ticket, list_.id, Direction.ENTRY),
            source=Source.HERE,
            request=Request(picked=ticket.id),
            type=TicketType(lease.type, lease.name, lease.colour),
            list_name=list_.name,
        )
        return Sold(outcome, code, number, lease.price, lease.currency, how)

    def sale(self, op: OpId) -> Taking | None:
        """What that act sold here; None where it was taken back."""
        return self._log.sold_by(op)

    def last_sale(self) -> Taking | None:
        """What the last admission of this kiosk that stands was sold with; None where nothing was."""
        last = self._log.last_granted()
        return self.sale(last.scan.op) if last else None

    def take_back(self, sale: OpId) -> Taking | None:
        """Takes a sale of this kiosk back with its admission: the ticket is void from now on, and its money
        is to be given back. None where it was taken back before."""
        taken, sold = self._log.sold_by(sale), self._log.find(sale)
        if taken is None or sold is None:
            return None
        op, now = OpId(self._ids()), self._now()
        payload = {"sale": sale, "orderId": taken.order, "ticketId": taken.ticket}
        given = replace(taken, at=self._corrected(now), back=True, op=op)
        act = Act(op, Kind.TICKET_TAKE_BACK, now, payload)
        self._log.record_sale_back(act, self._door.undoing(sold, op, now), given)
        self._server.sent()
        return given

    def _noted(self, op: OpId, ticket: Ticket, list_: CheckInList, at: Instant) -> Noted:
        setup = self._door.setup
        scan = Scan(op=op, at=at, ticket=ticket.id, list=list_.id, gate=setup.gate, device=setup.device)
        return Noted(scan, list_.event)


def _list_for(lists: tuple[CheckInList, ...], lease: SeatLease) -> CheckInList | None:
    """The first list of this door that admits what the lease is of."""
    fitting = (each for each in lists if each.event == lease.event)
    return next((each for each in fitting if not each.types or lease.type in each.types), None)
