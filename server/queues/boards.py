"""The live status: made once for each change, and given as the same bytes to every display that looks.

A frame is a whole status, so that whoever missed some is up to date with the next one. Its id is the
digest of what it shows: a display that comes back with it gets nothing anew while nothing has changed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

import orjson
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import NotFound, Problem
from server.db.database import Clock, Database
from server.db.wake import Wake
from server.queues import store
from server.queues.schemas import StatusOut
from server.queues.status import status
from server.queues.values import scope

_HEARTBEAT = 15.0
_AGAIN = 1.0
_log = logging.getLogger("usher.queues")


@dataclass(frozen=True, slots=True)
class Frame:
    """One server-sent event, ready to be sent."""

    id: str
    data: bytes


class Feed:
    """The newest frame for one display. One that reads slowly skips those in between."""

    def __init__(self) -> None:
        self._new = asyncio.Event()
        self._frame: Frame | None = None
        self._ended = False

    def put(self, frame: Frame) -> None:
        self._frame = frame
        self._new.set()

    def end(self) -> None:
        self._ended = True
        self._new.set()

    async def frames(self, seen: str | None) -> AsyncIterator[bytes]:
        """Frames as they come, without the one that has been `seen`; a comment when none comes."""
        yield b"retry: 2000\n\n"
        while not self._ended:
            try:
                async with asyncio.timeout(_HEARTBEAT):
                    await self._new.wait()
            except TimeoutError:
                yield b": still here\n\n"
                continue
            self._new.clear()
            if self._frame is not None and self._frame.id != seen:
                seen = self._frame.id
                yield self._frame.data


class Board:
    """The status of one service point, kept up to date while anybody looks."""

    def __init__(self, database: Database, clock: Clock, base_url: str, org: str, id_: str) -> None:
        self._database, self._clock, self._base_url = database, clock, base_url
        self._org, self._id = org, id_
        self._newest: Frame | None = None
        self.feeds: set[Feed] = set()

    def add(self) -> Feed:
        feed = Feed()
        self.feeds.add(feed)
        if self._newest is not None:
            feed.put(self._newest)
        return feed

    async def keep(self, wake: Wake) -> None:
        """Makes a frame at each change, and looks from time to time, since time itself opens and closes."""
        with wake.follow(scope(self._org, self._id)) as woken:
            while not wake.ended:
                woken.clear()
                pause = _HEARTBEAT
                try:
                    self._publish(await self._database.read(partial(self._read, now=self._clock())))
                except NotFound:
                    break
                except Problem as problem:
                    _log.warning("the status of %s cannot be read: %s", self._id, problem.detail)
                    pause = _AGAIN
                except Exception:
                    _log.exception("the status of %s cannot be read", self._id)
                    pause = _AGAIN
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await woken.wait()
        self.end()

    def end(self) -> None:
        for feed in self.feeds:
            feed.end()

    def _read(self, connection: Connection, now: Instant) -> StatusOut:
        return status(connection, store.point(connection, self._org, self._id), now, self._base_url)

    def _publish(self, shown: StatusOut) -> None:
        made = frame(shown)
        if self._newest is None or made.id != self._newest.id:
            self._newest = made
            for feed in self.feeds:
                feed.put(made)


class Boards:
    """The boards that somebody looks at."""

    def __init__(self, database: Database, clock: Clock, base_url: str) -> None:
        self._database, self._clock, self._base_url = database, clock, base_url
        self._boards: dict[tuple[str, str], tuple[Board, asyncio.Task[None]]] = {}
        self._wake: Wake | None = None

    @asynccontextmanager
    async def running(self, wake: Wake) -> AsyncIterator[None]:
        """Until the end of this, boards can be looked at; then every stream ends."""
        self._wake = wake
        try:
            yield
        finally:
            for board, task in list(self._boards.values()):
                board.end()
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            self._boards.clear()

    async def follow(self, org: str, id_: str, seen: str | None) -> AsyncIterator[bytes]:
        """Server-sent events of a service point's status, until the caller goes."""
        board = self._board(org, id_)
        feed = board.add()
        try:
            async for data in feed.frames(seen):
                yield data
        finally:
            board.feeds.discard(feed)
            self._drop_if_idle(org, id_, board)

    def _board(self, org: str, id_: str) -> Board:
        assert self._wake is not None, "boards run while the application does"
        known = self._boards.get((org, id_))
        if known is not None and not known[1].done():
            return known[0]
        board = Board(self._database, self._clock, self._base_url, org, id_)
        task = asyncio.create_task(board.keep(self._wake), name=f"board-{id_}")
        self._boards[org, id_] = board, task
        return board

    def _drop_if_idle(self, org: str, id_: str, board: Board) -> None:
        known = self._boards.get((org, id_))
        if known is not None and known[0] is board and not board.feeds:
            known[1].cancel()
            del self._boards[org, id_]


def frame(shown: StatusOut) -> Frame:
    """The event of a status. What does not show, the server's time, makes no other frame."""
    body = shown.model_dump(mode="json", by_alias=True)
    timeless = orjson.dumps({**body, "serverTime": None})
    id_ = blake2b(timeless, digest_size=9).hexdigest()
    return Frame(id_, b"id: %s\nevent: status\ndata: %s\n\n" % (id_.encode(), orjson.dumps(body)))
