"""Routes for visitors: join, look after one's place, leave; and what displays show. No login."""

from hashlib import blake2b
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Cookie, Header, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from domain.errors import NotFound
from domain.queue import Event
from server.auth.caller import Caller
from server.auth.limits import RateLimit
from server.db.database import Transaction
from server.queues import joining, moves, store
from server.queues.answers import around, entry_out, public_entry
from server.queues.boards import Boards
from server.queues.dependencies import PREFIX, KnownJoiner, Organization, PathId, PointId
from server.queues.desk_routes import own_point
from server.queues.joining import Joiner
from server.queues.line import line
from server.queues.schemas import EntryOut, JoinIn, PublicEntry, StatusOut
from server.queues.status import status
from server.queues.values import Person, Place
from server.wire import Config, Db, Now

router = APIRouter(prefix=f"{PREFIX}/queue", tags=["queue"])

# A whole venue may come from one address.
JOIN = RateLimit("queue join", "60/minute", "10/hour")
LOOK = RateLimit("queue look", "1200/minute")
# All displays of a building come back at one instant, again and again, when the server was away.
FOLLOW = RateLimit("queue stream", "6000/minute")

_COOKIE = "usher_queue"
_COOKIE_LIFE = 86_400
Browser = Annotated[str | None, Cookie(alias=_COOKIE, max_length=100)]


@router.post("/join", status_code=201, response_model=EntryOut | PublicEntry)
async def join(
    body: JoinIn,
    request: Request,
    response: Response,
    caller: KnownJoiner,
    org: Organization,
    db: Db,
    config: Config,
    browser: Browser = None,
) -> EntryOut | PublicEntry:
    """Joins a line. Anybody; staff with `desk` and devices of desk and welcome get the whole entry.

    Whoever waits there already (same phone, e-mail or browser, within 15 minutes) gets that entry again
    with `200`. `409`: `closed`, `closing`, `queue_full`, `self_join_off`.
    """
    if caller is not None:
        return await _join_known(body, caller, db, config, response)
    await JOIN(request)
    token = browser or token_urlsafe(18)
    person = _person(body, token)
    for contact in filter(None, (person.phone, person.email)):
        JOIN.of(request, contact)

    def job(transaction: Transaction) -> tuple[PublicEntry, bool]:
        found = store.public_point(transaction.connection, body.service_point, org)
        point = store.point(transaction.connection, found.org, found.id, lock=True)
        joiner = Joiner(person, body.category, arrived=False)
        place = joining.by_phone(transaction, point, joiner)
        there = around(transaction.connection, place, transaction.now)
        return public_entry(there, place, config.base_url), place.entry.sequence > point.sequence

    entry, new = await db.write(job)
    response.status_code = 201 if new else 200
    if browser is None:
        secure = config.base_url.startswith("https:")
        response.set_cookie(_COOKIE, token, _COOKIE_LIFE, httponly=True, samesite="lax", secure=secure)
    return entry


@router.get("/entry/{id}")
async def entry(id_: PathId, request: Request, db: Db, config: Config, now: Now) -> PublicEntry:
    """One's own place, also after a transfer. Whoever knows the id, which is the secret."""
    await LOOK(request)

    def query(connection: Connection) -> PublicEntry:
        place = store.current_leg(connection, _place(connection, id_))
        return public_entry(around(connection, place, now()), place, config.base_url)

    return await db.read(query)


@router.delete("/entry/{id}")
async def leave(id_: PathId, request: Request, db: Db, config: Config) -> PublicEntry:
    """Leaves the line. Whoever knows the id."""
    await LOOK(request)

    def job(transaction: Transaction) -> PublicEntry:
        current = store.current_leg(transaction.connection, _place(transaction.connection, id_))
        point, place = moves.find(transaction, None, current.entry.id, None)
        left = moves.act(transaction, point, place, moves.Wanted(Event.LEAVE, transaction.now, "public"))
        return public_entry(around(transaction.connection, left, transaction.now), left, config.base_url)

    return await db.write(job)


@router.get("/status/{servicePoint}")
async def show(
    point: PointId, org: Organization, request: Request, response: Response, db: Db, config: Config, now: Now
) -> StatusOut:
    """What a display shows: numbers, counters, the forecast for whoever joins next. Anybody."""
    await LOOK(request)
    response.headers["Cache-Control"] = "no-store"
    return await db.read(lambda c: status(c, store.public_point(c, point, org), now(), config.base_url))


@router.get("/status/{servicePoint}/stream", response_class=StreamingResponse)
async def stream(
    point: PointId,
    org: Organization,
    request: Request,
    db: Db,
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> StreamingResponse:
    """The same as server-sent events `status`, each a whole one. Anybody.

    Sent at once and at each change; a `Last-Event-ID` that is still the newest gets nothing until the
    next change. A comment every 15 s.
    """
    await FOLLOW(request)
    found = await db.read(lambda c: store.public_point(c, point, org))
    boards: Boards = request.app.state.boards
    return StreamingResponse(
        boards.follow(found.org, found.id, last_event_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _join_known(body: JoinIn, caller: Caller, db: Db, config: Config, response: Response) -> EntryOut:
    """Staff add people at any hour; whoever joins at a welcome kiosk does so by themselves."""

    def job(transaction: Transaction) -> EntryOut:
        point = own_point(transaction.connection, caller, body.service_point, lock=True)
        if caller.mode == "welcome":
            joining.check_self_join(line(transaction.connection, point, transaction.now))
        arrived = True if body.arrived is None else body.arrived
        joiner = Joiner(_person(body), body.category, body.priority, arrived)
        place = joining.join(transaction, point, joiner, caller.actor)
        there = around(transaction.connection, place, transaction.now)
        return entry_out(there, place, config.base_url)

    made = await db.write(job)
    response.headers["ETag"] = f'"{made.version}"'
    return made


def _person(body: JoinIn, token: str = "") -> Person:
    digest = blake2b(token.encode(), digest_size=16).hexdigest() if token else ""
    return Person(
        name=body.name,
        call_by_name=body.call_by_name,
        party=body.party,
        note=body.note,
        phone=joining.plain_phone(body.phone),
        email=body.email.casefold(),
        language=body.language,
        browser=digest,
        booked=None if token else body.booked_for,
    )


def _place(connection: Connection, id_: str) -> Place:
    place = store.place(connection, id_)
    if place is None:
        raise NotFound("there is no such queue entry")
    return place
