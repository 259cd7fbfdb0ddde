"""Participants and the sessions that they chose: statements, and rows as frozen values."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, insert, select, update

from domain.clock import Instant
from server.auth.tokens import is_token
from server.contacts.tables import contacts
from server.events.participants.states import TAKES_PART, State, Visibility
from server.events.participants.tables import participants
from server.events.sessions.tables import choices

_P, _C, _K = participants.c, contacts.c, choices.c


@dataclass(frozen=True, slots=True)
class Participant:
    """A contact's part in an event, as it is kept."""

    id: str
    org: str
    event: str
    contact: str
    state: State
    visibility: Visibility
    token: str | None
    invited: Instant | None
    answered: Instant | None
    created: Instant
    changed: Instant


@dataclass(frozen=True, slots=True)
class Named:
    """A participant with the name and the address of the contact."""

    participant: Participant
    name: str
    email: str


def of_contact(
    connection: Connection, org: str, event: str, contact: str, *, lock: bool = False
) -> Participant | None:
    return _one(connection, and_(_P.org == org, _P.event == event, _P.contact == contact), lock)


def by_id(connection: Connection, org: str, id_: str, *, lock: bool = False) -> Participant | None:
    return _one(connection, and_(_P.org == org, _P.id == id_), lock)


def by_token(connection: Connection, token: str, *, lock: bool = False) -> Participant | None:
    return _one(connection, _P.token == token, lock) if is_token(token) else None


def of_person(
    connection: Connection, org: str, contact: str, before: str | None, limit: int
) -> list[Participant]:
    """A contact's part in all events, the latest made first."""
    asked = select(participants).where(_P.org == org, _P.contact == contact)
    if before is not None:
        asked = asked.where(_P.id < before)
    return [_participant(row) for row in connection.execute(asked.order_by(_P.id.desc()).limit(limit))]


def named(connection: Connection, id_: str) -> Named | None:
    row = connection.execute(_named().where(_P.id == id_)).first()
    return None if row is None else _with_name(row)


def invited(
    connection: Connection, org: str, event: str, state: State | None, after: str, limit: int
) -> list[Named]:
    """Those who were invited, in the order of their ids."""
    asked = _named().where(_P.org == org, _P.event == event, _P.invited.is_not(None), _P.id > after)
    if state is not None:
        asked = asked.where(_P.state == state.value)
    return [_with_name(row) for row in connection.execute(asked.order_by(_P.id).limit(limit))]


def visible(connection: Connection, org: str, event: str, after: str, limit: int) -> list[Named]:
    """Those who take part and let others know, in the order of their ids."""
    asked = _named().where(
        _P.org == org,
        _P.event == event,
        _P.visibility != Visibility.HIDDEN.value,
        _P.state.in_([state.value for state in TAKES_PART]),
        _P.id > after,
    )
    return [_with_name(row) for row in connection.execute(asked.order_by(_P.id).limit(limit))]


def add(connection: Connection, participant: Participant) -> None:
    connection.execute(insert(participants).values(**_columns(participant)))


def change(connection: Connection, participant: Participant) -> None:
    connection.execute(update(participants).where(_P.id == participant.id).values(**_columns(participant)))


def chosen(connection: Connection, ids: Collection[str]) -> dict[str, list[str]]:
    """The sessions that each of some participants chose."""
    found: dict[str, list[str]] = defaultdict(list)
    asked = select(_K.participant, _K.session).where(_K.participant.in_(ids)).order_by(_K.session)
    for participant, session in connection.execute(asked):
        found[participant].append(session)
    return found


def choose(connection: Connection, participant: Participant, sessions: Collection[str], at: Instant) -> None:
    """Takes a seat in each of these sessions."""
    rows = [
        {
            "participant": participant.id,
            "org": participant.org,
            "event": participant.event,
            "session": session,
            "at": at,
        }
        for session in sorted(sessions)
    ]
    if rows:
        connection.execute(insert(choices), rows)


def give_up(connection: Connection, participant: Participant, sessions: Collection[str]) -> None:
    """Frees the seats in these sessions."""
    connection.execute(
        delete(choices).where(_K.participant == participant.id, _K.session.in_(list(sessions)))
    )


def _one(connection: Connection, where: Any, lock: bool) -> Participant | None:
    asked = select(participants).where(where)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    return None if row is None else _participant(row)


def _named() -> Select[Any]:
    return select(participants, _C.name, _C.email).join(contacts, _C.id == _P.contact)


def _with_name(row: Row[Any]) -> Named:
    return Named(_participant(row), row.name, row.email or "")


def _participant(row: Row[Any]) -> Participant:
    values = {name: row._mapping[name] for name in Participant.__slots__}
    states = {"state": State(values["state"]), "visibility": Visibility(values["visibility"])}
    return Participant(**{**values, **states})


def _columns(participant: Participant) -> dict[str, Any]:
    values = asdict(participant)
    return {**values, "state": participant.state.value, "visibility": participant.visibility.value}
