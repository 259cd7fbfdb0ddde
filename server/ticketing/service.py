"""Changing a ticket, making its code again, giving it a new one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from domain import rotating_code, ticket_code
from domain.clock import Instant
from domain.errors import Conflict, NotFound
from domain.ticket import TicketState
from server.activity.record import Changed, record
from server.db.constraints import held
from server.db.database import Transaction
from server.events.service import scope
from server.events.tables import events
from server.ticketing import offers, store
from server.ticketing.codes import present_key, signing_keys, ticket_code_of
from server.ticketing.leaving import lost
from server.ticketing.schemas import TicketOut
from server.ticketing.states import VOID, Act, after
from server.ticketing.store import Kept
from server.ticketing.types import tier_of

_DONE = {
    Act.PAY: "paid",
    Act.APPROVE: "approved",
    Act.BLOCK: "blocked",
    Act.UNBLOCK: "unblocked",
    Act.CANCEL: "voided",
    Act.REFUND: "refunded",
}


def ticket_of(connection: Connection, org: str, event: str, id_: str, *, lock: bool = False) -> Kept:
    """Raises `NotFound`, for a ticket of another event or organisation too."""
    ticket = store.ticket(connection, org, event, id_, lock=lock)
    if ticket is None:
        raise NotFound("there is no ticket with this id")
    return ticket


def change(
    transaction: Transaction, ticket: Kept, actor: str, fields: Mapping[str, Any], act: Act | None
) -> Kept:
    """The ticket, changed. What lets nobody in any more is offered to nobody.

    Raises `Conflict` for an act that its state does not allow.
    """
    changed = replace(ticket, **fields)
    if act is not None:
        state = after(ticket.state, act, ticket.due)
        changed = replace(changed, state=state, due=0 if act is Act.PAY else changed.due)
    store.change(transaction.connection, changed)
    _record(transaction, changed, _DONE[act] if act else "changed", actor, dict(fields))
    if changed.state is not TicketState.VALID and offers.end(transaction, ticket, offers.WITHDRAWN):
        _record(transaction, changed, "offer_withdrawn", actor, {})
    if changed.state in VOID and ticket.state not in VOID:
        lost(transaction, ticket, actor)
    return changed


def reissue(transaction: Transaction, ticket: Kept, actor: str) -> tuple[Kept, str]:
    """The ticket with a new code; the old one is refused from now on.

    Raises `Conflict` for a ticket that is void.
    """
    if ticket.state in VOID:
        raise Conflict(f"this ticket is {ticket.state}: issue another one instead", code="ticket_state")
    raised = replace(ticket, generation=ticket.generation + 1, foreign_code=None)
    key = present_key(transaction, ticket.org, actor)
    code = key.code(store.printed(transaction.connection, raised))
    changed = replace(raised, digest=ticket_code.digest(code))
    with held("this ticket was reissued in the meantime: read it again", "code_taken"):
        store.revoke_code(transaction, ticket)
        store.change(transaction.connection, changed)
    revoked = Changed(scope(ticket.org, ticket.event), "revoked_code", ticket.digest.hex())
    _record(transaction, changed, "reissued", actor, {"generation": changed.generation}, revoked)
    return changed, code


def code_of(connection: Connection, ticket: Kept) -> str:
    """The ticket's present code, made again."""
    keys = signing_keys(connection, ticket.org)
    return ticket_code_of(keys, store.printed(connection, ticket), ticket.digest)


def shown_code(connection: Connection, ticket: Kept, now: Instant) -> str:
    """What a picture of the code holds: with this moment's digits where the type asks for them."""
    code = code_of(connection, ticket)
    if not tier_of(connection, ticket.org, ticket.event, ticket.type).rotating:
        return code
    asked = select(events.c.rotating_secret).where(events.c.org == ticket.org, events.c.id == ticket.event)
    event_secret = bytes(connection.execute(asked).scalar_one())
    secret = rotating_code.secret(event_secret, ticket.number, ticket.generation)
    return f"{code}/{rotating_code.digits(secret, now)}"


def shown(ticket: Kept) -> TicketOut:
    return TicketOut(
        id=ticket.id,
        event=ticket.event,
        type=ticket.type,
        number=ticket.number,
        generation=ticket.generation,
        state=ticket.state,
        name=ticket.name,
        email=ticket.email,
        order=ticket.order_number,
        seat=ticket.seat,
        session=ticket.session,
        note=ticket.note,
        attention=ticket.attention,
        perks=list(ticket.perks),
        due=ticket.due,
        currency=ticket.currency,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        main=ticket.main,
        foreign=ticket.foreign_code is not None,
        created=ticket.created,
    )


def _record(
    transaction: Transaction,
    ticket: Kept,
    what: str,
    actor: str,
    data: Mapping[str, object],
    *more: Changed,
) -> None:
    record(
        transaction,
        org=ticket.org,
        kind=f"ticket.{what}",
        subject=f"ticket:{ticket.id}",
        actor=actor,
        data=data,
        changed=[Changed(scope(ticket.org, ticket.event), "ticket", ticket.id), *more],
        contact=ticket.contact,
    )
