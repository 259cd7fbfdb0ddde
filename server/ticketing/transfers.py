"""Giving a ticket to somebody else: offered by a mailed link, and theirs once they claim it.

The link's token is made of the offer's id and the organisation's key whenever the mail is composed; what is
kept is its digest. Until somebody claims it, the ticket lets its owner in.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from hashlib import blake2b

from sqlalchemy import Connection, insert, select, update

from domain.clock import Instant
from domain.errors import Conflict, Gone, NotFound
from domain.ticket import TicketState
from server.activity.record import record
from server.auth import customer_store
from server.auth.customer_store import Customer
from server.auth.tokens import digest
from server.db.database import Transaction
from server.events.life import OFF
from server.events.service import event_of
from server.events.store import Event
from server.ids import new_id
from server.messaging.post import post
from server.ticketing import offers, service, store
from server.ticketing.codes import SigningKey, present_key, signing_keys
from server.ticketing.holders import mail_ticket
from server.ticketing.leaving import lost
from server.ticketing.offers import CLAIMED, OFFERED, REPLACED, WITHDRAWN
from server.ticketing.store import Kept
from server.ticketing.tables import ticket_transfers

_X = ticket_transfers.c


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives a ticket away: its owner, or whoever holds the order that it is of."""

    email: str
    name: str
    language: str
    actor: str
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """An offer as it is kept."""

    id: str
    org: str
    ticket: str
    owner: str | None
    email: str
    message: str
    digest: str
    state: str
    taker: str | None
    created: Instant
    ended: Instant | None


def offer(transaction: Transaction, ticket: Kept, giver: Giver, email: str, message: str) -> Transfer:
    """Offers a ticket, of which the caller has the row, and mails the link; an earlier offer ends.

    Raises `Conflict` for a ticket that lets nobody in, an event that is called off or over, and for one's own
    address.
    """
    _check_on(transaction, ticket)
    if ticket.state is not TicketState.VALID:
        raise Conflict(f"this ticket is {ticket.state}: it cannot be given away", code="ticket_state")
    if email == giver.email.lower():
        raise Conflict("this is your own address: name somebody else's", code="own_ticket")
    offers.end(transaction, ticket, REPLACED)
    id_, key = new_id(transaction.now), present_key(transaction, ticket.org, giver.actor)
    made = Transfer(
        id=id_,
        org=ticket.org,
        ticket=ticket.id,
        owner=giver.customer,
        email=email,
        message=message,
        digest=digest(_token(key, id_)),
        state=OFFERED,
        taker=None,
        created=transaction.now,
        ended=None,
    )
    values = {name: getattr(made, name) for name in Transfer.__slots__}
    transaction.connection.execute(insert(ticket_transfers).values(**values))
    _trail(transaction, ticket, "offered", giver.actor)
    post(
        transaction,
        org=ticket.org,
        kind="ticket.transfer",
        cause=f"ticket.transfer {id_}",
        to=email,
        language=giver.language,
        about={"transfer": id_, "from": giver.name or giver.email},
        event=ticket.event,
    )
    return made


def withdraw(transaction: Transaction, ticket: Kept, actor: str) -> None:
    """Takes an offer back. Raises `NotFound` where there is none."""
    if not offers.end(transaction, ticket, WITHDRAWN):
        raise NotFound("this ticket is offered to nobody")
    _trail(transaction, ticket, "offer_withdrawn", actor)


def claim(transaction: Transaction, org: str, token: str, taker: Customer) -> Kept:
    """Makes the offered ticket this customer's, with a new code; the old one is void from now on.

    Raises `NotFound` for a token that is none, `Gone` for an offer that has ended, be it with its event,
    `Conflict` for one's own ticket and for one that lets nobody in.
    """
    found = _by_token(transaction.connection, token, org)
    ticket = store.by_id(transaction.connection, org, found.ticket, lock=True) if found else None
    transfer = _by_token(transaction.connection, token, org)
    if ticket is None or transfer is None:
        raise NotFound("this link is not one of ours: open it as it stands in the mail")
    if transfer.state != OFFERED:
        raise Gone("this ticket was claimed, or is not offered any more", code="offer_ended")
    try:
        _check_on(transaction, ticket)
    except Conflict as problem:
        raise Gone(problem.detail, code="offer_ended") from problem
    if ticket.owner == taker.id:
        raise Conflict("this ticket is yours already", code="own_ticket")
    if ticket.state is not TicketState.VALID:
        raise Conflict(f"this ticket is {ticket.state}: it cannot be taken", code="ticket_state")
    actor = f"customer:{taker.id}"
    _trail(transaction, ticket, "transferred", actor)
    taken = replace(
        ticket,
        owner=taker.id,
        contact=taker.contact,
        name=taker.name or taker.email,
        email=taker.email,
    )
    taken, _ = service.reissue(transaction, taken, actor)
    ends = {"state": CLAIMED, "taker": taker.id, "ended": transaction.now}
    transaction.connection.execute(update(ticket_transfers).where(_X.id == transfer.id).values(**ends))
    _trail(transaction, taken, "claimed", actor)
    lost(transaction, ticket, actor)
    _tell(transaction, ticket, taken, transfer)
    return taken


def offered(connection: Connection, token: str) -> Transfer | None:
    """The offer of a link as long as it stands, for whoever has the link."""
    found = _by_token(connection, token)
    return found if found is not None and found.state == OFFERED else None


def is_on(event: Event, now: Instant) -> bool:
    """Whether tickets of an event may still go to somebody else."""
    return event.state not in OFF and now < event.ends


def one(connection: Connection, id_: str) -> Transfer | None:
    row = connection.execute(select(ticket_transfers).where(_X.id == id_)).first()
    return None if row is None else Transfer(**row._mapping)


def token_of(connection: Connection, transfer: Transfer) -> str | None:
    """The token of an offer, made again; None where the key that made it is gone."""
    made = (_token(key, transfer.id) for key in signing_keys(connection, transfer.org))
    return next((token for token in made if digest(token) == transfer.digest), None)


def _token(key: SigningKey, id_: str) -> str:
    made = blake2b(id_.encode(), digest_size=24, key=key.private, person=b"usher-claim").digest()
    return urlsafe_b64encode(made).decode()


def _by_token(connection: Connection, token: str, org: str | None = None) -> Transfer | None:
    asked = select(ticket_transfers).where(_X.digest == digest(token))
    row = connection.execute(asked if org is None else asked.where(_X.org == org)).first()
    return None if row is None else Transfer(**row._mapping)


def _check_on(transaction: Transaction, ticket: Kept) -> None:
    event = event_of(transaction.connection, ticket.org, ticket.event)
    if not is_on(event, transaction.now):
        why, code = (event.state.value, "event_state") if event.state in OFF else ("over", "event_over")
        raise Conflict(f"this event is {why}: its tickets stay where they are", code=code)


def _tell(transaction: Transaction, before: Kept, taken: Kept, transfer: Transfer) -> None:
    """Mails the ticket to who has it now, and that it is gone to who had it."""
    mail_ticket(transaction, taken)
    giver = customer_store.by_id(transaction.connection, transfer.owner) if transfer.owner else None
    to = giver.email if giver else before.email
    if to:
        post(
            transaction,
            org=taken.org,
            kind="ticket.claimed",
            cause=f"ticket.claimed {transfer.id}",
            to=to,
            name=giver.name if giver else before.name,
            language=giver.language if giver else "en",
            about={"transfer": transfer.id},
            event=taken.event,
            contact=giver.contact if giver else before.contact,
        )


def _trail(transaction: Transaction, ticket: Kept, what: str, actor: str) -> None:
    record(
        transaction,
        org=ticket.org,
        kind=f"ticket.{what}",
        subject=f"ticket:{ticket.id}",
        actor=actor,
        data={"event": ticket.event},
        contact=ticket.contact,
    )
