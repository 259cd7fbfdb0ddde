"""What a display shows of a service point. Never a name that was not chosen to be called, nor a contact."""

from datetime import time

from sqlalchemy import Connection

from domain.clock import Instant, last_daily
from domain.queue import State
from server.queues import store
from server.queues.answers import forecast_out
from server.queues.line import Line
from server.queues.schemas import Called, PointName, Serving, StatusOut
from server.queues.values import Place, Point

_LAST_CALLS = 10


def status(connection: Connection, there: Line, base_url: str) -> StatusOut:
    point, now = there.point, there.at
    serving = store.live(connection, point, State.SERVING)
    midnight = last_daily(time(), now, point.where) or now
    return StatusOut(
        service_point=PointName(id=point.id, name=point.name, zone=point.zone),
        now_serving=[_serving(there, place) for place in sorted(serving, key=_began, reverse=True)],
        last_called=[_called(there, p) for p in store.last_called(connection, point, midnight, _LAST_CALLS)],
        waiting=[entry.number for entry in there.waiting],
        people_waiting=there.length,
        forecast=forecast_out(there.next_forecast),
        state=there.opening,
        server_time=now,
        join_url=join_url(connection, point, base_url),
    )


def join_url(connection: Connection, point: Point, base_url: str) -> str:
    """Where phones join. Names the organisation where an older service point bears the same id."""
    first = store.public_point(connection, point.id, None)
    which = "" if first.org == point.org else f"?orgid={point.org}"
    return f"{base_url}/q/{point.id}{which}"


def _began(place: Place) -> Instant:
    return place.entry.changed


def _serving(there: Line, place: Place) -> Serving:
    return Serving(
        number=place.entry.number,
        counter=there.counter_name(place.entry.counter),
        name=_name(place),
    )


def _called(there: Line, place: Place) -> Called:
    assert place.entry.called is not None, "only who was called is among the last calls"
    return Called(
        number=place.entry.number,
        counter=there.counter_name(place.entry.counter),
        name=_name(place),
        at=place.entry.called,
    )


def _name(place: Place) -> str | None:
    return place.person.name if place.person.call_by_name and place.person.name else None
