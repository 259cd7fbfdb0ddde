"""Routes of the sync: first copies, changes, the live stream, operations."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from sqlalchemy import Connection, text

from domain.clock import Instant
from domain.errors import Forbidden, Invalid, NotFound, Problem
from domain.ids import OpId
from domain.sync import Answer, Operation, clock_offset
from domain.sync import scope as scope_of
from server.auth.caller import ANYBODY, MODES, Allow, Caller, Role
from server.auth.sightings import Seen
from server.db.database import Database
from server.sync import feed, operations
from server.sync.live import Live
from server.sync.rows import KINDS, Part
from server.sync.schemas import AnswerOut, Answers, ChangeOut, Changes, Operations
from server.sync.snapshot import Snapshots
from server.wire import Db, Now, event_stream

router = APIRouter(prefix="/api/sync", tags=["sync"])

MEDIA_TYPE = "application/vnd.usher.replica+zstd"
_PERMISSIONS = {"event": "door", "servicePoint": "desk"}
_PUBLIC_MODES = frozenset({"welcome", "display"})
"""Anybody may stand before these: their copies hold nothing personal."""

_TOGETHER = 100
_PAGE = 1_000
_NO_SCOPE = "there is no such scope"

_FOLLOWS = Allow(staff=ANYBODY, modes=MODES)
Follower = Annotated[Caller, Depends(_FOLLOWS)]
"""Which permission of staff is needed, the scope or the operation says."""
ScopeName = Annotated[str, Query(alias="scope", max_length=100)]


def _part(caller: Caller, name: str) -> Part:
    """What a caller may copy of a scope. Raises `NotFound` for a scope that is not the caller's."""
    scope = scope_of(name)
    if scope is None or scope.kind not in KINDS or not caller.covers(name):
        raise NotFound(_NO_SCOPE)
    if caller.role is not Role.DEVICE and not caller.may(_PERMISSIONS[scope.kind]):
        raise Forbidden(f"this needs the permission {_PERMISSIONS[scope.kind]!r}")
    return Part(caller.org, scope, public=caller.mode in _PUBLIC_MODES)


async def _followed(scope: ScopeName, caller: Follower, db: Db, now: Now, sightings: Seen) -> Part:
    """The part asked for, also of a scope that was removed, so that who has a copy hears of that."""
    part = _part(caller, scope)
    if not await db.read(lambda connection: _is(connection, part, now()) or feed.head(connection, part.name)):
        raise NotFound(_NO_SCOPE)
    await sightings.note(caller, now())
    return part


async def _wanted(part: Annotated[Part, Depends(_followed)], db: Db, now: Now) -> Part:
    """A part to copy. Raises `NotFound` for one that was removed."""
    if not await db.read(lambda connection: _is(connection, part, now())):
        raise NotFound(_NO_SCOPE)
    return part


def _is(connection: Connection, part: Part, now: Instant) -> bool:
    return connection.execute(text(part.root.whole()), part.parameters(part.root, now)).first() is not None


Followed = Annotated[Part, Depends(_followed)]
Wanted = Annotated[Part, Depends(_wanted)]


async def _snapshots(request: Request) -> Snapshots:
    snapshots: Snapshots = request.app.state.snapshots
    return snapshots


@router.get("/snapshot", response_class=FileResponse)
async def snapshot(
    request: Request,
    scope: Wanted,
    db: Db,
    now: Now,
    snapshots: Annotated[Snapshots, Depends(_snapshots)],
) -> Response:
    """A first copy: a SQLite file, compressed with zstd, that can be resumed by `Range` and `If-Range`.

    With `Accept: application/x-ndjson` the same rows as lines `{table, row}`, the cursor first. Devices
    for the scopes of their mode, staff with `door` or `desk`. Where anybody may stand before a device,
    welcome or display, its copies hold no tickets, and of who waits only a name that is to be called.
    """
    if "application/x-ndjson" in request.headers.get("accept", ""):
        return StreamingResponse(_ndjson(db, scope, now()), media_type="application/x-ndjson")
    made = await snapshots.get(scope, now())
    headers = {
        "ETag": f'"{made.digest.hex()[:32]}"',
        "Repr-Digest": made.repr_digest,
        "X-Usher-Cursor": str(made.cursor),
        "Cache-Control": "private, no-store",
    }
    return FileResponse(made.path, headers=headers, media_type=MEDIA_TYPE)


async def _ndjson(db: Database, part: Part, now: Instant) -> AsyncIterator[bytes]:
    """Pages of the change feed's form, by table and key; small memory, many queries."""
    cursor = await db.read(lambda connection: feed.head(connection, part.name))
    yield orjson.dumps({"scope": str(part.scope), "cursor": str(cursor)}) + b"\n"
    for source in part.sources:
        after: object = None
        while True:
            page = await db.read(
                partial(feed.page, part=part, source=source, after=after, limit=_PAGE, now=now)
            )
            yield b"".join(
                orjson.dumps({"table": source.table.name, "row": row}) + b"\n" for row in page.rows
            )
            if page.last is None:
                break
            after = page.last


@router.get("/changes")
async def changes(
    scope: Followed,
    db: Db,
    now: Now,
    cursor: Annotated[str, Query(max_length=32)],
    limit: Annotated[int, Query(ge=1, le=5000)] = _PAGE,
) -> Changes:
    """What changed since a cursor, in order; `row` is null for what is gone. `410` means: copy anew."""
    at, start = now(), _cursor(cursor)
    pull = await db.read(lambda connection: feed.pull(connection, scope, start, limit, at))
    return Changes(
        changes=[ChangeOut(seq=c.seq, table=c.table, key=c.key, row=c.row) for c in pull.changes],
        next_cursor=str(pull.cursor),
        more=pull.more,
        server_time=now(),
    )


@router.get("/stream", response_class=StreamingResponse)
async def stream(
    request: Request,
    scope: Followed,
    db: Db,
    now: Now,
    sightings: Seen,
    cursor: Annotated[str | None, Query(max_length=32)] = None,
    last_event_id: Annotated[str | None, Header(max_length=32)] = None,
) -> StreamingResponse:
    """The same changes as they happen, as server-sent events; `Last-Event-ID` is a cursor.

    It ends when the caller may have them no more: a revoked device, a sign-in that has run out.
    """
    given = last_event_id or cursor
    start = await db.read(lambda c: feed.head(c, scope.name)) if given is None else _cursor(given)
    await db.read(lambda connection: feed.pull(connection, scope, start, 1, now()))

    async def allowed() -> bool:
        try:
            caller = await _FOLLOWS(request)
            await sightings.note(caller, now())
            return _part(caller, str(scope.scope)) == scope
        except Problem:
            return False

    live: Live = request.app.state.live
    return event_stream(live.follow(scope, start, allowed))


@router.post("/ops", response_model=Answers)
async def ops(
    body: Operations, request: Request, caller: Follower, db: Db, now: Now, sightings: Seen
) -> Response:
    """Operations of a kiosk, answered one by one in the same order. Devices, staff.

    `applied`, `duplicate` with the first answer, `conflict` with what stands, or `rejected` with a
    problem, after which the rest goes on. Who may send which is as with the routes that do the same.
    """
    wanted = [
        Operation(OpId(o.op_id), o.kind, o.at, o.device_seq, o.payload, o.base_version)
        for o in body.operations
    ]
    arrived = now()
    offset = clock_offset(body.sent_at, arrived, body.sent_at)
    await sightings.note(caller, arrived, offset)
    known = request.app.state.operations
    answers: list[Answer] = []
    for start in range(0, len(wanted), _TOGETHER):
        part: Sequence[Operation] = wanted[start : start + _TOGETHER]
        answers += await db.write(
            partial(operations.apply, caller=caller, operations=part, known=known, offset=offset)
        )
    made = [AnswerOut(op_id=a.op, status=a.status, detail=dict(a.detail)) for a in answers]
    told = Answers(server_time=now(), answers=made)
    # Checked as it was made: there may be a thousand of them.
    return Response(told.model_dump_json(by_alias=True), media_type="application/json")


def _cursor(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise Invalid("this cursor never was; take a new first copy", code="cursor_unknown")
    return int(given)
