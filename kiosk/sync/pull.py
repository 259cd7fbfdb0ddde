"""Changes: fetched page by page until a copy is as the server's, then followed as they happen."""

from collections.abc import Sequence

import orjson

from domain.errors import Unavailable
from domain.sync import Scope
from kiosk.store.replica import Change
from kiosk.sync import intake, seating, wire
from kiosk.sync.server_sent_events import Parser
from kiosk.sync.session import Session

_PAGE = "1000"


async def catch_up(session: Session, scope: Scope) -> None:
    """Until nothing is left. Raises `Gone` for a copy that is too old, `Invalid` for one that never was."""
    more = True
    while more:
        cursor = session.store.copies.cursor(scope)
        if cursor is None:
            return
        sent = session.now()
        page = await session.client.get(
            "/api/sync/changes", scope=str(scope), cursor=str(cursor), limit=_PAGE
        )
        await session.measured(sent, wire.server_time(page))
        changes = [wire.change(each) for each in page["changes"]]
        await _take(session, scope, changes, int(page["nextCursor"]))
        more = bool(page["more"])


async def follow(session: Session, scope: Scope) -> None:
    """Takes changes in as they happen, until the server ends the stream or falls silent."""
    cursor = session.store.copies.cursor(scope)
    if cursor is None:
        return
    parser = Parser()
    asked = {"scope": str(scope), "cursor": str(cursor)}
    async with session.client.stream("/api/sync/stream", asked, {"Accept": "text/event-stream"}) as stream:
        async for piece in stream.aiter_raw():
            session.heard()
            changes = [_change(event.data) for event in parser.feed(piece) if event.name == "change"]
            if changes:
                await _take(session, scope, changes, changes[-1].sequence)


async def _take(session: Session, scope: Scope, changes: Sequence[Change], cursor: int) -> None:
    await intake.take(session, scope, changes, cursor)
    await seating.heard(session, scope, {change.table for change in changes})


def _change(data: str) -> Change:
    try:
        return wire.change(orjson.loads(data))
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(
            f"The server's stream is not understood ({error}).", code="stream_unclear"
        ) from error
