"""Pages of events: what is on, and one event with its program and its tickets."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy import Connection

from domain import clock
from domain.clock import Instant
from domain.errors import NotFound
from server import ics
from server.customer.event_answers import event_ics
from server.customer.pages.offers import QUANTITY, Offer, Prices, offers, prices
from server.events import store as events_store
from server.events.life import EventState
from server.events.sessions import service as sessions_service
from server.events.sessions import store as sessions_store
from server.events.sessions.store import Session
from server.events.store import Event, Filters
from server.pages import look
from server.pages.language import language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, only_organizer, organizer
from server.wire import Config, Db, Id, Now, Text, cursor_values, next_cursor

router = APIRouter(include_in_schema=False)

_SHOWN = (EventState.PUBLISHED, EventState.CANCELLED)
_A_PAGE = 24
_TAGS = 12

Slug = Annotated[str, Path(max_length=64)]
Word = Annotated[Text, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a program; each session with the seats left, None without limit."""

    starts: Instant
    sessions: tuple[tuple[Session, int | None], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of an event shows."""

    organization: Organizer
    event: Event
    offers: tuple[Offer, ...]
    days: tuple[Day, ...]


@router.get("/", dependencies=[Depends(LOOK)])
async def front(request: Request, db: Db) -> Response:
    """Leads to what is on, where there is one organiser."""
    found = await db.read(only_organizer)
    if found is not None:
        return look.go(f"/o/{found.id}")
    return look.show(request, "front", language_of(request), organization=None)


@router.get("/o/{orgId}", dependencies=[Depends(LOOK)])
async def listed(
    org: Annotated[Id, Path(alias="orgId")],
    request: Request,
    db: Db,
    now: Now,
    q: Word = "",
    tag: Word = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """What an organiser has on, the next first."""
    after = cursor_values(cursor, int, str) if cursor else None
    place = (int(after[0]), str(after[1])) if after else None

    def query(connection: Connection) -> tuple[Organizer, list[Event], list[Event], dict[str, Prices]]:
        since = now()
        coming = Filters(since=since, state=EventState.PUBLISHED)
        asked = Filters(since=since, state=EventState.PUBLISHED, text=q, tag=tag)
        found = events_store.listed(connection, org, asked, place, _A_PAGE + 1)
        tagged = events_store.listed(connection, org, coming, None, 200)
        return organizer(connection, org), found, tagged, prices(connection, org, found, since)

    host, found, coming, asked_for = await db.read(query)
    return look.show(
        request,
        "events",
        language_of(request, _languages(found)),
        organization=host,
        events=found[:_A_PAGE],
        more=next_cursor(found, _A_PAGE, lambda event: (event.starts, event.id)),
        asked=q,
        tag=tag,
        tags=_tags(coming),
        prices=asked_for,
    )


@router.get("/e/{slug}", dependencies=[Depends(LOOK)])
async def one(slug: Slug, request: Request, db: Db, now: Now) -> Response:
    """An event: when, where, what, and which tickets there are."""
    shown = await db.read(lambda connection: shown_event(connection, slug, now()))
    return page(request, shown, now())


@router.get("/e/{slug}/event.ics", dependencies=[Depends(LOOK)])
async def calendar(slug: Slug, request: Request, db: Db, now: Now, config: Config) -> Response:
    """The event for one's own calendar."""
    event = await db.read(lambda connection: public_event(connection, slug))
    speech = language_of(request, event.languages)
    text = event_ics(event, speech.tag, now(), config.base_url)
    named = {"Content-Disposition": f'attachment; filename="{event.slug}.ics"'}
    return Response(text, headers={**look.HEADERS, **named}, media_type=ics.MEDIA_TYPE)


def page(
    request: Request,
    shown: Shown,
    now: Instant,
    *,
    none_chosen: bool = False,
) -> Response:
    """The page of an event; `none_chosen` where somebody orders nothing."""
    event = shown.event
    past, cancelled = event.ends <= now, event.state is EventState.CANCELLED
    standings = set() if past or cancelled else {offer.standing for offer in shown.offers}
    return look.show(
        request,
        "event",
        language_of(request, event.languages),
        status=422 if none_chosen else 200,
        organization=shown.organization,
        event=event,
        past=past,
        cancelled=cancelled,
        offers=shown.offers,
        open_for_sale="open" in standings,
        sold_out=standings == {"sold_out"},
        none_chosen=none_chosen,
        chosen={offer.id: request.query_params.get(f"{QUANTITY}{offer.id}") for offer in shown.offers},
        days=shown.days,
    )


def shown_event(connection: Connection, slug: str, now: Instant) -> Shown:
    """Raises `NotFound`, for an event that is not public too."""
    event = public_event(connection, slug)
    host = organizer(connection, event.org)
    return Shown(host, event, offers(connection, event, now), _days(connection, event))


def public_event(connection: Connection, slug: str) -> Event:
    """The event that everybody may see at this address. Raises `NotFound`."""
    event = events_store.by_slug(connection, slug)
    if event is None or event.state not in _SHOWN:
        raise NotFound("there is no such event")
    return event


def _days(connection: Connection, event: Event) -> tuple[Day, ...]:
    where = clock.zone(event.zone)
    listed = sessions_store.listed(connection, event.org, event.id)
    taken = sessions_store.taken(connection, event.org, event.id)
    return tuple(
        Day(
            sessions[0].starts,
            tuple((each, sessions_service.left(each, taken[each.id])) for each in sessions),
        )
        for _, group in groupby(listed, lambda session: clock.local_day(session.starts, where))
        if (sessions := list(group))
    )


def _tags(events: Iterable[Event]) -> list[str]:
    """The tags of these events, the most frequent first."""
    counted: dict[str, int] = {}
    for event in events:
        for tag in event.tags:
            counted[tag] = counted.get(tag, 0) + 1
    return sorted(counted, key=lambda tag: (-counted[tag], tag.casefold()))[:_TAGS]


def _languages(events: Iterable[Event]) -> tuple[str, ...]:
    return next((event.languages for event in events), ())
