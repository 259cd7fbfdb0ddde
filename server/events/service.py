"""Making, changing and ending events."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from domain.errors import Conflict, FieldError, Invalid, NotFound
from server.activity.record import Changed, record
from server.db.constraints import held
from server.db.database import Transaction
from server.events import slugs, store
from server.events.life import TRANSITIONS, EventState, Step
from server.events.schemas import Coordinates, EventIn, EventOut
from server.events.sessions import store as sessions
from server.events.store import Event
from server.ids import new_id

_PAST = {Step.PUBLISH: "published", Step.CANCEL: "cancelled", Step.ARCHIVE: "archived"}
# What the database deletes together with its event, and kiosks must forget.
_GO_WITH_IT = ("ticket_type", "check_in_list", "event_session")


def scope(org: str, event: str) -> str:
    """The scope in which an event's records are synced."""
    return f"{org}/event:{event}"


def listing(org: str) -> str:
    """The scope that is touched when what an organisation has on changes."""
    return f"{org}/events"


def add(transaction: Transaction, org: str, actor: str, new: EventIn) -> Event:
    """A new draft, with the next number of the organisation.

    Raises `Conflict` where the id or the slug is taken.
    """
    id_ = new.id or new_id(transaction.now)
    place = new.coordinates
    event = Event(
        org=org,
        id=id_,
        number=store.next_number(transaction.connection, org),
        name=dict(new.name),
        starts=new.starts,
        ends=new.ends,
        zone=new.zone,
        place=new.place,
        description=dict(new.description),
        languages=tuple(new.languages or new.name),
        address=new.address,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        tags=tuple(new.tags),
        slug=_slug(transaction.connection, org, id_, new),
        cover=None,
        state=EventState.DRAFT,
        created=transaction.now,
        changed=transaction.now,
    )
    with held(f"there is an event {event.id!r} already: take another id", "id_taken"):
        store.add(transaction.connection, event)
    _record(transaction, event, "made", actor)
    return event


def change(transaction: Transaction, event: Event, actor: str, fields: Mapping[str, Any]) -> Event:
    """Raises `Invalid` where the event would end before it starts, `Conflict` where its slug is taken or
    some of its sessions would lie outside."""
    changed = replace(event, **fields, changed=transaction.now)
    if changed.slug != event.slug:
        slugs.take(transaction.connection, event.org, changed.slug, event.id)
    if changed.ends <= changed.starts:
        message = "an event ends after it starts"
        raise Invalid(message, errors=(FieldError(("body", "ends"), message),))
    if (changed.starts, changed.ends) != (event.starts, event.ends):
        _hold(transaction.connection, changed)
    store.change(transaction.connection, changed)
    _record(transaction, changed, "changed", actor, fields)
    return changed


def step(transaction: Transaction, event: Event, actor: str, taken: Step) -> Event:
    """Raises `Conflict` with the state found and what is allowed."""
    allowed = TRANSITIONS[event.state]
    state = allowed.get(taken)
    if state is None:
        steps = ", ".join(allowed) or "nothing"
        raise Conflict(
            f"this event is {event.state}: what can be done with it is {steps}",
            code="event_state",
            more={"state": event.state, "allowed": list(allowed)},
        )
    if taken is Step.ARCHIVE and event.state is EventState.PUBLISHED and event.ends > transaction.now:
        raise Conflict("this event is not over: cancel it, or archive it afterwards", code="event_not_over")
    changed = replace(event, state=state, changed=transaction.now)
    store.change(transaction.connection, changed)
    _record(transaction, changed, _PAST[taken], actor)
    return changed


def remove(transaction: Transaction, event: Event, actor: str) -> None:
    """Deletes an event with its types, lists and sessions. Raises `Conflict` once there are tickets."""
    gone = [
        Changed(scope(event.org, event.id), table, key, gone=True)
        for table in _GO_WITH_IT
        for key in _keys(transaction.connection, table, event)
    ]
    with held("tickets were issued or ordered for this event: archive it instead", "event_has_tickets"):
        store.remove(transaction.connection, event)
    transaction.touched.add(listing(event.org))
    record(
        transaction,
        org=event.org,
        kind="event.deleted",
        subject=f"event:{event.id}",
        actor=actor,
        data={"name": event.name},
        changed=[*gone, Changed(scope(event.org, event.id), "event", event.id, gone=True)],
    )


def event_of(connection: Connection, org: str, id_: str, *, lock: bool = False) -> Event:
    """Raises `NotFound`, for an event of another organisation too. `lock` where it is to be changed."""
    event = store.event(connection, org, id_, lock=lock)
    if event is None:
        raise NotFound("there is no event with this id")
    return event


def shown(event: Event) -> EventOut:
    return EventOut(
        id=event.id,
        number=event.number,
        name=event.name,
        starts=event.starts,
        ends=event.ends,
        zone=event.zone,
        place=event.place,
        description=event.description,
        languages=list(event.languages),
        address=event.address,
        coordinates=coordinates(event),
        tags=list(event.tags),
        slug=event.slug,
        cover=event.cover,
        state=event.state,
        created=event.created,
        changed=event.changed,
    )


def coordinates(event: Event) -> Coordinates | None:
    if event.latitude is None or event.longitude is None:
        return None
    return Coordinates(latitude=event.latitude, longitude=event.longitude)


def _slug(connection: Connection, org: str, id_: str, new: EventIn) -> str:
    if new.slug is not None:
        return slugs.take(connection, org, new.slug, id_)
    return slugs.make(connection, (*new.name.values(), id_))


def _hold(connection: Connection, event: Event) -> None:
    """Raises `Conflict` where sessions of the event lie outside of its times."""
    outside = sessions.outside(connection, event.org, event.id, event.starts, event.ends)
    if outside:
        raise Conflict(
            f"{len(outside)} of its sessions would lie outside of the event: move them first",
            code="sessions_outside",
            more={"sessions": outside},
        )


def _keys(connection: Connection, table: str, event: Event) -> list[str]:
    columns = SQLModel.metadata.tables[table].c
    asked = select(columns.id).where(columns.org == event.org, columns.event == event.id)
    return list(connection.execute(asked).scalars())


def _record(
    transaction: Transaction, event: Event, what: str, actor: str, data: Mapping[str, object] | None = None
) -> None:
    transaction.touched.add(listing(event.org))
    record(
        transaction,
        org=event.org,
        kind=f"event.{what}",
        subject=f"event:{event.id}",
        actor=actor,
        data=data or {"name": event.name},
        changed=[Changed(scope(event.org, event.id), "event", event.id)],
    )
