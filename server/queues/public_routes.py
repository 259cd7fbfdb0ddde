"""Routes for visitors: join, look after one's place, leave; and what displays show. No login."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from server.auth.caller import Caller
from server.db.database import Transaction
from server.queues import joining, moves, store, visitors
from server.queues.answers import around, entry_out, public_entry
from server.queues.boards import Boards, StatusView
from server.queues.dependencies import PREFIX, KnownJoiner, Organization, PathId, PointId
from server.queues.desk_routes import own_point
from server.queues.joining import Joiner
from server.queues.line import line
from server.queues.schemas import EntryOut, JoinIn, PublicEntry, StatusOut
from server.queues.status import status
from server.queues.visitors import FOLLOW, JOIN, LOOK, Browser
from server.wire import Config, Db, Now, event_stream

router = APIRouter(prefix=f"{PREFIX}/queue", tags=["queue"])


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
    joined = await visitors.join(request, db, body, org, browser)
    response.status_code = 201 if joined.new else 200
    if browser is None:
        visitors.remember(request, response, joined)
    return joined.entry


@router.get("/entry/{id}")
async def entry(id_: PathId, request: Request, db: Db, config: Config, now: Now) -> PublicEntry:
    """One's own place, also after a transfer. Whoever knows the id, which is the secret."""
    await LOOK(request)

    def query(connection: Connection) -> PublicEntry:
        place = store.visit(connection, id_)
        return public_entry(around(connection, place, now()), place, config.base_url)

    return await db.read(query)


@router.delete("/entry/{id}")
async def leave(id_: PathId, request: Request, db: Db, config: Config) -> PublicEntry:
    """Leaves the line. Whoever knows the id."""
    await LOOK(request)

    def job(transaction: Transaction) -> PublicEntry:
        current = store.visit(transaction.connection, id_)
        left = moves.leave(transaction, current.entry.id)
        return public_entry(around(transaction.connection, left, transaction.now), left, config.base_url)

    return await db.write(job)


@router.get("/status/{servicePoint}")
async def show(
    point: PointId, org: Organization, request: Request, response: Response, db: Db, config: Config, now: Now
) -> StatusOut:
    """What a display shows: numbers, counters, the forecast for whoever joins next. Anybody."""
    await LOOK(request)
    response.headers["Cache-Control"] = "no-store"

    def query(connection: Connection) -> StatusOut:
        there = line(connection, store.public_point(connection, point, org), now())
        return status(connection, there, config.base_url)

    return await db.read(query)


@router.get("/status/{servicePoint}/stream", response_class=StreamingResponse)
async def stream(
    point: PointId,
    org: Organization,
    request: Request,
    db: Db,
    config: Config,
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> StreamingResponse:
    """The same as server-sent events `status`, each a whole one. Anybody.

    Sent at once and at each change; a `Last-Event-ID` that is still the newest gets nothing until the
    next change. A comment every 15 s.
    """
    await FOLLOW(request)
    found = await db.read(lambda c: store.public_point(c, point, org))
    boards: Boards = request.app.state.boards
    return event_stream(boards.follow(found.org, found.id, StatusView(config.base_url), last_event_id))


async def _join_known(body: JoinIn, caller: Caller, db: Db, config: Config, response: Response) -> EntryOut:
    """Staff add people at any hour; whoever joins at a welcome kiosk does so by themselves."""

    def job(transaction: Transaction) -> EntryOut:
        point = own_point(transaction.connection, caller, body.service_point, lock=True)
        before = line(transaction.connection, point, transaction.now)
        if caller.mode == "welcome":
            joining.check_self_join(before)
        arrived = True if body.arrived is None else body.arrived
        joiner = Joiner(visitors.person(body), body.category, body.priority, arrived)
        entered = joining.enter(transaction, before, joiner, caller.actor)
        there = entered.there or around(transaction.connection, entered.place, transaction.now)
        return entry_out(there, entered.place, config.base_url)

    made = await db.write(job, lane=body.service_point)
    response.headers["ETag"] = f'"{made.version}"'
    return made
