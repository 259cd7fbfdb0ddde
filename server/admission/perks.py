"""Perks at the door: handed out while the server answers, or by a kiosk that was alone."""

from dataclasses import dataclass

from domain import clock
from domain.clock import Instant
from domain.errors import Conflict, Invalid, NotFound
from domain.ids import OpId
from domain.sync import Answer, Operation, Status
from domain.ticket import TicketState
from server.auth.caller import Caller, Role
from server.db.database import Transaction
from server.operations import take_turns
from server.ticketing import perks, store
from server.ticketing.perks import Handed
from server.ticketing.store import Kept


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What was handed out, of a ticket as it is now; `duplicate` where this operation did it before."""

    ticket: Kept
    handed: Handed
    duplicate: bool = False


def redeem(
    transaction: Transaction, caller: Caller, ticket_id: str, perk: str, op: OpId, at: Instant
) -> Redeemed:
    """Hands a perk out once. A repeated operation answers as the first time.

    Raises `NotFound` for a ticket that is not the caller's, `Invalid` for a perk that it does not give,
    `Conflict` where it was handed out before, or the ticket is void.
    """
    take_turns(transaction.connection, caller.org, [op])
    ticket = _ticket(transaction, caller, ticket_id, perk)
    before = perks.by_op(transaction.connection, caller.org, op)
    if before is not None:
        return Redeemed(ticket, before, duplicate=True)
    if ticket.state is not TicketState.VALID:
        raise Conflict(f"this ticket is {ticket.state}: it gives nothing", code="ticket_state")
    if ticket.redeemed.count(perk) >= ticket.perks.count(perk):
        first = _first(transaction, ticket, perk)
        raise Conflict(f"{perk!r} was handed out before", code="perk_redeemed", more={"first": first})
    return _hand_out(transaction, caller, ticket, perk, op, at, offline=False)


def keep(transaction: Transaction, caller: Caller, operation: Operation, ticket_id: str, perk: str) -> Answer:
    """Keeps what a kiosk handed out: a fact, also where another door had handed it out already."""
    ticket = _ticket(transaction, caller, ticket_id, perk)
    before = perks.by_op(transaction.connection, caller.org, operation.op)
    if before is not None:
        return Answer(operation.op, Status.DUPLICATE, {"perk": before.perk})
    first = _first(transaction, ticket, perk)
    done = _hand_out(transaction, caller, ticket, perk, operation.op, operation.at, offline=True)
    if done.handed.beyond:
        return Answer(operation.op, Status.CONFLICT, {"perk": perk, "first": first})
    if ticket.state is not TicketState.VALID:
        return Answer(operation.op, Status.CONFLICT, {"perk": perk, "state": ticket.state})
    return Answer(operation.op, Status.APPLIED, {"perk": perk})


def _hand_out(
    transaction: Transaction, caller: Caller, ticket: Kept, perk: str, op: OpId, at: Instant, *, offline: bool
) -> Redeemed:
    device = caller.id if caller.role is Role.DEVICE else ""
    ticket, handed = perks.hand_out(
        transaction, ticket, perk, op=op, at=at, actor=caller.actor, device=device, offline=offline
    )
    return Redeemed(ticket, handed)


def _ticket(transaction: Transaction, caller: Caller, id_: str, perk: str) -> Kept:
    ticket = store.by_id(transaction.connection, caller.org, id_, lock=True)
    if ticket is None or not caller.covers(f"event:{ticket.event}"):
        raise NotFound("there is no such ticket")
    if perk not in ticket.perks:
        gives = ", ".join(ticket.perks) or "nothing"
        raise Invalid(f"this ticket gives {gives}", code="perk_unknown")
    return ticket


def _first(transaction: Transaction, ticket: Kept, perk: str) -> dict[str, object]:
    """Who handed it out before; empty for nobody."""
    for handed in perks.handed_out(transaction.connection, ticket):
        if handed.perk == perk:
            return {"opId": handed.op, "at": clock.rfc3339(handed.at), "device": handed.device}
    return {}
