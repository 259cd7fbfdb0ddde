"""Taking part: by a ticket, or by answering an invitation; and stopping."""

from dataclasses import replace

from sqlalchemy import Connection

from domain.errors import Conflict, NotFound
from server.activity.record import record
from server.db.database import Transaction
from server.db.locks import lock
from server.events.life import EventState
from server.events.participants import store
from server.events.participants.choosing import choose, give_up
from server.events.participants.schemas import ResponseIn
from server.events.participants.states import TAKES_PART, Act, State, Visibility, after
from server.events.participants.store import Participant
from server.events.service import event_of
from server.events.store import Event
from server.ids import new_id

_PAST = {
    Act.INVITE: "invited",
    Act.WITHDRAW: "withdrawn",
    Act.ACCEPT: "accepted",
    Act.DECLINE: "declined",
    Act.JOIN: "joined",
    Act.LEAVE: "left",
}


def participant_of(
    transaction: Transaction, org: str, event: str, contact: str, *, state: State
) -> tuple[Participant, bool]:
    """The participation of a contact in an event, locked, and whether it was made just now, in that state."""
    connection = transaction.connection
    lock(connection, f"{org}/participant {event} {contact}")
    known = store.of_contact(connection, org, event, contact, lock=True)
    if known is not None:
        return known, False
    made = Participant(
        id=new_id(transaction.now),
        org=org,
        event=event,
        contact=contact,
        state=state,
        visibility=Visibility.HIDDEN,
        token=None,
        invited=None,
        answered=None,
        created=transaction.now,
        changed=transaction.now,
    )
    store.add(connection, made)
    return made, True


def join(transaction: Transaction, org: str, event: str, contact: str, actor: str) -> Participant:
    """The participation of somebody who holds a ticket; an invitation that stands open is accepted by it."""
    found, new = participant_of(transaction, org, event, contact, state=State.CONFIRMED)
    if new:
        _record(transaction, found, Act.JOIN, actor)
        return found
    return found if found.state in TAKES_PART else step(transaction, found, Act.JOIN, actor)


def respond(
    transaction: Transaction, participant: Participant, answer: ResponseIn, actor: str
) -> Participant:
    """Answers an invitation, of which the participant is locked; again, where somebody changes their mind.

    Raises `Conflict` for what was never an invitation or is none any more, an event that is over, and
    sessions as `choosing.choose` does: nothing was answered then.
    """
    running(transaction, participant)
    act = Act.ACCEPT if answer.response == "accepted" else Act.DECLINE
    changed = step(transaction, participant, act, actor)
    if answer.sessions is not None:
        choose(transaction, changed, answer.sessions, actor)
    return changed


def leave(transaction: Transaction, org: str, event: str, contact: str, actor: str) -> None:
    """Ends the participation of somebody whose last ticket is gone. An invitation that was accepted stays."""
    found = store.of_contact(transaction.connection, org, event, contact, lock=True)
    if found is not None and found.state is State.CONFIRMED:
        step(transaction, found, Act.LEAVE, actor)


def show(transaction: Transaction, participant: Participant, visibility: Visibility) -> Participant:
    """Lets other participants see so much of one."""
    changed = replace(participant, visibility=visibility, changed=transaction.now)
    store.change(transaction.connection, changed)
    return changed


def step(transaction: Transaction, participant: Participant, act: Act, actor: str) -> Participant:
    """Takes a step; whoever does not take part any more has no seat. Raises `Conflict`."""
    state = after(participant.state, act)
    if state is participant.state:
        return participant
    answered = transaction.now if act in (Act.ACCEPT, Act.DECLINE, Act.JOIN) else participant.answered
    changed = replace(participant, state=state, answered=answered, changed=transaction.now)
    store.change(transaction.connection, changed)
    if state not in TAKES_PART:
        give_up(transaction, changed)
    _record(transaction, changed, act, actor)
    return changed


def running(transaction: Transaction, participant: Participant) -> Event:
    """The event of a participation. Raises `Conflict` where nothing can be answered or chosen any more."""
    return open_event(transaction, event_of(transaction.connection, participant.org, participant.event))


def open_event(transaction: Transaction, event: Event) -> Event:
    """The event. Raises `Conflict` where it is not published, or over."""
    if event.state is not EventState.PUBLISHED:
        raise Conflict(f"this event is {event.state}", code="event_state", more={"state": event.state.value})
    if event.ends <= transaction.now:
        raise Conflict("this event is over", code="event_over")
    return event


def own(connection: Connection, org: str, contact: str, id_: str) -> Participant:
    """A participation of this contact, locked. Raises `NotFound`, for anybody else's too."""
    found = store.by_id(connection, org, id_, lock=True)
    if found is None or found.contact != contact:
        raise NotFound("there is no participation with this id")
    return found


def _record(transaction: Transaction, participant: Participant, act: Act, actor: str) -> None:
    record(
        transaction,
        org=participant.org,
        kind=f"participant.{_PAST[act]}",
        subject=f"participant:{participant.id}",
        actor=actor,
        data={"event": participant.event, "state": participant.state.value},
        contact=participant.contact,
    )
