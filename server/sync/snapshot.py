"""First copies: a ready SQLite file for a part, built once and reused while it is fresh enough."""

import asyncio
import base64
import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import uuid4

import zstandard
from sqlalchemy import Connection, text

from domain import replica
from domain.clock import DAY, LAST, SECOND, Instant
from domain.replica import Table
from server.db.database import Database
from server.db.sqlite import SqliteDatabase, known
from server.sync import feed
from server.sync.rows import Part, Source

_FRESH = 1_000
"""A copy this many changes behind is still given: following from there costs less than a new one."""

_KEPT = 2
_PAGE = 20_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A compressed copy. `digest` is the SHA-256 of the compressed bytes."""

    path: Path
    cursor: int
    digest: bytes

    @property
    def repr_digest(self) -> str:
        """As RFC 9530 writes it in `Repr-Digest`."""
        return f"sha-256=:{base64.b64encode(self.digest).decode()}:"


class Snapshots:
    """Builds and keeps copies in a folder of its own within the given one; of one part never two at once."""

    def __init__(self, database: Database, folder: Path, now: Instant) -> None:
        self._database = database
        self._folder = folder / uuid4().hex
        self._locks: dict[Part, asyncio.Lock] = {}
        self._made: dict[Part, list[Snapshot]] = {}
        # Nobody else serves a SQLite file; of PostgreSQL other processes may use the same data folder.
        _clear(folder, LAST if isinstance(database, SqliteDatabase) else Instant(now - DAY))

    def close(self) -> None:
        """Takes the copies off the disk."""
        shutil.rmtree(self._folder, ignore_errors=True)

    async def get(self, part: Part, now: Instant) -> Snapshot:
        """A copy of a part, at most a few changes behind. Raises `StorageFull`."""
        async with self._locks.setdefault(part, asyncio.Lock()):
            made = self._made.setdefault(part, [])
            head = await self._database.read(lambda c: feed.head(c, part.name))
            if not (made and made[-1].path.exists() and head - made[-1].cursor <= _FRESH):
                try:
                    made.append(await self._build(part, now))
                except (OSError, sqlite3.Error) as fault:
                    raise known(fault) from fault
            for old in made[:-_KEPT]:
                old.path.unlink(missing_ok=True)
            del made[:-_KEPT]
            return made[-1]

    async def _build(self, part: Part, now: Instant) -> Snapshot:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            plain = Path(folder) / "replica.db"
            if isinstance(self._database, SqliteDatabase):
                cursor = await asyncio.to_thread(_from_sqlite, self._database.path, plain, part, now)
            else:
                cursor = await self._database.read(lambda c: _from_rows(c, plain, part, now))
            name = hashlib.sha256(f"{part.name} {part.public}".encode()).hexdigest()[:16]
            packed = self._folder / f"{name}-{cursor}.db.zst"
            digest = await asyncio.to_thread(_compress, plain, packed)
        return Snapshot(packed, cursor, digest)


def _clear(folder: Path, before: Instant) -> None:
    """Takes off the disk what was left before then by a server that is no more."""
    with suppress(OSError):
        for left in folder.iterdir():
            if left.stat().st_mtime * SECOND < before:
                shutil.rmtree(left, ignore_errors=True)


def _from_sqlite(source: Path, target: Path, part: Part, now: Instant) -> int:
    """SQLite copies from file to file by itself, as everything is at one instant.

    The search index takes as long as all the rest, so a second thread makes it meanwhile, in a file of
    its own whose pages are then taken over.
    """
    words = target.with_name("words.db") if replica.TICKET.name in part.tables else None
    with ExitStack() as stack:
        copy = stack.enter_context(_target(target, [each.table for each in part.sources]))
        index = stack.enter_context(_target(words, [])) if words else None
        _at_one_instant(source, [c for c in (copy, index) if c is not None])
        cursor = int(copy.execute(*feed.head_query(part.name, "source.")).fetchone()[0])
        making = stack.enter_context(ThreadPoolExecutor(1))
        made = making.submit(_index_words, index, part) if index else None
        for each in part.sources:
            _copy_rows(copy, each, part.parameters(each, now))
        _add_indexes(copy, part)
        if made:
            made.result()
        _sign(copy, part, cursor)
        copy.execute("COMMIT")
        if words and index:
            index.close()
            copy.execute("DETACH source")
            _take_over(copy, words)
    return cursor


def _at_one_instant(source: Path, readers: Sequence[sqlite3.Connection]) -> None:
    """Opens a transaction for each reader such that all of them see the same."""
    for reader in readers:
        reader.execute("ATTACH ? AS source", (f"file:{source}?mode=ro",))
    while True:
        for reader in readers:
            reader.execute("BEGIN")
        seen = {reader.execute("SELECT max(seq) FROM source.change").fetchone() for reader in readers}
        if len(seen) == 1:
            return
        for reader in readers:
            reader.execute("ROLLBACK")


def _copy_rows(copy: sqlite3.Connection, source: Source, values: dict[str, object]) -> None:
    query = source.whole("source.") + (" ORDER BY t.number" if source.table.numbered else "")
    copy.execute(f"INSERT INTO main.{source.table.name} ({', '.join(source.table.names)}) {query}", values)


def _index_words(index: sqlite3.Connection, part: Part) -> None:
    """Its segments are left as they come, a dozen for a million tickets: to merge them takes a quarter of the
    time, and a search hardly notices."""
    index.execute(replica.SEARCH.replace("content='ticket'", "content=''"))
    index.execute("INSERT INTO main.ticket_search (ticket_search, rank) VALUES ('automerge', 0)")
    index.execute(
        "INSERT INTO main.ticket_search (rowid, name, email, order_number) "
        "SELECT number, name, email, order_number FROM source.ticket WHERE org = ? AND event = ? "
        "ORDER BY number",
        (part.org, part.scope.id),
    )
    index.execute("COMMIT")


def _take_over(copy: sqlite3.Connection, words: Path) -> None:
    """Fills the empty search index with the tables of the one that was made beside it."""
    copy.execute(replica.SEARCH)
    copy.execute("ATTACH ? AS words", (str(words),))
    copy.execute("BEGIN")
    for table in ("ticket_search_data", "ticket_search_idx"):
        copy.execute(f"DELETE FROM main.{table}")
        copy.execute(f"INSERT INTO main.{table} SELECT * FROM words.{table}")
    copy.execute("COMMIT")
    copy.execute("DETACH words")


def _from_rows(connection: Connection, target: Path, part: Part, now: Instant) -> int:
    """Any other database streams its rows, all as they were at one instant."""
    connection.rollback()
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    cursor = feed.head(connection, part.name)
    with _target(target, [each.table for each in part.sources]) as copy:
        copy.execute("BEGIN")
        for each in part.sources:
            rows = connection.execution_options(stream_results=True, yield_per=_PAGE).execute(
                text(each.whole()), part.parameters(each, now)
            )
            marks = ", ".join("?" for _ in each.table.names)
            copy.executemany(
                f"INSERT INTO {each.table.name} ({', '.join(each.table.names)}) VALUES ({marks})",
                (tuple(row) for row in rows),
            )
        _add_indexes(copy, part)
        if replica.TICKET.name in part.tables:
            copy.execute(replica.SEARCH)
            copy.execute(replica.SEARCH_FILL)
        _sign(copy, part, cursor)
        copy.execute("COMMIT")
    return cursor


@contextmanager
def _target(path: Path, tables: Sequence[Table]) -> Iterator[sqlite3.Connection]:
    """An empty copy that nobody else sees: no journal, no waiting for the disk, and pages twice as large as
    usual, of which there are fewer to fill."""
    with closing(
        sqlite3.connect(f"file:{path}", uri=True, isolation_level=None, check_same_thread=False)
    ) as copy:
        for pragma in (
            "page_size = 8192",
            "journal_mode = OFF",
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
            "cache_size = -8000",
        ):
            copy.execute(f"PRAGMA main.{pragma}")
        for table in tables:
            copy.execute(table.create())
        copy.execute(replica.META)
        yield copy


def _add_indexes(copy: sqlite3.Connection, part: Part) -> None:
    for source in part.sources:
        for index in source.table.create_indexes():
            copy.execute(index)


def _sign(copy: sqlite3.Connection, part: Part, cursor: int) -> None:
    """Writes down what this is a copy of, as the last thing."""
    copy.execute(
        "INSERT INTO replica_meta (scope, cursor, schema) VALUES (?, ?, ?)",
        (str(part.scope), cursor, replica.SCHEMA_VERSION),
    )


def _compress(plain: Path, packed: Path) -> bytes:
    digest = hashlib.sha256()
    part = packed.with_suffix(".part")
    try:
        with plain.open("rb") as source, part.open("wb") as target:
            for chunk in _packed(source):
                digest.update(chunk)
                target.write(chunk)
        part.replace(packed)
    finally:
        part.unlink(missing_ok=True)
    return digest.digest()


def _packed(source: IO[bytes]) -> Iterator[bytes]:
    yield from zstandard.ZstdCompressor(level=1, threads=2).read_to_iter(source, read_size=1 << 20)
