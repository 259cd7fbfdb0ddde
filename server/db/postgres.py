"""PostgreSQL: a transaction of its own for each job, on pooled connections; NOTIFY wakes other processes."""

import asyncio
import logging
import random
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from selectors import EVENT_READ, DefaultSelector
from typing import Any, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, DiskFull, SerializationFailure
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError

from domain.errors import Invalid, StorageFull, Unavailable
from server.db.compiled import Alike, sharing
from server.db.database import Clock, Database, Job, Query, Transaction, driver
from server.db.lanes import Lanes
from server.db.pipelining import PipelinedConnection

T = TypeVar("T")
A = TypeVar("A")

_WRITERS, _READERS = 4, 4
"""Connections. Writers that wait for each other's rows keep nobody from reading."""
_TRIES = 5
_PAUSE = 0.01
_CHANNEL = "usher_touched"
_NOTIFY = "SELECT pg_notify(%s, scope) FROM unnest(%s::text[]) AS scope"
_log = logging.getLogger("usher.db")


class Dialect(Alike, PGDialect_psycopg):
    supports_statement_cache = True


registry.register("postgresql.usher", __name__, Dialect.__name__)


def postgres_engine(url: str) -> Engine:
    """An engine for `postgresql://user@host/name`."""
    address = url.replace("postgres://", "postgresql://", 1).replace(
        "postgresql://", "postgresql+usher://", 1
    )
    engine = create_engine(address, pool_size=_WRITERS + _READERS, max_overflow=2)
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "checkout", _refuse_the_dead)
    event.listen(engine, "begin", lambda connection: driver(connection).begin())
    return sharing(engine)


def _connect(_dialect: object, _record: object, arguments: Any, options: Any) -> PipelinedConnection:
    return PipelinedConnection.connect(*arguments, **options, autocommit=True)


def _refuse_the_dead(connection: "psycopg.Connection[Any]", *_: object) -> None:
    """A connection that nobody uses has nothing to say, unless the server has closed it; to ask the server
    each time would take as long as many a query. Raises `DisconnectionError`, upon which another is made."""
    with DefaultSelector() as waiting:
        waiting.register(connection.fileno(), EVENT_READ)
        if waiting.select(0):
            raise DisconnectionError("the server has closed it")


class PostgresDatabase(Database):
    """A PostgreSQL server, shared by any number of processes."""

    dialect = "postgresql"

    def __init__(self, url: str, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._engine = postgres_engine(url)
        self._writers = ThreadPoolExecutor(_WRITERS, "db-write")
        self._readers = ThreadPoolExecutor(_READERS, "db-read")
        self._lanes: Lanes[_Waiting] = Lanes()
        self._stop = threading.Event()
        self._bell, self._rope = socket.socketpair()
        self._ear = threading.Thread(target=self._listen, name="db-listen", daemon=True)
        self._ear.start()

    async def read(self, query: Query[T]) -> T:
        return await self._on(self._readers, self._read, query)

    async def write(self, job: Job[T], *, lane: str = "") -> T:
        if not lane:
            return await self._on(self._writers, self._write, job)
        self._check_open()
        waiting = _Waiting(job)
        if self._lanes.put(lane, waiting):
            self._go_on(lane)
        result: T = await asyncio.wrap_future(waiting.outcome)
        return result

    def close(self) -> None:
        self._stop.set()
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self._rope.close()
        self._ear.join(5)
        self._bell.close()
        self._engine.dispose()

    async def _on(self, threads: ThreadPoolExecutor, function: Callable[[A], T], argument: A) -> T:
        self._check_open()
        return await asyncio.get_running_loop().run_in_executor(threads, function, argument)

    def _check_open(self) -> None:
        if self._stop.is_set():
            raise Unavailable("the server is stopping; try again in a moment")

    def _read(self, query: Query[T]) -> T:
        try:
            with self._engine.connect() as connection:
                found = query(connection)
                # The driver forgets at a rollback which statements it has prepared.
                connection.commit()
                return found
        except (DBAPIError, psycopg.Error) as fault:
            raise _known(fault) from fault

    def _write(self, job: Job[T]) -> T:
        attempt = 1
        while True:
            try:
                with self._engine.begin() as connection:
                    result, touched = self._attempt(connection, job)
                for listener in self._first:
                    listener(touched)
                return result
            except (DBAPIError, psycopg.Error) as fault:
                if not _passes(fault) or attempt == _TRIES:
                    raise _known(fault) from fault
                # Whoever goes on at once may meet the other again before that one has finished.
                self._stop.wait(_PAUSE * 2**attempt * random.random())  # noqa: S311
                attempt += 1

    def _go_on(self, lane: str, last: int = 1) -> None:
        """Writes the next group of a lane, behind all else that waits for a thread."""
        try:
            self._writers.submit(self._write_lane, lane, last)
        except RuntimeError:  # Nothing is taken up any more, but what waits is finished.
            self._write_lane(lane, last)

    def _write_lane(self, lane: str, last: int) -> None:
        group = self._lanes.take(lane, last)
        if not group:
            return
        asked = [waiting for waiting in group if waiting.outcome.set_running_or_notify_cancel()]
        try:
            if len(asked) < 2 or not self._write_together(asked):
                for waiting in asked:
                    waiting.settle(self._write)
        except Exception as fault:
            for waiting in asked:
                waiting.fail(fault)
        finally:
            self._go_on(lane, len(group))

    def _write_together(self, group: Sequence["_Waiting"]) -> bool:
        """Whether all of them are answered; else nothing was written, and each is to be tried by itself."""
        try:
            with self._engine.begin() as connection:
                touched = frozenset().union(*(self._part(connection, waiting) for waiting in group))
                self._notify(connection, touched)
        except (DBAPIError, psycopg.Error) as fault:
            if not isinstance(_cause(fault), psycopg.OperationalError) or _passes(fault):
                return False
            # Perhaps it was written before the connection broke: who asked must ask again.
            for waiting in group:
                waiting.fail(_known(fault))
            return True
        for listener in self._first:
            listener(touched)
        for waiting in group:
            waiting.tell()
        return True

    def _part(self, connection: Connection, waiting: "_Waiting") -> set[str]:
        """Runs one job so that its fault is its own; one of the database is everybody's."""
        transaction = Transaction(connection, self._clock())
        try:
            with transaction.step():
                waiting.result = waiting.job(transaction)
                transaction.finish()
        except (DBAPIError, psycopg.Error):
            raise
        except Exception as failure:
            waiting.failure = failure
        return transaction.touched

    def _attempt(self, connection: Connection, job: Job[T]) -> tuple[T, frozenset[str]]:
        transaction = Transaction(connection, self._clock())
        result = job(transaction)
        transaction.finish()
        touched = frozenset(transaction.touched)
        self._notify(connection, touched)
        return result, touched

    def _notify(self, connection: Connection, touched: frozenset[str]) -> None:
        if touched:
            driver(connection).later(_NOTIFY, (_CHANNEL, list(touched)))

    def _listen(self) -> None:
        """Hears what any process committed, this one too; after a gap, assumes that everything changed."""
        while not self._stop.is_set():
            try:
                with self._engine.connect() as connection:
                    try:
                        self._hear(driver(connection))
                    finally:
                        connection.invalidate()  # One that listens is nobody else's any more.
            except (psycopg.Error, SQLAlchemyError):
                self.hears.clear()
                self._stop.wait(1)

    def _hear(self, connection: "psycopg.Connection[Any]") -> None:
        connection.execute(f"LISTEN {_CHANNEL}")
        self.hears.set()
        self._tell(frozenset({"*"}))
        with DefaultSelector() as waiting:
            waiting.register(connection.fileno(), EVENT_READ)
            waiting.register(self._bell, EVENT_READ)
            while not self._stop.is_set():
                self._tell(frozenset(note.payload for note in connection.notifies(timeout=0)))
                waiting.select()


class _Waiting:
    """A job of a lane, and its outcome."""

    __slots__ = ("failure", "job", "outcome", "result")

    def __init__(self, job: Job[Any]) -> None:
        self.job = job
        self.outcome: Future[Any] = Future()
        self.result: Any = None
        self.failure: Exception | None = None

    def tell(self) -> None:
        """What became of it in its group, which is durable."""
        if self.failure is not None:
            self.outcome.set_exception(self.failure)
        else:
            self.outcome.set_result(self.result)

    def settle(self, write: Callable[[Job[Any]], Any]) -> None:
        """Writes it by itself."""
        try:
            self.outcome.set_result(write(self.job))
        except Exception as failure:
            self.outcome.set_exception(failure)

    def fail(self, fault: Exception) -> None:
        """Nobody waits for ever."""
        if not self.outcome.done():
            self.outcome.set_exception(fault)


def _passes(fault: DBAPIError | psycopg.Error) -> bool:
    """Whether it was only in the way of another transaction, and nothing was written."""
    return isinstance(_cause(fault), DeadlockDetected | SerializationFailure)


def _cause(fault: DBAPIError | psycopg.Error) -> BaseException | None:
    """The driver's own fault; prepared statements raise it bare."""
    return fault.orig if isinstance(fault, DBAPIError) else fault


def _known(fault: DBAPIError | psycopg.Error) -> Exception:
    cause = _cause(fault)
    if isinstance(cause, DiskFull):
        return StorageFull("the database's disk is full; nothing was saved: make room, then try again")
    if isinstance(cause, psycopg.DataError):
        _log.warning("a value was refused: %s", cause)
        return Invalid("a number or a text in this request is out of range: look at it again")
    if isinstance(cause, psycopg.OperationalError):
        return Unavailable("the database cannot be reached; nothing was saved: try again in a moment")
    return fault
