"""What the mails about reservations say."""

from functools import partial
from typing import Literal

from sqlalchemy import Connection

from domain.clock import Instant
from domain.reservation import AHEAD, State
from server import ics
from server.formats import moment, span
from server.messaging.letters import Calendar, Composer, Letter, Owed
from server.queues import store as queues
from server.reservations import lists, store
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
_STATUS: dict[State, ics.Status] = {State.PENDING: "TENTATIVE", State.CANCELLED: "CANCELLED"}
"""What a calendar says of it; of all others that they are confirmed."""


def compose(connection: Connection, owed: Owed, what: str) -> Letter | None:
    """What happened to a reservation, with its time for the customer's calendar."""
    of = store.to_tell(connection, owed.org, str(owed.about["reservation"]))
    if of is None or of.state not in _STILL[what] or of.ends <= owed.now:
        return None
    language = spoken(owed.language)
    params = {**_said(connection, of, language, owed.base_url), "what": what}
    invite = calendar(connection, of, language, owed.organization, owed.now, owed.base_url)
    return Letter("reservation", params, calendar=invite)


def compose_list(connection: Connection, owed: Owed) -> Letter | None:
    found = lists.coming(connection, owed.org, str(owed.about["email"]), owed.now)
    if not found:
        return None
    language = spoken(owed.language)
    items = [_said(connection, each, language, owed.base_url) for each in found]
    return Letter("reservation.list", {"items": items})


def calendar(
    connection: Connection, of: Reservation, language: str, organization: str, now: Instant, base_url: str
) -> Calendar:
    """Its time for a calendar; the same entry whenever it is sent again."""
    said = _said(connection, of, language, base_url)
    appointment = ics.Appointment(
        uid=f"{of.id}@reservations.usher",
        starts=of.starts,
        ends=of.ends,
        changed=of.changed,
        summary=f"{said['service']} – {organization}",
        description=str(said["who"]),
        location=str(said["where"]),
        url=str(said["link"]),
        status=_STATUS.get(of.state, "CONFIRMED"),
        sequence=of.sequence,
    )
    method: Literal["CANCEL", "PUBLISH"] = "CANCEL" if of.state is State.CANCELLED else "PUBLISH"
    return Calendar(ics.calendar(organization, [appointment], now, method), method)


def _said(connection: Connection, of: Reservation, language: str, base_url: str) -> dict[str, object]:
    definition = store.past_definition(connection, of.org, of.definition)
    point = queues.past_point(connection, of.org, of.service_point)
    people = store.working(connection, definition)
    return {
        "service": written(definition.settings.name, language),
        "when": span(of.starts, of.ends, point.zone, language),
        "short": moment(of.starts, point.zone, language),
        "where": point.name,
        "who": people.get(of.staff or "", ""),
        "number": of.number,
        "link": link(of, base_url),
    }


MAILS: dict[str, Composer] = {
    **{f"reservation.{what}": partial(compose, what=what) for what in _STILL},
    lists.KIND: compose_list,
}
