"""What an examination of a machine found, one thing at a time."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    GOOD = "good"
    WARN = "warn"
    """Something will not work, the rest will."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `cure` says how to get what is missing."""

    what: str
    mark: Mark
    found: str
    cure: str = ""
