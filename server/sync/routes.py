"""Routes of the sync: first copies, changes, the live stream, operations."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from sqlalchemy import Connection, text

from domain.clock import Instant
from domain.errors import Forbidden, Invalid, NotFound, Problem
from domain.ids import OpId
from domain.sync import Answer, Operation, Scope, clock_offset
from domain.sync import scope as scope_of
from server.auth.caller import ANYBODY, MODES, Allow, Caller, Role
from server.auth.sightings import Seen, Sightings
from server.db.database import Clock, Database
from server.db.wake import Wake
from server.sync import feed, operations
from server.sync.rows import SOURCES, parameters
from server.sync.schemas import AnswerOut, Answers, ChangeOut, Changes, Operations
from server.sync.snapshot import Snapshots
from server.wire import Db, Now

router = APIRouter(prefix="/api/sync", tags=["sync"])

MEDIA_TYPE = "application/vnd.usher.replica+zstd"
_MODES = {"event": {"door", "display"}, "servicePoint": {"desk", "welcome", "display"}}
_PERMISSIONS = {"event": "door", "servicePoint": "desk"}
_TOGETHER = 50
_HEARTBEAT = 15.0
_NO_SCOPE = "there is no such scope"
_PAGE = 1_000

Kiosk = Annotated[Caller, Depends(Allow(staff="door", modes=MODES))]
Follower = Annotated[Caller, Depends(Allow(staff=ANYBODY, modes=MODES))]
"""Which permission of staff is needed, the scope says."""
ScopeName = Annotated[str, Query(alias="scope", max_length=100)]


async def _followed(scope: ScopeName, caller: Follower, db: Db, now: Now, sightings: Seen) -> Scope:
    """The scope asked for, also one that was removed, so that who has a copy hears of that.

    Raises `NotFound` for one that is not the caller's.
    """
    found = scope_of(scope)
    if found is None or found.kind not in SOURCES or not _may(caller, found):
        raise NotFound(_NO_SCOPE)
    if not await db.read(lambda c: _is(c, caller, found, now()) or feed.head(c, f"{caller.org}/{found}")):
        raise NotFound(_NO_SCOPE)
    await sightings.note(caller, now())
    return found


async def _wanted(scope: Annotated[Scope, Depends(_followed)], caller: Follower, db: Db, now: Now) -> Scope:
    """A scope to copy. Raises `NotFound` for one that is not the caller's, or was removed."""
    if not await db.read(lambda connection: _is(connection, caller, scope, now())):
        raise NotFound(_NO_SCOPE)
    return scope


def _may(caller: Caller, scope: Scope) -> bool:
    if caller.role is Role.DEVICE:
        return caller.covers(str(scope)) and caller.mode in _MODES[scope.kind]
    if not caller.may(_PERMISSIONS[scope.kind]):
        raise Forbidden(f"this needs the permission {_PERMISSIONS[scope.kind]!r}")
    return True


def _is(connection: Connection, caller: Caller, scope: Scope, now: Instant) -> bool:
    root = SOURCES[scope.kind][0]
    values = {k: v for k, v in parameters(caller.org, scope, now).items() if f":{k}" in root.where}
    return connection.execute(text(root.whole()), values).first() is not None


Followed = Annotated[Scope, Depends(_followed)]
Wanted = Annotated[Scope, Depends(_wanted)]


async def _snapshots(request: Request) -> Snapshots:
    snapshots: Snapshots = request.app.state.snapshots
    return snapshots


@router.get("/snapshot", response_class=FileResponse)
async def snapshot(
    request: Request,
    scope: Wanted,
    caller: Follower,
    db: Db,
    now: Now,
    snapshots: Annotated[Snapshots, Depends(_snapshots)],
) -> Response:
    """A first copy: a SQLite file, compressed with zstd, that can be resumed by `Range` and `If-Range`.

    With `Accept: application/x-ndjson` the same rows as lines `{table, row}`, the cursor first. Devices
    for the scopes of their mode, staff with `door` or `desk`.
    """
    if "application/x-ndjson" in request.headers.get("accept", ""):
        lines = _ndjson(db, caller.org, scope, now())
        return StreamingResponse(lines, media_type="application/x-ndjson")
    made = await snapshots.get(caller.org, scope, now())
    headers = {
        "ETag": f'"{made.digest.hex()[:32]}"',
        "Repr-Digest": made.repr_digest,
        "X-Usher-Cursor": str(made.cursor),
        "Cache-Control": "private, no-store",
    }
    return FileResponse(made.path, headers=headers, media_type=MEDIA_TYPE)


async def _ndjson(db: Database, org: str, scope: Scope, now: Instant) -> AsyncIterator[bytes]:
    """Pages of the change feed's form, by table and key; small memory, many queries."""
    cursor = await db.read(lambda c: feed.head(c, f"{org}/{scope}"))
    yield orjson.dumps({"scope": str(scope), "cursor": str(cursor)}) + b"\n"
    for source in SOURCES[scope.kind]:
        after: object = None
        while True:
            page = await db.read(lambda c, s=source, a=after: feed.page(c, org, scope, s, a, _PAGE, now))  # type: ignore[misc]
            yield b"".join(
                orjson.dumps({"table": source.table.name, "row": row}) + b"\n" for row in page.rows
            )
            if page.last is None:
                break
            after = page.last


@router.get("/changes")
async def changes(
    scope: Followed,
    caller: Follower,
    db: Db,
    now: Now,
    cursor: Annotated[str, Query(max_length=32)],
    limit: Annotated[int, Query(ge=1, le=5000)] = _PAGE,
) -> Changes:
    """What changed since a cursor, in order; `row` is null for what is gone. `410` means: copy anew."""
    at, start = now(), _cursor(cursor)
    pull = await db.read(lambda c: feed.pull(c, caller.org, scope, start, limit, at))
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
    caller: Follower,
    db: Db,
    now: Now,
    sightings: Seen,
    cursor: Annotated[str | None, Query(max_length=32)] = None,
    last_event_id: Annotated[str | None, Header(max_length=32)] = None,
) -> StreamingResponse:
    """The same changes as they happen, as server-sent events; `Last-Event-ID` is a cursor."""
    given = last_event_id or cursor
    name = f"{caller.org}/{scope}"
    start = await db.read(lambda c: feed.head(c, name)) if given is None else _cursor(given)
    await db.read(lambda c: feed.pull(c, caller.org, scope, start, 1, now()))
    events = _events(request.app.state.wake, db, caller, scope, start, now, sightings)
    return StreamingResponse(
        events,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(
    wake: Wake, db: Database, caller: Caller, scope: Scope, cursor: int, now: Clock, sightings: Sightings
) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    with wake.follow(f"{caller.org}/{scope}") as woken:
        while not wake.ended:
            woken.clear()
            try:
                pull = await db.read(lambda c, at=cursor: feed.pull(c, caller.org, scope, at, _PAGE, now()))  # type: ignore[misc]
            except Problem:
                return  # Whoever follows comes back, and is told what is wrong.
            cursor = pull.cursor
            if pull.changes:
                yield b"".join(_event(change) for change in pull.changes)
            if pull.more:
                continue
            try:
                # `wait_for` of Python 3.11 may swallow that this task is to end.
                async with asyncio.timeout(_HEARTBEAT):
                    await woken.wait()
            except TimeoutError:
                yield b": still here\n\n"
            await sightings.note(caller, now())


def _event(change: feed.Change) -> bytes:
    data = {"seq": change.seq, "table": change.table, "key": change.key, "row": change.row}
    return b"id: %d\nevent: change\ndata: %s\n\n" % (change.seq, orjson.dumps(data))


@router.post("/ops")
async def ops(
    body: Operations, request: Request, caller: Kiosk, db: Db, now: Now, sightings: Seen
) -> Answers:
    """Operations of a kiosk, answered one by one in the same order. Devices, staff with `door`.

    `applied`, `duplicate` with the first answer, `conflict` with what stands, or `rejected` with a
    problem, after which the rest goes on.
    """
    wanted = [
        Operation(OpId(o.op_id), o.kind, o.at, o.device_seq, o.payload, o.base_version)
        for o in body.operations
    ]
    arrived = now()
    offset = clock_offset(body.sent_at, arrived, body.sent_at)
    await sightings.note(caller, arrived, offset)
    answers: list[Answer] = []
    for start in range(0, len(wanted), _TOGETHER):
        part: Sequence[Operation] = wanted[start : start + _TOGETHER]
        answers += await db.write(
            lambda t, part=part: operations.apply(  # type: ignore[misc]
                t, caller, part, request.app.state.operations, offset
            )
        )
    made = [AnswerOut(op_id=a.op, status=a.status, detail=dict(a.detail)) for a in answers]
    return Answers(server_time=now(), answers=made)


def _cursor(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise Invalid("this cursor never was; take a new first copy", code="cursor_unknown")
    return int(given)
