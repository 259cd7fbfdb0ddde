"""A code that was read in a picture."""

from dataclasses import dataclass
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Corners: TypeAlias = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Reading:
    """`corners` go round the code, in pixels of the picture that was given to the decoder; `attempt` is the
    name of the preparation that made the picture readable to `engine`; `seconds` is the time since the
    decoder was given the picture."""

    text: str
    corners: Corners
    engine: str
    attempt: str
    seconds: float
