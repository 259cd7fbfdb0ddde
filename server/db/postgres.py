"""PostgreSQL: a transaction of its own for each job, on pooled connections; NOTIFY wakes other processes."""

import asyncio
import logging
import random
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from selectors import EVENT_READ, DefaultSelector
from typing import Any, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, DiskFull, SerializationFailure
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError

from domain.errors import Invalid, StorageFull, Unavailable
from server.db.database import Clock, Database, Job, Query, Transaction, driver
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


def postgres_engine(url: str) -> Engine:
    """An engine for `postgresql://user@host/name`."""
    address = url.replace("postgres://", "postgresql://", 1).replace(
        "postgresql://", "postgresql+psycopg://", 1
    )
    engine = create_engine(address, pool_size=_WRITERS + _READERS, max_overflow=2)
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "checkout", _refuse_the_dead)
    event.listen(engine, "begin", lambda connection: driver(connection).begin())
    return engine


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
        self._stop = threading.Event()
        self._bell, self._rope = socket.socketpair()
        self._ear = threading.Thread(target=self._listen, name="db-listen", daemon=True)
        self._ear.start()

    async def read(self, query: Query[T]) -> T:
        return await self._on(self._readers, self._read, query)

    async def write(self, job: Job[T]) -> T:
        return await self._on(self._writers, self._write, job)

    def close(self) -> None:
        self._stop.set()
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self._rope.close()
        self._ear.join(5)
        self._bell.close()
        self._engine.dispose()

    async def _on(self, threads: ThreadPoolExecutor, function: Callable[[A], T], argument: A) -> T:
        if self._stop.is_set():
            raise Unavailable("the server is stopping; try again in a moment")
        return await asyncio.get_running_loop().run_in_executor(threads, function, argument)

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
                again = isinstance(_cause(fault), DeadlockDetected | SerializationFailure)
                if not again or attempt == _TRIES:
                    raise _known(fault) from fault
                # Whoever goes on at once may meet the other again before that one has finished.
                self._stop.wait(_PAUSE * 2**attempt * random.random())  # noqa: S311
                attempt += 1

    def _attempt(self, connection: Connection, job: Job[T]) -> tuple[T, frozenset[str]]:
        transaction = Transaction(connection, self._clock())
        result = job(transaction)
        transaction.finish()
        if transaction.touched:
            driver(connection).later(_NOTIFY, (_CHANNEL, list(transaction.touched)))
        return result, frozenset(transaction.touched)

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
