"""SQLite: one thread owns writing and commits together what is waiting; each reader has its connection."""

import asyncio
import errno
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError

from domain.errors import Problem, StorageFull, Unavailable
from server.db.compiled import Alike, sharing
from server.db.database import Clock, Database, Job, Query, Transaction, driver
from server.db.gathering import Gathering

T = TypeVar("T")

_READERS = 4
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Dialect(Alike, SQLiteDialect_pysqlite):
    supports_statement_cache = True


registry.register("sqlite.usher", __name__, Dialect.__name__)


def sqlite_engine(path: Path, *, read_only: bool = False) -> Engine:
    """An engine whose connections hand BEGIN and COMMIT to the caller."""
    mode = "ro" if read_only else "rwc"
    engine = create_engine(
        "sqlite+usher://",
        creator=lambda: sqlite3.connect(
            f"file:{path}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        ),
        poolclass=NullPool,
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -16000")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA journal_size_limit = 67108864")
            # What savepoints keep; else a file is made and dropped for each group that is written.
            connection.execute("PRAGMA temp_store = MEMORY")

    return sharing(engine)


class SqliteDatabase(Database):
    """A SQLite file in WAL mode."""

    dialect = "sqlite"

    def __init__(self, path: Path, clock: Clock) -> None:
        super().__init__()
        self.path = path
        self._clock = clock
        self._jobs: Gathering[_Waiting] = Gathering()
        self._engine = sqlite_engine(path)
        self._readers = ThreadPoolExecutor(_READERS, "db-read", initializer=self._open_reader)
        self._local = threading.local()
        self._open: list[Connection] = []
        self._reading = sqlite_engine(path, read_only=True)
        self._closed = False
        self.hears.set()
        self._writer = threading.Thread(target=self._run, name="db-write", daemon=True)
        self._writer.start()

    async def read(self, query: Query[T]) -> T:
        if self._closed:
            raise Unavailable("the server is stopping; try again in a moment")
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, query)

    async def write(self, job: Job[T], *, lane: str = "") -> T:
        if self._closed:
            raise Unavailable("the server is stopping; try again in a moment")
        waiting = _Waiting(job, asyncio.get_running_loop())
        self._jobs.put(waiting)
        result: T = await waiting.future
        return result

    def close(self) -> None:
        """Finishes what is waiting, then ends the threads. Returns within 10 seconds."""
        if self._closed:
            return
        self._closed = True
        self._readers.shutdown(wait=True)
        for connection in self._open:
            connection.close()
        # The writer goes last: it puts into the file what stands beside it.
        self._jobs.end()
        self._writer.join(10)

    def _open_reader(self) -> None:
        self._local.connection = self._reading.connect()
        self._open.append(self._local.connection)

    def _read(self, query: Query[T]) -> T:
        connection: Connection = self._local.connection
        with _faults():
            connection.exec_driver_sql("BEGIN")
            try:
                return query(connection)
            finally:
                connection.rollback()
                _end(connection)

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while batch := self._jobs.take():
                self._commit(connection, batch)

    def _commit(self, connection: Connection, batch: list["_Waiting"]) -> None:
        touched: set[str] = set()
        try:
            with _faults():
                _execute(connection, "BEGIN IMMEDIATE")
                for waiting in batch:
                    touched |= self._attempt(connection, waiting)
                _execute(connection, "COMMIT")
        except Exception as fault:
            _end(connection)
            for waiting in batch:
                waiting.failure = waiting.failure or fault
        # Before anybody hears that it is done: whoever asks next is not told what was so before.
        self._tell(frozenset(touched))
        self._jobs.written(batch)
        for loop in {waiting.loop for waiting in batch}:
            done = [waiting for waiting in batch if waiting.loop is loop]
            with suppress(RuntimeError):  # a loop that was closed meanwhile waits for nothing
                loop.call_soon_threadsafe(_deliver, done)

    def _attempt(self, connection: Connection, waiting: "_Waiting") -> set[str]:
        """Runs one job between savepoints, so that its fault is its own."""
        transaction = Transaction(connection, self._clock())
        _execute(connection, "SAVEPOINT job")
        try:
            waiting.result = waiting.job(transaction)
            transaction.finish()
        except Exception as fault:
            waiting.failure = fault
            if not in_transaction(connection):
                raise
            _execute(connection, "ROLLBACK TO job")
            transaction.touched.clear()
        _execute(connection, "RELEASE job")
        return transaction.touched


class _Waiting:
    """A job, and its outcome, which is delivered once the group is durable."""

    __slots__ = ("failure", "future", "job", "loop", "result")

    def __init__(self, job: Callable[[Transaction], Any], loop: asyncio.AbstractEventLoop) -> None:
        self.job = job
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.failure: Exception | None = None


def _deliver(batch: list[_Waiting]) -> None:
    """Runs on the event loop, once for a whole group."""
    for waiting in batch:
        if waiting.future.done():
            continue
        if waiting.failure is not None:
            waiting.future.set_exception(known(waiting.failure))
        else:
            waiting.future.set_result(waiting.result)


def in_transaction(connection: Connection) -> bool:
    return bool(driver(connection).in_transaction)


def _execute(connection: Connection, sql: str) -> None:
    driver(connection).execute(sql)


def _end(connection: Connection) -> None:
    if in_transaction(connection):
        _execute(connection, "ROLLBACK")


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, DBAPIError) as fault:
        raise known(fault) from fault


def known(fault: Exception) -> Exception:
    """A fault of the world as a `Problem` that says what to do; any other fault as it is."""
    if isinstance(fault, OSError) and fault.errno in _NO_ROOM:
        return StorageFull("the disk is full; nothing was saved: make room, then try again")
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    if isinstance(fault, Problem) or not isinstance(cause, sqlite3.Error):
        return fault
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return StorageFull(
            "the disk is full or cannot be written; nothing was saved: make room, then try again"
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
        return Unavailable("the database file is in use or cannot be opened; nothing was saved: try again")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Unavailable("the database file is damaged: run `usher restore` with the newest backup")
    return fault
