"""Events: statements, and rows as frozen values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from secrets import token_bytes
from typing import Any

import orjson
from sqlalchemy import Connection, Select, bindparam, delete, func, insert, or_, select, tuple_, update

from domain.clock import Instant
from server.auth.tables import organizations
from server.db.prepared import Prepared
from server.events.life import EventState
from server.events.slugs import folded
from server.events.tables import events

_E = events.c
_LISTS = ("languages", "tags")


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is kept. `name` and `description` are a text per language."""

    org: str
    id: str
    number: int
    name: dict[str, str]
    starts: Instant
    ends: Instant
    zone: str
    place: str
    description: dict[str, str]
    languages: tuple[str, ...]
    address: str
    latitude: float | None
    longitude: float | None
    tags: tuple[str, ...]
    slug: str
    cover: str | None
    state: EventState
    created: Instant
    changed: Instant

    @property
    def whereabouts(self) -> str:
        """The place and its address in one line."""
        return ", ".join(filter(None, (self.place, *self.address.splitlines())))


@dataclass(frozen=True, slots=True)
class Filters:
    """Which events a list holds: those that have not ended by `since` and start before `until`.

    A `language` without a region stands for all of its regions.
    """

    since: Instant | None = None
    until: Instant | None = None
    state: EventState | None = None
    text: str = ""
    tag: str = ""
    language: str = ""


_SHOWN = select(*(_E[name] for name in Event.__slots__))
_ONE = _SHOWN.where(_E.org == bindparam("of_org"), _E.id == bindparam("of_event"))
_SEEN, _LOCKED = Prepared(_ONE), Prepared(_ONE.with_for_update())


def event(connection: Connection, org: str, id_: str, *, lock: bool = False) -> Event | None:
    row = (_LOCKED if lock else _SEEN).first(connection, of_org=org, of_event=id_)
    return None if row is None else _event(row)


def by_slug(connection: Connection, slug: str) -> Event | None:
    """The event at a public address, whoever's it is."""
    row = connection.execute(_SHOWN.where(_E.slug == slug)).first()
    return None if row is None else _event(row)


def listed(
    connection: Connection, org: str, filters: Filters, after: tuple[int, str] | None, limit: int
) -> list[Event]:
    """Events by their start, the earliest first."""
    asked = _filtered(_SHOWN.where(_E.org == org), filters).order_by(_E.starts, _E.id).limit(limit)
    if after is not None:
        asked = asked.where(tuple_(_E.starts, _E.id) > tuple_(*after))
    return [_event(row) for row in connection.execute(asked)]


def next_number(connection: Connection, org: str) -> int:
    """The number of the next event; whoever else counts in the organisation waits for the commit."""
    connection.execute(select(organizations.c.id).where(organizations.c.id == org).with_for_update()).first()
    highest = connection.execute(select(func.max(_E.number)).where(_E.org == org)).scalar()
    return 1 if highest is None else int(highest) + 1


def add(connection: Connection, event: Event) -> None:
    connection.execute(insert(events).values(**_columns(event), rotating_secret=token_bytes(32), numbered=0))


def change(connection: Connection, event: Event) -> None:
    connection.execute(update(events).where(_mine(event)).values(**_columns(event)))


def remove(connection: Connection, event: Event) -> None:
    connection.execute(delete(events).where(_mine(event)))


def _filtered(asked: Select[Any], filters: Filters) -> Select[Any]:
    if filters.since is not None:
        asked = asked.where(_E.ends > filters.since)
    if filters.until is not None:
        asked = asked.where(_E.starts < filters.until)
    if filters.state is not None:
        asked = asked.where(_E.state == filters.state)
    for word in folded(filters.text).split():
        asked = asked.where(_E.search.contains(word, autoescape=True))
    if filters.tag:
        asked = asked.where(_E.labels.contains(_tag(filters.tag), autoescape=True))
    if filters.language:
        language = _language(filters.language)
        wanted = (language, language.removesuffix("|") + "-")
        asked = asked.where(or_(*(_E.labels.contains(each, autoescape=True) for each in wanted)))
    return asked


def _mine(event: Event) -> Any:
    return (_E.org == event.org) & (_E.id == event.id)


def _tag(tag: str) -> str:
    return f"|#{folded(tag)}|"


def _language(language: str) -> str:
    return f"|@{language.casefold()}|"


def _event(row: Sequence[Any]) -> Event:
    values = dict(zip(Event.__slots__, row, strict=True))
    texts = {name: orjson.loads(values[name]) for name in ("name", "description")}
    lists = {name: tuple(orjson.loads(values[name])) for name in _LISTS}
    return Event(**{**values, **texts, **lists, "state": EventState(values["state"])})


def _columns(event: Event) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in Event.__slots__}
    written = {name: orjson.dumps(values[name]).decode() for name in ("name", "description", *_LISTS)}
    labels = "".join((*map(_tag, event.tags), *map(_language, event.languages)))
    return {**values, **written, "search": folded(" ".join(_words(event))), "labels": labels}


def _words(event: Event) -> Iterator[str]:
    yield from event.name.values()
    yield from event.description.values()
    yield from (event.place, event.address, event.id, *event.tags)
