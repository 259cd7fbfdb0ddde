"""One database behind two methods, `read` and `write`; no connection leaves the function given to them."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

from domain.clock import Instant

T = TypeVar("T")
Clock = Callable[[], Instant]
Listener = Callable[[frozenset[str]], None]


@dataclass(slots=True)
class Transaction:
    """One write in progress. `now` is its time; what `at_end` holds runs last inside of it.

    `touched` are the scopes whose streams wake once it is committed.
    """

    connection: Connection
    now: Instant
    touched: set[str] = field(default_factory=set)
    at_end: list[Callable[["Transaction"], None]] = field(default_factory=list)
    changes: list[tuple[str, str, str, bool]] = field(default_factory=list)
    """Rows for the change log: scope, table, key, whether it is gone."""

    @contextmanager
    def step(self) -> Iterator[None]:
        """A part that stands or falls by itself: what it raises takes back only what it did."""
        changes, touched, at_end = len(self.changes), set(self.touched), len(self.at_end)
        # By the driver itself: SQLAlchemy's own way takes as long as what an operation does between them.
        bare = driver(self.connection)
        bare.execute("SAVEPOINT step")
        try:
            yield
            bare.execute("RELEASE SAVEPOINT step")
        except BaseException:
            if self.connection.dialect.name == "postgresql":
                bare.forget()  # What waits belongs to this part.
            # SQLite takes the whole transaction back by itself, as it does on a full disk.
            if getattr(bare, "in_transaction", True):
                bare.execute("ROLLBACK TO SAVEPOINT step")
                bare.execute("RELEASE SAVEPOINT step")
            del self.changes[changes:], self.at_end[at_end:]
            self.touched = touched
            raise

    def finish(self) -> None:
        for step in self.at_end:
            step(self)


def driver(connection: Connection) -> Any:
    """The driver's own connection, for what need not be paid for twice."""
    return connection.connection.dbapi_connection


Job = Callable[[Transaction], T]
Query = Callable[[Connection], T]


class Database(ABC):
    """A SQLite file or a PostgreSQL server.

    `write` returns only when the transaction is durable. It raises what the job raises, after which
    nothing of the job remains; `StorageFull` where the disk has no room; `Unavailable` where the
    database cannot be reached or has been closed. Jobs that lock the same row, and so would wait for each
    other, name the same `lane`: whoever waits there is committed together.
    """

    dialect: str

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._first: list[Listener] = []
        self.hears = threading.Event()
        """Set while listeners are told of every commit, of other processes too."""

    @abstractmethod
    async def read(self, query: Query[T]) -> T: ...

    @abstractmethod
    async def write(self, job: Job[T], *, lane: str = "") -> T: ...

    @abstractmethod
    def close(self) -> None: ...

    def on_commit(self, listener: Listener, *, at_once: bool = False) -> None:
        """`listener(scopes)` is called, from any thread, after commits that touched scopes.

        `*` stands for every scope: there was a gap, and changes may have been missed. `at_once` is for who
        keeps answers: they hear of this process's own commits before anybody hears that those are done,
        and may hear of them twice.
        """
        self._listeners.append(listener)
        if at_once:
            self._first.append(listener)

    def _tell(self, touched: frozenset[str]) -> None:
        if touched:
            for listener in self._listeners:
                listener(touched)
