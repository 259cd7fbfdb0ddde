"""Entries as they are told: to staff and devices in full, to whoever holds a link nothing personal."""

from sqlalchemy import Connection

from domain.clock import SECOND, Instant
from domain.forecast import Forecast
from domain.queue import State, grace_left
from server.queues import store
from server.queues.line import Line, line
from server.queues.moves import events_for_people
from server.queues.schemas import EntryOut, ForecastOut, PublicEntry
from server.queues.values import Place


def entry_link(base_url: str, entry: str) -> str:
    return f"{base_url}/q/entry/{entry}"


def seconds(milliseconds: float) -> int:
    """Whole seconds, upwards: nobody is told less than it takes."""
    return int(-(-milliseconds // SECOND))


def forecast_out(forecast: Forecast) -> ForecastOut:
    return ForecastOut(
        p50=seconds(forecast.p50), p80=seconds(forecast.p80), p90=seconds(forecast.p90), basis=forecast.basis
    )


def around(connection: Connection, place: Place, at: Instant) -> Line:
    """The line in which an entry stands."""
    return line(connection, store.point(connection, place.org, place.entry.service_point), at)


def entry_out(there: Line, place: Place, base_url: str) -> EntryOut:
    entry, person = place.entry, place.person
    position = there.position(place)
    left = grace_left(entry, there.at, there.point.rules)
    return EntryOut(
        id=entry.id,
        visit=place.visit,
        service_point=entry.service_point,
        number=entry.number,
        category=entry.category,
        priority=entry.priority,
        state=entry.state,
        joined=entry.joined,
        sequence=entry.sequence,
        changed=entry.changed,
        counter=entry.counter,
        called=entry.called,
        calls=entry.calls,
        front=entry.front,
        arrived=entry.arrived,
        held_from=entry.held_from,
        name=person.name,
        call_by_name=person.call_by_name,
        party=person.party,
        note=person.note,
        version=place.version,
        position=position,
        ahead=None if position is None else position - 1,
        forecast=None if position is None else forecast_out(there.forecast(place)),
        grace_left=None if left is None else seconds(left),
        overdue=left == 0,
        allowed=events_for_people(entry),
        can_undo=entry.prior is not None,
        phone=person.phone,
        email=person.email,
        language=person.language,
        booked_for=person.booked,
        outcome=place.outcome,
        service_note=place.service_note,
        link=entry_link(base_url, entry.id),
    )


def public_entry(there: Line, place: Place, base_url: str) -> PublicEntry:
    entry = place.entry
    position = there.position(place)
    called = entry.state in (State.CALLED, State.SERVING)
    return PublicEntry(
        id=entry.id,
        service_point=entry.service_point,
        number=entry.number,
        state=entry.state,
        position=position,
        ahead=None if position is None else position - 1,
        forecast=None if position is None else forecast_out(there.forecast(place)),
        counter=there.counter_name(entry.counter) if called else None,
        why=there.why(place),
        link=entry_link(base_url, entry.id),
    )
