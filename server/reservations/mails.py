"""What the mails about reservations say."""

from functools import partial
from typing import Literal

from sqlalchemy import Connection

from domain.reservation import AHEAD, State
from server import ics
from server.formats import moment, span
from server.messaging.letters import Calendar, Composer, Letter, Owed
from server.queues import store as queues
from server.reservations import definitions, lists, store
from server.reservations.answers import link
from server.reservations.values import Reservation
from server.texts import spoken, written

_STILL = {
    "requested": (State.PENDING,),
    "confirmed": (State.CONFIRMED,),
    "moved": tuple(AHEAD),
    "cancelled": (State.CANCELLED,),
    "reminder": tuple(AHEAD),
}
"""In which state there is still something to say."""


def compose(connection: Connection, owed: Owed, what: str) -> Letter | None:
    """What happened to a reservation, with its time for the customer's calendar."""
    of = store.to_tell(connection, owed.org, str(owed.about["reservation"]))
    if of is None or of.state not in _STILL[what] or of.ends <= owed.now:
        return None
    params = {**_said(connection, of, owed), "what": what, "notes": of.notes}
    return Letter("reservation", params, calendar=_calendar(connection, of, owed))


def compose_list(connection: Connection, owed: Owed) -> Letter | None:
    found = lists.coming(connection, owed.org, str(owed.about["email"]), owed.now)
    if not found:
        return None
    return Letter("reservation.list", {"items": [_said(connection, each, owed) for each in found]})


MAILS: dict[str, Composer] = {
    **{f"reservation.{what}": partial(compose, what=what) for what in _STILL},
    lists.KIND: compose_list,
}


def _said(connection: Connection, of: Reservation, owed: Owed) -> dict[str, object]:
    definition = store.past_definition(connection, of.org, of.definition)
    point, language = queues.point(connection, of.org, of.service_point), spoken(owed.language)
    people = {person.id: person.name for person in definitions.people(connection, definition)}
    return {
        "service": written(definition.settings.name, language),
        "when": span(of.starts, of.ends, point.zone, language),
        "short": moment(of.starts, point.zone, language),
        "where": point.name,
        "who": people.get(of.staff or "", ""),
        "number": of.number,
        "link": link(of, owed.base_url),
    }


def _calendar(connection: Connection, of: Reservation, owed: Owed) -> Calendar:
    said, cancelled = _said(connection, of, owed), of.state is State.CANCELLED
    appointment = ics.Appointment(
        uid=f"{of.id}@reservations.usher",
        starts=of.starts,
        ends=of.ends,
        changed=of.changed,
        summary=f"{said['service']} – {owed.organization}",
        description=str(said["who"]),
        location=str(said["where"]),
        url=str(said["link"]),
        cancelled=cancelled,
        sequence=of.sequence,
    )
    method: Literal["CANCEL", "PUBLISH"] = "CANCEL" if cancelled else "PUBLISH"
    return Calendar(ics.calendar(owed.organization, [appointment], owed.now, method), method)
