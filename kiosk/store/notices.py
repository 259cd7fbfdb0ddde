"""Notices: what staff have to know about an act after the fact, such as a ticket that two doors admitted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from domain.clock import Instant
from domain.ids import OpId
from kiosk.store.outbox_file import OutboxFile


@dataclass(frozen=True, slots=True)
class Notice:
    """`kind` is `double`, `late`, `conflict`, `rejected`; `renumbered` for somebody in a line whose number
    the server knows as another; of a sale `price` where that changed, `beyond` where its seat was gone.
    `subject` names the ticket or the queue entry.

    `detail` is what the server said, or for a double admission `first`: when, which gate, which device.
    """

    op: OpId
    kind: str
    at: Instant
    subject: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)
    seen: bool = False


class Notices:
    def __init__(self, file: OutboxFile) -> None:
        self._file = file

    def add(self, notice: Notice) -> bool:
        """Whether it is news: an operation is told of once."""
        with self._file.write() as db:
            cursor = db.execute(
                "INSERT INTO notice (op, kind, at, subject, detail) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (op) DO NOTHING",
                (
                    notice.op,
                    notice.kind,
                    notice.at,
                    notice.subject,
                    orjson.dumps(dict(notice.detail)).decode(),
                ),
            )
            return cursor.rowcount == 1

    def newest(self, limit: int = 100) -> tuple[Notice, ...]:
        rows = self._file.rows(
            "SELECT op, kind, at, subject, detail, seen FROM notice ORDER BY at DESC, op DESC LIMIT ?",
            (limit,),
        )
        return tuple(
            Notice(OpId(op), kind, Instant(at), subject, orjson.loads(detail), bool(seen))
            for op, kind, at, subject, detail, seen in rows
        )

    def mark_seen(self) -> None:
        with self._file.write() as db:
            db.execute("UPDATE notice SET seen = 1 WHERE seen = 0")
