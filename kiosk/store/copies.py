"""The open copies of the server's records, one per scope: swapped in whole, moved on, dropped when broken."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from domain.errors import Unavailable
from domain.sync import Scope
from kiosk.store import replica
from kiosk.store.catalog import CATALOG_TABLES, Catalog
from kiosk.store.faults import Damaged, FromNewerVersion
from kiosk.store.replica import Applied, Change, Replica
from kiosk.store.shelf import Shelf

_CHUNK = 100
"""Changes that are taken in one go: a scan waits for no more than these."""

_UNCHECKED = 5_000
"""Changes after which what was written beside the copy is moved into it."""


class Copies:
    """`lock` is held while anybody reads; whoever holds it sees copies that stay."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder)
        self.lock = RLock()
        self._open: dict[Scope, Replica] = {}
        self._since_checkpoint = 0
        self._catalog: Catalog | None = None
        for scope in self.shelf.scopes():
            self._open_newest(scope)

    def close(self) -> None:
        with self.lock:
            for copy in self._open.values():
                copy.close()
            self._open.clear()
            self._catalog = None

    def scopes(self) -> tuple[Scope, ...]:
        with self.lock:
            return tuple(self._open)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Holds the copies still. One that turns out damaged is set aside, and `Unavailable` says so."""
        with self.lock:
            try:
                yield
            except Damaged as damage:
                self._set_aside(damage.file)
                raise Unavailable(
                    "The local copy was damaged and is being fetched again: "
                    "connect to the server, then scan again.",
                    code="copy_damaged",
                ) from damage

    def of(self, scope: Scope) -> Replica | None:
        return self._open.get(scope)

    def with_tickets(self) -> list[Replica]:
        return [copy for copy in self._open.values() if copy.has_tickets]

    def catalog(self) -> Catalog:
        """What the copies say together of events, types, lists and keys."""
        with self.lock:
            if self._catalog is None:
                whole = Catalog()
                for copy in self.with_tickets():
                    whole = whole.joined(copy.catalog)
                self._catalog = whole
            return self._catalog

    def cursor(self, scope: Scope) -> int | None:
        """How far this copy has come; None where there is none, and one is to be fetched."""
        try:
            with self.reading():
                copy = self.of(scope)
                return None if copy is None else copy.cursor
        except Unavailable:
            return None

    def apply(
        self, scope: Scope, changes: Sequence[Change], cursor: int, then: Callable[[Applied], None]
    ) -> frozenset[str]:
        """Moves a copy on to `cursor`, a few changes at a time; `then` is told of each few. Which tables
        were touched."""
        touched: frozenset[str] = frozenset()
        for start in range(0, len(changes), _CHUNK):
            few = changes[start : start + _CHUNK]
            touched |= self._apply(scope, few, few[-1].sequence, then)
        touched |= self._apply(scope, (), cursor, then)
        self._checkpoint(scope, len(changes))
        return touched

    def adopt(self, scope: Scope, unpacked: Path, stopped: Callable[[], bool] = lambda: False) -> None:
        """Swaps a new copy in. Nobody sees half of it, and a kiosk that dies meanwhile has the old one.

        Raises `Damaged` or `FromNewerVersion` for a file that is no copy of this scope, and gives up with
        `Unavailable` once `stopped`.
        """
        replica.make_ready(unpacked, scope, stopped)
        with self.lock:
            path = self.shelf.next(scope)
            unpacked.rename(path)
            old, self._open[scope] = self._open.get(scope), Replica(path, scope)
            self._catalog = None
            if old is not None:
                old.close()
            self.shelf.drop_older(scope)

    def drop(self, scope: Scope) -> None:
        """Takes a copy off the disk: it is over, or no longer this kiosk's."""
        with self.lock:
            copy = self._open.pop(scope, None)
            self._catalog = None
            if copy is not None:
                copy.close()
            self.shelf.wipe(scope)

    def wipe(self) -> None:
        """Takes every copy off the disk, whole or not."""
        with self.lock:
            self.close()
            self.shelf.clear()

    def _apply(
        self, scope: Scope, few: Sequence[Change], cursor: int, then: Callable[[Applied], None]
    ) -> frozenset[str]:
        with self.reading():
            copy = self.of(scope)
            if copy is None:
                return frozenset()
            applied = copy.apply(few, cursor)
            if applied.tables & CATALOG_TABLES:
                self._catalog = None
            then(applied)
            return applied.tables

    def _checkpoint(self, scope: Scope, changes: int) -> None:
        self._since_checkpoint += changes
        copy = self.of(scope)
        if copy is not None and self._since_checkpoint >= _UNCHECKED:
            self._since_checkpoint = 0
            copy.checkpoint()

    def _open_newest(self, scope: Scope) -> None:
        path = self.shelf.newest(scope)
        if path is None:
            return
        try:
            self._open[scope] = Replica(path, scope)
            self.shelf.drop_older(scope)
        except (Damaged, FromNewerVersion):
            self.shelf.set_aside(scope)

    def _set_aside(self, file: Path) -> None:
        for scope, copy in tuple(self._open.items()):
            if copy.path == file:
                del self._open[scope]
                self._catalog = None
                copy.close()
                self.shelf.set_aside(scope)
