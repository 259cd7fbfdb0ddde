"""Spans of time as people say them: minutes waited, a clock that runs down, a forecast as a range."""

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
    """A forecast in minutes to tell: rounded the more the longer it is, the end never before the start."""
    low, high = max(0, wait.p50) / _MINUTE, max(0, wait.p80) / _MINUTE
    step = _step(high)
    first, last = int(low // step) * step, -int(-high // step) * step
    return first, max(last, first + step)


def _step(minutes: float) -> int:
    match minutes:
        case few if few <= 10:
            return 1
        case some if some <= 60:
            return 5
        case _:
            return 15
