"""The outbox: acts of this kiosk that the server has not taken yet, in the order in which they were done."""

# SQL made of this module's own column names, never of anything that came from outside.
# ruff: noqa: S608

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection

import orjson

from domain.clock import Instant
from domain.ids import OpId
from domain.sync import Answer, Kind, Operation, Status
from kiosk.store.outbox_file import OutboxFile

BATCH = 1_000
_COLUMNS = "op, kind, at, sequence, payload, base_version"
_ON_TICKETS = "kind IN ('ticket.sell', 'ticket.take_back', 'perk.redeemed')"
_LAID = f"(kind LIKE 'queue.%' OR {_ON_TICKETS})"
"""Operations that are laid over the replica until their effect is in it."""

_NOT_TAKEN = "state IN ('rejected', 'kept')"


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did here, before it has its place in the outbox. `at` is by this kiosk's clock."""

    op: OpId
    kind: str
    at: Instant
    payload: Mapping[str, object] = field(default_factory=dict)
    base_version: int | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """An operation that the server would not take, kept for staff, with the server's words."""

    operation: Operation
    answer: Answer


class Outbox:
    """States of a row: `waiting` for the server; `answered`, an operation that was applied but whose effect,
    laid over the replica, is still on its way back; `rejected`, kept and shown; `kept`, done for another
    organisation (`kiosk.store.owner`), shown too. Any other answered row is gone."""

    def __init__(self, file: OutboxFile) -> None:
        self._file = file

    def add(self, act: Act) -> Operation:
        """Durable when this returns. Adding an operation twice leaves the first."""
        with self._file.write() as db:
            db.execute(
                "INSERT INTO outbox (op, kind, at, base_version, payload, created) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (op) DO NOTHING",
                (
                    act.op,
                    act.kind,
                    act.at,
                    act.base_version,
                    orjson.dumps(dict(act.payload)).decode(),
                    act.at,
                ),
            )
            row = db.execute(f"SELECT {_COLUMNS} FROM outbox WHERE op = ?", (act.op,)).fetchone()
        return _operation(row)

    def waiting(self, limit: int = BATCH) -> tuple[Operation, ...]:
        """The oldest operations that the server has not answered."""
        rows = self._file.rows(
            f"SELECT {_COLUMNS} FROM outbox WHERE state = 'waiting' ORDER BY sequence LIMIT ?", (limit,)
        )
        return tuple(map(_operation, rows))

    def unseen(self) -> tuple[Operation, ...]:
        """Queue operations whose effect is not in the replica: to be laid over it, oldest first."""
        rows = self._file.rows(
            f"SELECT {_COLUMNS} FROM outbox WHERE state IN ('waiting', 'answered') AND kind LIKE 'queue.%' "
            "ORDER BY sequence"
        )
        return tuple(map(_operation, rows))

    def on_tickets(self) -> tuple[Operation, ...]:
        """Sales, made and taken back, and perks handed out whose effect is not in the replica: to be laid
        over it, oldest first."""
        rows = self._file.rows(
            f"SELECT {_COLUMNS} FROM outbox WHERE {_ON_TICKETS} AND state IN ('waiting', 'answered') "
            "ORDER BY sequence"
        )
        return tuple(map(_operation, rows))

    def rejected(self) -> tuple[Rejected, ...]:
        """What no server has taken, with the reason; also what was done for another organisation."""
        rows = self._file.rows(f"SELECT {_COLUMNS}, answer FROM outbox WHERE {_NOT_TAKEN} ORDER BY sequence")
        return tuple(
            Rejected(_operation(row), Answer(OpId(row[0]), Status.REJECTED, orjson.loads(row[6])))
            for row in rows
        )

    def answer(self, answers: Iterable[Answer]) -> None:
        """Takes the server's answers in. Rejected operations stay; nothing else is kept for good."""
        with self._file.write() as db:
            for answer in answers:
                detail = orjson.dumps(dict(answer.detail)).decode()
                match answer.status:
                    case Status.REJECTED:
                        db.execute(
                            "UPDATE outbox SET state = 'rejected', answer = ? WHERE op = ?",
                            (detail, answer.op),
                        )
                    case Status.APPLIED | Status.DUPLICATE:
                        _answered(db, answer.op, detail, _LAID)
                    case Status.CONFLICT:
                        # What was done to a ticket stands, and is marked; what was done in a line does not.
                        _answered(db, answer.op, detail, _ON_TICKETS)

    def answered(self) -> tuple[OpId, ...]:
        rows = self._file.rows("SELECT op FROM outbox WHERE state = 'answered' ORDER BY sequence")
        return tuple(OpId(op) for (op,) in rows)

    def forget(self, answered: Sequence[OpId]) -> None:
        """Drops answered operations, once their effect has come back with the replica."""
        if answered:
            with self._file.write() as db:
                db.executemany(
                    "DELETE FROM outbox WHERE op = ? AND state = 'answered'", [(op,) for op in answered]
                )

    def retry(self, op: OpId) -> None:
        """Sends a rejected operation once more, in its old place."""
        with self._file.write() as db:
            db.execute("UPDATE outbox SET state = 'waiting' WHERE op = ? AND state = 'rejected'", (op,))

    def holds(self, op: OpId) -> bool:
        """Whether the server has not answered this operation yet."""
        return bool(self._file.rows("SELECT 1 FROM outbox WHERE op = ? AND state = 'waiting'", (op,)))

    def sale_waits(self) -> bool:
        """Whether a sale waits."""
        return bool(
            self._file.rows(
                f"SELECT 1 FROM outbox WHERE {_ON_TICKETS} AND kind = ? AND state = 'waiting' LIMIT 1",
                (Kind.TICKET_SELL,),
            )
        )

    def queue_waits(self) -> bool:
        """Whether an operation on a queue waits."""
        return bool(
            self._file.rows("SELECT 1 FROM outbox WHERE state = 'waiting' AND kind LIKE 'queue.%' LIMIT 1")
        )

    def counts(self) -> tuple[int, int]:
        """How many wait, how many were not taken."""
        [(waiting, rejected)] = self._file.rows(
            "SELECT count(*) FILTER (WHERE state = 'waiting'), "
            f"count(*) FILTER (WHERE {_NOT_TAKEN}) FROM outbox"
        )
        return waiting, rejected


def _answered(db: Connection, op: OpId, detail: str, kept: str) -> None:
    db.execute(f"UPDATE outbox SET state = 'answered', answer = ? WHERE op = ? AND {kept}", (detail, op))
    db.execute("DELETE FROM outbox WHERE op = ? AND state <> 'answered'", (op,))


def _operation(row: Sequence[object]) -> Operation:
    op, kind, at, sequence, payload, base = row[:6]
    return Operation(
        op=OpId(str(op)),
        kind=str(kind),
        at=Instant(int(str(at))),
        sequence=int(str(sequence)),
        payload=orjson.loads(str(payload)),
        base_version=None if base is None else int(str(base)),
    )
