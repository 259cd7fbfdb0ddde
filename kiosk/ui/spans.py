"""Spans of time as people say them: minutes waited, a clock that runs down, a forecast as a range."""

from domain import wording
from kiosk.ui.desk_views import Wait
from kiosk.ui.text import digits

_MINUTE = 60_000


def minutes(span: int) -> int:
    """Whole minutes that have passed of a span in milliseconds."""
    return max(0, span) // _MINUTE


def countdown(span: int) -> str:
    """`1:05`; a second that has begun still counts."""
    seconds = -(-max(0, span) // 1_000)
    return digits(f"{seconds // 60}:{seconds % 60:02}")


def wait_range(wait: Wait) -> tuple[int, int]:
    """A forecast in minutes to tell."""
    return wording.wait_range(wait.p50, wait.p80)
