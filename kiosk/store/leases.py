"""Leases: blocks of queue numbers that this kiosk alone may give out, so that it can do so offline."""

from dataclasses import dataclass

from domain import queue
from domain.ids import ServicePointId
from kiosk.store.outbox_file import OutboxFile


@dataclass(frozen=True, slots=True)
class Lease:
    """Numbers `first` to `last` of a category on a local day (`2026-05-10`)."""

    id: str
    service_point: ServicePointId
    category: str
    letter: str
    day: str
    first: int
    last: int


class Leases:
    def __init__(self, file: OutboxFile) -> None:
        self._file = file

    def add(self, lease: Lease) -> None:
        """A lease that is already here keeps its place; those of days gone by everywhere are forgotten."""
        with self._file.write() as db:
            db.execute("DELETE FROM lease WHERE day < date(?, '-2 days')", (lease.day,))
            db.execute(
                "INSERT INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                (
                    lease.id,
                    lease.service_point,
                    lease.category,
                    lease.letter,
                    lease.day,
                    lease.first,
                    lease.last,
                    lease.first,
                ),
            )

    def left(self, service_point: ServicePointId, category: str, day: str) -> int:
        """How many numbers may still be given out."""
        [(left,)] = self._file.rows(
            "SELECT coalesce(sum(last - next + 1), 0) FROM lease "
            "WHERE service_point = ? AND category = ? AND day = ?",
            (service_point, category, day),
        )
        return int(left)

    def take(self, service_point: ServicePointId, category: str, day: str) -> tuple[str, str] | None:
        """The next number as `(lease id, label)`, or None where none is left. It is never given out again."""
        with self._file.write() as db:
            row = db.execute(
                "SELECT id, letter, next FROM lease WHERE service_point = ? AND category = ? AND day = ? "
                "AND next <= last ORDER BY first LIMIT 1",
                (service_point, category, day),
            ).fetchone()
            if row is None:
                return None
            db.execute("UPDATE lease SET next = next + 1 WHERE id = ?", (row[0],))
        return row[0], queue.label(row[1], row[2])
