"""Tickets as their holders see them: with their codes, and with the addresses of their pages.

A ticket's page stands at its code, since whoever has the code has the ticket. Where the code rotates,
that is not so: a photograph of it must not open the page that shows the next digits, so that the page's
address holds a key beside the code.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from hmac import new as hmac
from urllib.parse import quote

from sqlalchemy import Connection, select

from domain import rotating_code, ticket_code
from domain.clock import HOUR, Instant
from domain.errors import Conflict, Gone, NotFound
from domain.ticket import TicketState
from server.admission.tables import scans
from server.auth import customer_store
from server.events.service import event_of
from server.events.store import Event
from server.events.tables import events
from server.ticketing import owning
from server.ticketing.orders.values import Order
from server.ticketing.owning import Owned
from server.ticketing.service import code_of
from server.ticketing.store import Kept
from server.ticketing.tables import revoked_codes, ticket_keys, tickets

AHEAD = 24 * HOUR
"""For so long a page that was opened once shows a rotating code by itself."""
_VOID = (TicketState.CANCELED, TicketState.REFUNDED, TicketState.BLOCKED)
_S = scans.c


@dataclass(frozen=True, slots=True)
class Pass:
    """A ticket with its code, which is None where it cannot be made again; `address` is None where it is not
    one of ours: such a ticket is shown to its owner, and to who has its order."""

    owned: Owned
    code: str | None
    address: str | None

    @property
    def ticket(self) -> Kept:
        return self.owned.ticket

    @property
    def good(self) -> bool:
        return self.ticket.state is TicketState.VALID

    @property
    def printable(self) -> bool:
        """Whether paper lets its holder in: not where the code rotates."""
        return self.good and self.code is not None and not self.owned.type.rotating

    @property
    def void(self) -> bool:
        return self.ticket.state in _VOID


@dataclass(frozen=True, slots=True)
class Digits:
    """Those of a rotating code from the step `first` on, six for each."""

    first: int
    step: int
    run: str


def passes(connection: Connection, owned: Iterable[Owned]) -> tuple[Pass, ...]:
    return tuple(_pass(connection, each) for each in owned)


def of_order(connection: Connection, order: Order) -> tuple[Pass, ...]:
    """The tickets of an order that are still the buyer's; of one that went to somebody else the code is
    theirs alone.
    """
    owned = owning.of_order(connection, order.org, order.id)
    return passes(connection, (each for each in owned if _buyers(connection, order, each.ticket.owner)))


def found(connection: Connection, code: str) -> Owned:
    """The ticket of a signed code, as it stands in an address.

    Raises `Gone` for a code that the ticket had before, `NotFound` for any other: codes of other systems
    are not secrets, so that no page opens by them.
    """
    try:
        number = ticket_code.parse(code).code.key
    except ticket_code.Malformed:
        raise NotFound("there is no such ticket") from None
    org = connection.execute(select(ticket_keys.c.org).where(ticket_keys.c.number == number)).scalar()
    digest = ticket_code.digest(code)
    asked = select(tickets.c.event, tickets.c.id).where(tickets.c.org == org, tickets.c.digest == digest)
    row = connection.execute(asked).first()
    if row is None:
        revoked = select(revoked_codes.c.ticket)
        old = revoked.where(revoked_codes.c.org == org, revoked_codes.c.digest == digest)
        if connection.execute(old).first() is not None:
            raise Gone("this ticket has another code now", code="code_revoked")
        raise NotFound("there is no such ticket")
    return owning.by_id(connection, str(org), row.id)


def opens(connection: Connection, owned: Owned, key: str) -> bool:
    """Whether the address of a ticket with a rotating code holds its key."""
    return not owned.type.rotating or compare_digest(_key(_secret(connection, owned.ticket)), key.encode())


def digits(connection: Connection, ticket: Kept, now: Instant) -> Digits:
    """The digits from a moment ago on, for as long as `AHEAD`."""
    secret = _secret(connection, ticket)
    step = rotating_code.STEP
    first = max(0, now // step - 1)
    run = (rotating_code.digits(secret, Instant(each * step)) for each in range(first, first + AHEAD // step))
    return Digits(first, step, "".join(run))


def event_of_pass(connection: Connection, owned: Owned) -> Event:
    return event_of(connection, owned.ticket.org, owned.ticket.event)


def entered(connection: Connection, ticket: Kept) -> Instant | None:
    """When the ticket was first let in, unless that was taken back."""
    rows = connection.execute(
        select(_S.op, _S.at, _S.undoes, _S.direction, _S.granted).where(
            _S.org == ticket.org, _S.ticket == ticket.id
        )
    ).all()
    undone = {row.undoes for row in rows if row.undoes}
    entries = [row.at for row in rows if row.granted and row.direction == "entry" and row.op not in undone]
    return Instant(min(entries)) if entries else None


def _buyers(connection: Connection, order: Order, owner: str | None) -> bool:
    if owner is None or owner == order.customer:
        return True
    known = customer_store.by_id(connection, owner)
    return known is not None and known.email == order.email


def _pass(connection: Connection, owned: Owned) -> Pass:
    try:
        code = code_of(connection, owned.ticket)
    except Conflict:
        return Pass(owned, None, None)
    if owned.ticket.foreign_code is not None:
        return Pass(owned, code, None)
    key = {"k": _key(_secret(connection, owned.ticket)).decode()} if owned.type.rotating else {}
    return Pass(owned, code, address(code, key))


def address(code: str, more: Mapping[str, str] | None = None) -> str:
    """Where the page of a code is: it holds `/`, `%`, `+` and blanks, of which none may stand as it is."""
    query = "".join(f"?{name}={value}" for name, value in (more or {}).items())
    return f"/t/{quote(code, safe='')}{query}"


def own_address(ticket: Kept) -> str:
    """Where its owner sees a ticket, whatever its code is."""
    return f"/my/tickets/{ticket.id}"


def _secret(connection: Connection, ticket: Kept) -> bytes:
    asked = select(events.c.rotating_secret).where(events.c.org == ticket.org, events.c.id == ticket.event)
    event_secret = bytes(connection.execute(asked).scalar_one())
    return rotating_code.secret(event_secret, ticket.number, ticket.generation)


def _key(secret: bytes) -> bytes:
    return urlsafe_b64encode(hmac(secret, b"page", "sha256").digest()[:18])
