"""Making, changing and dropping the sessions of an event."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from domain import replica
from domain.errors import FieldError, Invalid, NotFound
from server.activity.record import Changed, record
from server.db.constraints import held
from server.db.database import Transaction
from server.events.participants.tables import participants
from server.events.service import event_of, scope
from server.events.sessions import store
from server.events.sessions.schemas import SessionIn, SessionOut, Speaker
from server.events.sessions.store import Session
from server.events.sessions.tables import choices
from server.events.store import Event
from server.ids import new_id


def add(transaction: Transaction, org: str, event: str, actor: str, new: SessionIn) -> Session:
    """Raises `NotFound` where there is no such event, `Conflict` where the id is taken, `Invalid` where the
    session does not lie within the event."""
    whole = event_of(transaction.connection, org, event, lock=True)
    session = Session(
        org=org,
        event=event,
        id=new.id or new_id(transaction.now),
        title=dict(new.title),
        abstract=dict(new.abstract),
        room=new.room,
        track=new.track,
        speakers=_names(new.speakers),
        starts=new.starts,
        ends=new.ends,
        capacity=new.capacity,
        created=transaction.now,
        changed=transaction.now,
    )
    _check(whole, session)
    with held(f"there is a session {session.id!r} already: take another id", "id_taken"):
        store.add(transaction.connection, session)
    _record(transaction, session, "made", actor, {"title": session.title})
    return session


def change(transaction: Transaction, session: Session, actor: str, fields: Mapping[str, Any]) -> Session:
    """A smaller capacity than was chosen already takes no seat away.

    Raises `Invalid` where the session would not lie within the event.
    """
    values: dict[str, Any] = {
        name: _names(value) if name == "speakers" else value for name, value in fields.items()
    }
    changed = replace(session, **values, changed=transaction.now)
    _check(event_of(transaction.connection, session.org, session.event), changed)
    store.change(transaction.connection, changed)
    _record(transaction, changed, "changed", actor, values)
    return changed


def remove(transaction: Transaction, session: Session, actor: str) -> None:
    """Drops a session. Who had chosen it reads of that in their timeline."""
    connection, lost = transaction.connection, choices.c
    asked = (
        select(participants.c.id, participants.c.contact)
        .join(choices, lost.participant == participants.c.id)
        .where(lost.org == session.org, lost.event == session.event, lost.session == session.id)
    )
    choosers = connection.execute(asked).all()
    store.remove(connection, session)
    data = {"title": session.title, "chosen": len(choosers)}
    _record(transaction, session, "deleted", actor, data, gone=True)
    for chooser in choosers:
        record(
            transaction,
            org=session.org,
            kind="participant.session_lost",
            subject=f"participant:{chooser.id}",
            actor=actor,
            data={"event": session.event, "session": session.id, "title": session.title},
            contact=chooser.contact,
        )


def session_of(connection: Connection, org: str, event: str, id_: str, *, lock: bool = False) -> Session:
    """Raises `NotFound`, for a session of another event or organisation too. `lock` where it is to change.

    The event is locked before its sessions, by everybody.
    """
    event_of(connection, org, event, lock=lock)
    session = store.session(connection, org, event, id_, lock=lock)
    if session is None:
        raise NotFound("there is no session with this id")
    return session


def left(session: Session, taken: int) -> int | None:
    """The seats that nobody has chosen, never below 0; None without limit."""
    return None if session.capacity is None else max(session.capacity - taken, 0)


def shown(session: Session, taken: int) -> SessionOut:
    return SessionOut(
        id=session.id,
        event=session.event,
        title=session.title,
        abstract=session.abstract,
        room=session.room,
        track=session.track,
        speakers=[Speaker(name=name, about=about) for name, about in session.speakers],
        starts=session.starts,
        ends=session.ends,
        capacity=session.capacity,
        taken=taken,
        left=left(session, taken),
    )


def unchosen(session: Session) -> SessionOut:
    """The session without what others choose meanwhile, as it counts for whoever changes it."""
    return shown(session, 0)


def _names(speakers: list[Speaker]) -> tuple[tuple[str, str], ...]:
    return tuple((speaker.name, speaker.about) for speaker in speakers)


def _check(event: Event, session: Session) -> None:
    field, message = "", ""
    if session.ends <= session.starts:
        field, message = "ends", "a session ends after it starts"
    elif session.starts < event.starts:
        field, message = "starts", "a session starts no earlier than its event"
    elif session.ends > event.ends:
        field, message = "ends", "a session ends no later than its event"
    if message:
        raise Invalid(message, errors=(FieldError(("body", field), message),))


def _record(
    transaction: Transaction,
    session: Session,
    what: str,
    actor: str,
    data: Mapping[str, object],
    *,
    gone: bool = False,
) -> None:
    record(
        transaction,
        org=session.org,
        kind=f"session.{what}",
        subject=f"session:{session.event}/{session.id}",
        actor=actor,
        data=data,
        changed=[Changed(scope(session.org, session.event), replica.EVENT_SESSION.name, session.id, gone)],
    )
