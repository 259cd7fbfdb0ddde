"""Applying what kiosks send: in their order, each by itself, each once.

A rejected operation is not remembered: sent again, it is looked at again.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson
from sqlalchemy import bindparam, insert, select

from domain.clock import Instant
from domain.errors import Invalid, Problem
from domain.sync import Answer, Operation, Status, corrected
from server.auth.caller import Caller
from server.db.constraints import Faults, refused
from server.db.database import Transaction
from server.db.prepared import Prepared
from server.errors import problem_body
from server.operations import Known, take_turns
from server.sync.tables import sync_operations

_O = sync_operations.c
_KEEP = Prepared(insert(sync_operations).values({name: bindparam(name) for name in _O.keys()}))  # noqa: SIM118
_log = logging.getLogger("usher.sync")


def apply(
    transaction: Transaction,
    caller: Caller,
    operations: Sequence[Operation],
    known: Mapping[str, Known],
    offset: int,
) -> list[Answer]:
    """Answers one by one, in the same order. What one raises rejects that one, and the rest goes on.

    `offset` is what to add to the caller's clock, in milliseconds.
    """
    take_turns(transaction.connection, caller.org, [operation.op for operation in operations])
    batch = _Batch(transaction, caller, known, offset)
    try:
        # Mostly nothing is wrong with any: then a savepoint around all of them does for each.
        with transaction.step():
            return batch.answer(operations, batch.apply)
    except _wrong():
        return batch.answer(operations, batch.try_one)


@dataclass(frozen=True, slots=True)
class _Batch:
    transaction: Transaction
    caller: Caller
    known: Mapping[str, Known]
    offset: int

    def answer(self, operations: Sequence[Operation], handle: Callable[[Operation], Answer]) -> list[Answer]:
        first = _first_answers(self.transaction, self.caller.org, [operation.op for operation in operations])
        answers, kept = list[Answer](), list[dict[str, object]]()
        for operation in operations:
            answer = first.get(operation.op)
            if answer is None:
                at = Instant(min(corrected(operation.at, self.offset), self.transaction.now))
                answer = handle(replace(operation, at=max(Instant(0), at)))
                if answer.status is not Status.REJECTED:
                    kept.append(_row(self.transaction, self.caller, operation, answer))
                    first[operation.op] = replace(answer, status=Status.DUPLICATE)
            answers.append(answer)
        _KEEP.many(self.transaction.connection, kept)
        return answers

    def apply(self, operation: Operation) -> Answer:
        """Raises what is wrong with it, of which something may remain."""
        kind = self.known.get(operation.kind)
        if kind is None:
            raise Invalid(
                f"this server does not know {operation.kind!r}: update it, or this kiosk", code="kind_unknown"
            )
        kind.allow.check(self.caller)
        return kind.apply(self.transaction, self.caller, operation)

    def try_one(self, operation: Operation) -> Answer:
        """Rejects it for what is wrong with it, of which nothing remains."""
        try:
            with self.transaction.step():
                return self.apply(operation)
        except Problem as problem:
            return _rejected(operation, problem)
        except _our_faults():
            _log.exception("operation %s of kind %s", operation.op, operation.kind)
            return _rejected(
                operation, Problem("something is wrong on our side; it has been written to the log")
            )


def _wrong() -> Faults:
    return (Problem, *_our_faults())


def _our_faults() -> Faults:
    """What an operation cannot help; the disk and the database's whereabouts are none of these."""
    return (*refused(), LookupError, TypeError, ValueError)


def _rejected(operation: Operation, problem: Problem) -> Answer:
    return Answer(operation.op, Status.REJECTED, problem_body(problem))


def _first_answers(transaction: Transaction, org: str, ops: Sequence[str]) -> dict[str, Answer]:
    rows = transaction.connection.execute(
        select(_O.op, _O.status, _O.detail).where(_O.org == org, _O.op.in_(ops))
    )
    return {row.op: Answer(row.op, _repeated(Status(row.status)), orjson.loads(row.detail)) for row in rows}


def _repeated(status: Status) -> Status:
    return status if status is Status.REJECTED else Status.DUPLICATE


def _row(transaction: Transaction, caller: Caller, operation: Operation, answer: Answer) -> dict[str, object]:
    """What is kept of an operation and its first answer."""
    return {
        "org": caller.org,
        "op": operation.op,
        "device": caller.id,
        "sequence": operation.sequence,
        "kind": operation.kind,
        "at": operation.at,
        "received": transaction.now,
        "status": answer.status.value,
        "detail": orjson.dumps(answer.detail).decode(),
    }
