"""What a feature gives to the sync: for each kind of operation the function that applies it."""

from collections.abc import Callable

from domain.sync import Answer, Operation
from server.auth.caller import Caller
from server.db.database import Transaction

Handler = Callable[[Transaction, Caller, Operation], Answer]
"""Applies one operation, whose `at` is already the server's time. Raises `Problem` to reject it.

It runs between savepoints of the caller: what it raises leaves nothing behind.
"""
