"""One picture of a camera, and when it was taken."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Image: TypeAlias = npt.NDArray[np.uint8]
"""Rows × columns in grey, or rows × columns × 3 in the order blue, green, red."""

WIDTH, HEIGHT = 1280, 720


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """`taken` is in seconds of the monotonic clock; `sequence` grows by one with each frame of a grabber.

    Nobody writes into `image`: the screen and the decoder look at the same one.
    """

    image: Image
    taken: float
    sequence: int
