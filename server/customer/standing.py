"""What a customer is to an event: what they hold of it, and whether they take part."""

from dataclasses import dataclass

from sqlalchemy import Connection

from domain.errors import Forbidden, NotFound
from domain.ticket import TicketState
from server.auth.caller import Caller
from server.customer.dependencies import account
from server.db.database import Transaction
from server.events.life import EventState
from server.events.participants import service
from server.events.participants import store as participants
from server.events.participants.choosing import choose
from server.events.participants.schemas import ChoiceIn
from server.events.participants.states import State
from server.events.participants.store import Participant
from server.events.service import event_of
from server.events.store import Event
from server.ticketing import owning
from server.ticketing.owning import Owned


@dataclass(frozen=True, slots=True)
class Standing:
    """An event with a customer's tickets and participation in it; `contact` is who they are in the book."""

    event: Event
    contact: str
    tickets: list[Owned]
    participant: Participant | None

    @property
    def holds(self) -> bool:
        """Whether a ticket of theirs lets them in."""
        return any(owned.ticket.state is TicketState.VALID for owned in self.tickets)

    @property
    def takes_part(self) -> bool:
        """By a ticket that lets them in, or by an invitation that they accepted."""
        part = self.participant
        return self.holds or (part is not None and part.state is State.ACCEPTED)

    def check(self) -> None:
        """Raises `Forbidden` for who does not take part."""
        if not self.takes_part:
            raise Forbidden(
                "this is for who takes part: get a ticket, or accept your invitation", code="not_taking_part"
            )


def standing(connection: Connection, caller: Caller, event: str, *, lock: bool = False) -> Standing:
    """Raises `NotFound` for an event that the caller may not see: a draft, or one that was put away and that
    they have nothing of. `lock` where their participation is to be changed: tickets before participations,
    as whoever takes a ticket back does."""
    known = account(connection, caller)
    found = event_of(connection, caller.org, event)
    contact = known.contact or ""
    tickets = owning.of_events(connection, caller.org, caller.id, [event], lock=lock)
    part = participants.of_contact(connection, caller.org, event, contact, lock=lock)
    of_old = found.state is EventState.ARCHIVED and (tickets or part)
    if found.state not in (EventState.PUBLISHED, EventState.CANCELLED) and not of_old:
        raise NotFound("there is no event with this id")
    return Standing(found, contact, tickets, part)


def take_part(transaction: Transaction, caller: Caller, event: str, body: ChoiceIn) -> Participant:
    """Lets a customer be in these sessions and in no others, and others see so much of them.

    Raises `Forbidden` for who does not take part, and what `service.open_event` and `choose` do.
    """
    found = standing(transaction.connection, caller, event, lock=True)
    found.check()
    service.open_event(transaction, found.event)
    part = found.participant
    if found.holds or part is None:
        part = service.join(transaction, caller.org, event, found.contact, caller.actor)
    if body.visibility is not None:
        part = service.show(transaction, part, body.visibility)
    choose(transaction, part, body.sessions, caller.actor)
    return part
