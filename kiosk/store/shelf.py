"""Where replica files lie: one per scope, each new copy under the next number, so that no copy is ever
written over and a file that SQLite keeps beside one never meets another."""

from datetime import UTC, datetime
from pathlib import Path

from domain.sync import Scope
from kiosk.store.outbox_file import set_aside

_BESIDE = ("", "-wal", "-shm")


class Shelf:
    """`replica-event-evt1.3.db` is the third copy of `event:evt1`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def newest(self, scope: Scope) -> Path | None:
        copies = self._copies(scope)
        return copies[-1] if copies else None

    def next(self, scope: Scope) -> Path:
        newest = self.newest(scope)
        number = 1 if newest is None else _number(newest) + 1
        return self.folder / f"{_stem(scope)}.{number}.db"

    def download(self, scope: Scope) -> Path:
        """Where a copy is received, compressed, until it is whole."""
        return self.folder / f"{_stem(scope)}.part"

    def unpacked(self, scope: Scope) -> Path:
        """Where a copy is made ready, before it counts."""
        return self.folder / f"{_stem(scope)}.new"

    def drop_older(self, scope: Scope) -> None:
        for path in self._copies(scope)[:-1]:
            remove(path)

    def set_aside(self, scope: Scope) -> Path | None:
        """Keeps a damaged copy out of the way, and of such copies only the last."""
        newest = self.newest(scope)
        if newest is None:
            return None
        for old in self.folder.glob(f"{_stem(scope)}.*-kept-*.db*"):
            old.unlink(missing_ok=True)
        return set_aside(newest, datetime.now(UTC))

    def wipe(self, scope: Scope) -> None:
        """Nothing of this scope stays on the disk, damaged copies and half downloads included."""
        for path in (*self.folder.glob(f"{_stem(scope)}.*"), *self.folder.glob(f"{_stem(scope)}.*-kept-*")):
            path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Nothing of any scope stays on the disk."""
        for path in self.folder.glob("replica-*"):
            path.unlink(missing_ok=True)

    def scopes(self) -> tuple[Scope, ...]:
        """The scopes of which there is a copy."""
        stems = {
            path.name.removeprefix("replica-").split(".")[0] for path in self.folder.glob("replica-*.*.db")
        }
        return tuple(Scope(*stem.split("-", 1)) for stem in sorted(stems))

    def _copies(self, scope: Scope) -> list[Path]:
        stem = _stem(scope)
        found = [p for p in self.folder.glob(f"{stem}.*.db") if p.name[len(stem) + 1 : -3].isdigit()]
        return sorted(found, key=_number)


def remove(path: Path) -> None:
    """Deletes a database file with what SQLite keeps beside it."""
    for tail in _BESIDE:
        path.with_name(path.name + tail).unlink(missing_ok=True)


def _stem(scope: Scope) -> str:
    return f"replica-{scope.kind}-{scope.id}" if scope.id else f"replica-{scope.kind}"


def _number(path: Path) -> int:
    return int(path.name.split(".")[-2])
