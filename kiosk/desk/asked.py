"""What only the server can do: its answer, or a trouble that says what to do now."""

from typing import TypeVar, assert_never

from kiosk.sync.replies import Denied, Got, Missed, Reply
from kiosk.sync.status import Trouble

T = TypeVar("T")


def said(reply: Reply[T], away: Trouble, late: Trouble) -> T | Trouble:
    """`away` is said where the server was not asked, `late` where it may have heard."""
    match reply:
        case Got(value):
            return value
        case Denied(problem):
            return Trouble.of(problem)
        case Missed(asked=True):
            return late
        case Missed():
            return away
        case _:
            assert_never(reply)
