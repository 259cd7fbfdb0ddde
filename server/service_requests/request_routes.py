"""Routes of service requests: taken in, listed, found by their label, changed."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import Connection

from server.auth.caller import Caller, Role
from server.auth.limits import RateLimit
from server.db.database import Transaction
from server.etags import IfMatch, check, tag
from server.queues import store as queues
from server.queues.dependencies import PREFIX, AtTheDesk, PathId, PointId
from server.service_requests import answers, intake, store, updating
from server.service_requests.dependencies import Giver, Wanted, check_scope, own
from server.service_requests.schemas import IntakeIn, PublicRequest, RequestChange, RequestOut
from server.service_requests.store import Filters
from server.service_requests.values import Request as Kept
from server.wire import Config, Cursor, Db, Limit, Page, cursor_values, next_cursor

router = APIRouter(prefix=PREFIX, tags=["service requests"])

JOIN = RateLimit("service request", "60/minute", "20/hour")
Code = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9-]+$")]


@router.post("/service-request-queue/join", status_code=201, response_model=RequestOut | PublicRequest)
async def join(
    body: IntakeIn, caller: Giver, request: Request, db: Db, config: Config, response: Response
) -> RequestOut | PublicRequest:
    """Takes a device in: it gets a number, a code for its label, and a page, whose link its owner is mailed.

    Staff with `desk`, devices of desk and welcome, customers who have signed in; only staff and desks are
    answered the whole request. `422`: `photo_unknown`, `too_many_photos`.
    """
    if caller.role is Role.CUSTOMER:
        JOIN.of(request, caller.actor)

    def job(transaction: Transaction) -> RequestOut | PublicRequest:
        check_scope(caller, body.service_point)
        taken = intake.said(transaction, caller, body)
        made = intake.take_in(transaction, caller.org, caller.actor, taken)
        if intake.is_desk(caller):
            return answers.one(transaction.connection, made, config.base_url)
        return answers.public(made, config.base_url)

    made = await db.write(job)
    tag(response, made)
    return made


@router.get("/service-request/get")
async def get_all(
    caller: AtTheDesk, db: Db, config: Config, wanted: Wanted, limit: Limit = 50, cursor: Cursor = None
) -> Page[RequestOut]:
    """Service requests, the newest first. Staff with `desk`, devices of desk those at their service
    points."""
    return await _page(caller, db, config, replace(wanted, service_points=caller.own()), limit, cursor)


@router.get("/service-request/get/{servicePoint}")
async def get_at(
    point: PointId,
    caller: AtTheDesk,
    db: Db,
    config: Config,
    wanted: Wanted,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RequestOut]:
    """Those of a service point, the newest first. Staff with `desk`, devices of desk."""
    check_scope(caller, point)
    await db.read(lambda c: queues.point(c, caller.org, point))
    return await _page(caller, db, config, replace(wanted, service_points=[point]), limit, cursor)


@router.get("/service-request/by-id/{id}")
async def get_one(id_: PathId, caller: AtTheDesk, db: Db, config: Config, response: Response) -> RequestOut:
    """A service request. Staff with `desk`, devices of desk those at their service points."""
    found = await db.read(lambda c: answers.one(c, own(c, caller, id_), config.base_url))
    tag(response, found)
    return found


@router.get("/service-request/by-code/{code}")
async def by_code(code: Code, caller: AtTheDesk, db: Db, config: Config, response: Response) -> RequestOut:
    """The service request whose label this is. Staff with `desk`, devices of desk those at their service
    points."""

    def query(connection: Connection) -> RequestOut:
        found = store.by_code(connection, caller.org, code.upper())
        check_scope(caller, found.service_point)
        return answers.one(connection, found, config.base_url)

    found = await db.read(query)
    tag(response, found)
    return found


@router.put("/service-request/update/{id}")
async def update(
    id_: PathId,
    body: RequestChange,
    caller: AtTheDesk,
    db: Db,
    config: Config,
    response: Response,
    if_match: IfMatch = None,
) -> RequestOut:
    """Changes a service request: all that is named, or nothing. Staff with `desk`, devices of desk.

    `409`, with the state found and what is allowed: `wrong_transition`, `stale_version`,
    `estimate_missing`, `estimate_changed`, `estimate_decided`, `estimate_expired`, `approval_missing`,
    `approval_not_asked`.
    """

    def job(transaction: Transaction) -> RequestOut:
        kept = own(transaction.connection, caller, id_, lock=True)
        check(if_match, answers.one(transaction.connection, kept, config.base_url))
        kept = updating.update(transaction, kept, body, caller.actor)
        return answers.one(transaction.connection, kept, config.base_url)

    changed = await db.write(job)
    tag(response, changed)
    return changed


async def _page(
    caller: Caller, db: Db, config: Config, wanted: Filters, limit: int, cursor: str | None
) -> Page[RequestOut]:
    values = cursor_values(cursor, int, str) if cursor else None
    before = (int(values[0]), str(values[1])) if values else None

    def query(connection: Connection) -> tuple[list[Kept], list[RequestOut]]:
        found = store.listed(connection, caller.org, wanted, before, limit + 1)
        return found, answers.whole(connection, found[:limit], config.base_url)

    found, items = await db.read(query)
    return Page(items=items, next_cursor=next_cursor(found, limit, lambda each: (each.created, each.id)))
