"""What a feature gives to the sync: for each kind of operation who may send it, and what applies it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection

from domain.errors import Invalid
from domain.sync import Answer, Operation
from server.auth.caller import Allow, Caller
from server.db.database import Transaction
from server.db.locks import lock_all
from server.wire import In

P = TypeVar("P", bound=In)
Handler = Callable[[Transaction, Caller, Operation], Answer]
"""Applies one operation, whose `at` is already the server's time. Raises `Problem` to reject it.

It runs between savepoints of the caller: what it raises leaves nothing behind.
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A kind of operation that this server knows."""

    allow: Allow
    apply: Handler


def take_turns(connection: Connection, org: str, ops: Iterable[str]) -> None:
    """Lets one writer after the other have these operations, however often and wherever each arrives."""
    lock_all(connection, (f"{org}/operation {op}" for op in ops))


def payload_of(model: type[P], operation: Operation) -> P:
    """What an operation says. Raises `Invalid` with the first field that is wrong."""
    try:
        return model.model_validate(operation.payload)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise Invalid(f"payload.{where}: {first['msg']}", code="payload_invalid") from None
