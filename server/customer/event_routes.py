"""Routes to browse: what is on, one event, its cover."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import Connection

from server.customer.dependencies import PREFIX, Answers, Customer, EventId, Holder
from server.customer.event_answers import card, held, part
from server.customer.event_schemas import EventCards, EventPage
from server.customer.standing import Standing, standing
from server.direct import DirectRoute
from server.events import store
from server.events.life import EventState
from server.events.participants import store as participants
from server.events.service import listing
from server.events.store import Filters
from server.kept_answers import HAD, sent
from server.wire import At, Db, Language, Now, Paging, Text, cursor_values, next_cursor

front, router = (APIRouter(prefix=PREFIX, tags=["attendees"]) for _ in range(2))


class Asked(Paging):
    """What to list."""

    since: Annotated[At | None, Field(alias="from", description="Not over by then; now, unless given.")] = (
        None
    )
    until: Annotated[At | None, Field(alias="to", description="Begun before then.")] = None
    tag: Annotated[Text, Field(max_length=40, description="A tag of it, in large or small letters.")] = ""
    q: Annotated[
        Text, Field(max_length=100, description="Words of its name, description, place or tags.")
    ] = ""
    language: Annotated[Language | None, Field(description="One of its own; `de` is `de-AT` too.")] = None


async def listed(
    caller: Customer, request: Request, db: Db, now: Now, answers: Answers, asked: Annotated[Asked, Query()]
) -> Response:
    """The published events of the organisation by their start, the earliest first. Customers.

    With `If-None-Match` the answer may be `304`.
    """
    after = cursor_values(asked.cursor, int, str) if asked.cursor else None
    place = (int(after[0]), str(after[1])) if after else None

    async def make() -> bytes:
        since = now() if asked.since is None else asked.since
        state, language = EventState.PUBLISHED, asked.language or ""
        filters = Filters(since, asked.until, state, asked.q, asked.tag, language)
        found = await db.read(lambda c: store.listed(c, caller.org, filters, place, asked.limit + 1))
        page = EventCards(
            items=[card(event) for event in found[: asked.limit]],
            next_cursor=next_cursor(found, asked.limit, lambda event: (event.starts, event.id)),
        )
        return page.model_dump_json(by_alias=True).encode()

    key = f"events {caller.org} {request.url.query}"
    return sent(request, await answers.get(key, (listing(caller.org),), make))


front.add_api_route(
    "",
    listed,
    methods=["GET"],
    response_model=EventCards,
    responses=HAD,
    route_class_override=DirectRoute,
)


@router.get("/{eventId}")
async def one(event_id: EventId, caller: Holder, db: Db) -> EventPage:
    """One event, with what the caller holds of it: tickets, and how they take part. Customers."""

    def query(connection: Connection) -> tuple[Standing, list[str]]:
        found = standing(connection, caller, event_id)
        own = found.participant
        return found, participants.chosen(connection, [own.id])[own.id] if own else []

    found, chosen = await db.read(query)
    return EventPage(
        **card(found.event).model_dump(),
        description=found.event.description,
        tickets=[held(owned) for owned in found.tickets],
        participation=part(found.participant, chosen) if found.participant else None,
    )
