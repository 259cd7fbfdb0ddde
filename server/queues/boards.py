"""What people see of a line, live: made once for each change, and given as the same bytes to all who look.

A frame is whole, so that whoever missed some is up to date with the next one. Its id is the digest of what
it shows: who comes back with it gets nothing anew while nothing has changed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

import orjson
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import NotFound, Problem
from server.db.database import Clock, Database
from server.db.wake import Wake
from server.queues import store
from server.queues.feeds import Feed, Frame, frame
from server.queues.line import Line, line
from server.queues.status import status
from server.queues.values import scope

_HEARTBEAT = 15.0
_AGAIN = 1.0
_COMMENT = b": still here\n\n"
_log = logging.getLogger("usher.queues")


class View(Protocol):
    """What somebody sees of a line. Two that are equal see the same.

    `beat` is the seconds after which `still` says that what was shown is still so.
    """

    @property
    def beat(self) -> float: ...

    @property
    def still(self) -> bytes: ...

    def frame(self, connection: Connection, there: Line) -> Frame | None:
        """None where there is nothing to see here any more."""
        ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class StatusView:
    """The status of a service point, as programs read it."""

    base_url: str

    @property
    def beat(self) -> float:
        return _HEARTBEAT

    @property
    def still(self) -> bytes:
        return _COMMENT

    def frame(self, connection: Connection, there: Line) -> Frame:
        """What does not show, the server's time, makes no other frame."""
        body = status(connection, there, self.base_url).model_dump(mode="json", by_alias=True)
        return frame("status", orjson.dumps(body), orjson.dumps({**body, "serverTime": None}))


class Board:
    """What is seen of one service point, kept up to date while anybody looks."""

    def __init__(self, database: Database, clock: Clock, org: str, id_: str) -> None:
        self._database, self._clock = database, clock
        self._org, self._id = org, id_
        self._newest: dict[View, Frame] = {}
        self._feeds: dict[View, set[Feed]] = {}
        self._added = asyncio.Event()
        self._failing = False

    @property
    def idle(self) -> bool:
        return not self._feeds

    def add(self, view: View) -> Feed:
        feed = Feed()
        self._feeds.setdefault(view, set()).add(feed)
        if view in self._newest:
            feed.put(self._newest[view])
        else:
            self._added.set()
        return feed

    def discard(self, view: View, feed: Feed) -> None:
        there = self._feeds.get(view, set())
        there.discard(feed)
        if not there:
            self._feeds.pop(view, None)
            self._newest.pop(view, None)

    def still(self, view: View) -> bytes:
        """The sign of life; where nothing can be read, nobody is told that what they see is still so."""
        return _COMMENT if self._failing else view.still

    async def keep(self, wake: Wake) -> None:
        """Makes frames at each change, and looks from time to time, since time itself opens and closes."""
        with wake.follow(scope(self._org, self._id)) as woken:
            everything = True
            while not wake.ended:
                woken.clear()
                self._added.clear()
                pause = _HEARTBEAT
                try:
                    await self._refresh(everything)
                    self._failing = False
                except NotFound:
                    break
                except Problem as problem:
                    _log.warning("the status of %s cannot be read: %s", self._id, problem.detail)
                    self._failing, pause = True, _AGAIN
                except Exception:
                    _log.exception("the status of %s cannot be read", self._id)
                    self._failing, pause = True, _AGAIN
                added = await _first(woken, self._added, pause)
                everything = self._failing or not added
        self.end()

    def end(self) -> None:
        for feeds in self._feeds.values():
            for feed in feeds:
                feed.end()

    async def _refresh(self, everything: bool) -> None:
        views = [view for view in self._feeds if everything or view not in self._newest]
        now = self._clock()
        for view, made in await self._database.read(lambda c: self._read(c, views, now)):
            self._publish(view, made)

    def _read(
        self, connection: Connection, views: Collection[View], now: Instant
    ) -> list[tuple[View, Frame | None]]:
        there = line(connection, store.point(connection, self._org, self._id), now)
        return [(view, view.frame(connection, there)) for view in views]

    def _publish(self, view: View, made: Frame | None) -> None:
        feeds = self._feeds.get(view, set())
        if made is None:
            for feed in feeds:
                feed.end()
        elif feeds and (view not in self._newest or made.id != self._newest[view].id):
            self._newest[view] = made
            for feed in feeds:
                feed.put(made)


class Boards:
    """The boards that somebody looks at."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
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

    async def follow(self, org: str, id_: str, view: View, seen: str | None) -> AsyncIterator[bytes]:
        """Server-sent events of what is seen of a service point, until the caller goes."""
        board = self._board(org, id_)
        feed = board.add(view)
        try:
            async for data in feed.frames(seen, view.beat, lambda: board.still(view)):
                yield data
        finally:
            board.discard(view, feed)
            self._drop_if_idle(org, id_, board)

    def _board(self, org: str, id_: str) -> Board:
        assert self._wake is not None, "boards run while the application does"
        known = self._boards.get((org, id_))
        if known is not None and not known[1].done():
            return known[0]
        board = Board(self._database, self._clock, org, id_)
        task = asyncio.create_task(board.keep(self._wake), name=f"board-{id_}")
        self._boards[org, id_] = board, task
        return board

    def _drop_if_idle(self, org: str, id_: str, board: Board) -> None:
        known = self._boards.get((org, id_))
        if known is not None and known[0] is board and board.idle:
            known[1].cancel()
            del self._boards[org, id_]


async def _first(changed: asyncio.Event, added: asyncio.Event, seconds: float) -> bool:
    """Waits for either, or so many seconds; whether somebody was added and nothing changed."""
    waits = [asyncio.create_task(each.wait()) for each in (changed, added)]
    try:
        done, _ = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    return bool(done) and not changed.is_set()
