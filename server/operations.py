"""What a feature gives to the sync: for each kind of operation who may send it, and what applies it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from domain.sync import Answer, Operation
from server.auth.caller import Allow, Caller
from server.db.database import Transaction
from server.db.locks import lock_all

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
