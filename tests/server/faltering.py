"""A database that is out of reach now and then."""

from typing import TypeVar

from domain.errors import Unavailable
from server.db.database import Database, Job, Listener, Query

T = TypeVar("T")


class Faltering(Database):
    """Another database, of which the next `unread` reads and the next `unwritten` writes fail."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self.unread = self.unwritten = 0

    async def read(self, query: Query[T]) -> T:
        if self.unread:
            self.unread -= 1
            raise Unavailable("the database cannot be reached")
        return await self._database.read(query)

    async def write(self, job: Job[T], *, lane: str = "") -> T:
        if self.unwritten:
            self.unwritten -= 1
            raise Unavailable("the database cannot be reached")
        return await self._database.write(job, lane=lane)

    def on_commit(self, listener: Listener, *, at_once: bool = False) -> None:
        self._database.on_commit(listener, at_once=at_once)

    def close(self) -> None:
        """It is closed by whoever opened it."""
