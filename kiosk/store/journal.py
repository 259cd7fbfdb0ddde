"""The journal: scans of this kiosk, so that they count here before, and recent ones are seen after, the
server has them. It is laid over the replica's scans; an operation counts once."""

# SQL made of this module's own column names, never of anything that came from outside.
# ruff: noqa: S608

from collections.abc import Sequence
from dataclasses import dataclass

from domain.admission import Reason, Scan
from domain.clock import Instant
from domain.ids import EventId, OpId, TicketId
from domain.replica import SCAN
from kiosk.store.outbox_file import OutboxFile
from kiosk.store.rows import SCAN_COLUMNS, scan_of

_INSERT = SCAN.upsert().replace("INSERT INTO scan ", "INSERT INTO journal ")


@dataclass(frozen=True, slots=True)
class Noted:
    """One scan of this kiosk with its verdict; `reason` is None where it was granted."""

    scan: Scan
    event: EventId | None = None
    reason: Reason | None = None


class Journal:
    def __init__(self, file: OutboxFile) -> None:
        self._file = file

    def add(self, noted: Noted) -> None:
        scan = noted.scan
        with self._file.write() as db:
            db.execute(
                _INSERT,
                (
                    scan.op,
                    scan.at,
                    scan.ticket,
                    noted.event or "",
                    scan.list,
                    scan.direction,
                    scan.granted,
                    noted.reason or "",
                    scan.gate,
                    scan.device,
                    scan.forced,
                    scan.undoes,
                    None,
                ),
            )

    def scans_of(self, tickets: Sequence[TicketId]) -> list[Scan]:
        marks = ",".join("?" * len(tickets))
        rows = self._file.rows(f"SELECT {SCAN_COLUMNS} FROM journal WHERE ticket IN ({marks})", tickets)
        return list(map(scan_of, rows))

    def all(self) -> list[Noted]:
        return self._noted("ORDER BY at, op", ())

    def recent(self, limit: int) -> tuple[Noted, ...]:
        """The newest first."""
        return tuple(self._noted("ORDER BY at DESC, op DESC LIMIT ?", (limit,)))

    def last_granted(self) -> Noted | None:
        """The newest scan that was granted here and stands: what an undo takes back."""
        standing = self._noted(
            "WHERE granted AND undoes IS NULL AND op NOT IN "
            "(SELECT undoes FROM journal WHERE undoes IS NOT NULL) ORDER BY at DESC, op DESC LIMIT 1",
            (),
        )
        return standing[0] if standing else None

    def find(self, op: OpId) -> Noted | None:
        found = self._noted("WHERE op = ?", (op,))
        return found[0] if found else None

    def prune(self, before: Instant) -> None:
        """Forgets old scans that the server has."""
        with self._file.write() as db:
            db.execute(
                "DELETE FROM journal WHERE at < ? AND op NOT IN (SELECT op FROM outbox)",
                (before,),
            )

    def forget(self, event: EventId) -> None:
        """Forgets the scans of one event that the server has."""
        with self._file.write() as db:
            db.execute("DELETE FROM journal WHERE event = ? AND op NOT IN (SELECT op FROM outbox)", (event,))

    def wipe(self) -> None:
        """Forgets every scan that the server has."""
        with self._file.write() as db:
            db.execute("DELETE FROM journal WHERE op NOT IN (SELECT op FROM outbox)")

    def _noted(self, tail: str, values: Sequence[object]) -> list[Noted]:
        rows = self._file.rows(f"SELECT {SCAN_COLUMNS}, event, reason FROM journal {tail}", values)
        return [
            Noted(scan_of(row), EventId(row[-2]) if row[-2] else None, Reason(row[-1]) if row[-1] else None)
            for row in rows
        ]
