"""From a picture to the texts of its QR codes, within a budget of time.

The first try reads most pictures in about a millisecond. What it misses goes through cheap second tries,
each begun only if what it usually takes still fits.
"""

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

import cv2
import numpy as np

from kiosk.devices.attempts import FIRST, SECOND, Attempt, Prepared
from kiosk.devices.engines import Found
from kiosk.devices.frame import Image
from kiosk.devices.reading import Corners, Point, Reading

BUDGET = 0.030
"""Seconds for a picture: a frame at 30 a second, less what the last try may take longer than usual."""

_LIVE = 0.012
"""Seconds for second tries on one picture of a stream; the next picture goes on with the others."""

_SMOOTHING = 0.2


class Decoder:
    """Reads picture after picture. Not for several threads at once.

    `read` looks at a picture of a stream: second tries take turns from picture to picture, so that a
    camera that sees no code keeps the computer free. `decode` does all that fits, for a single picture.
    `clock` counts seconds.
    """

    def __init__(
        self,
        attempts: Sequence[Attempt] = SECOND,
        first: Attempt = FIRST,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._first, self._attempts, self._clock = first, tuple(attempts), clock
        self._costs = {attempt.name: attempt.cost for attempt in (first, *self._attempts)}
        self._turn = 0

    def read(self, image: Image) -> tuple[Reading, ...]:
        """The codes of one picture of a stream."""
        return self._run(image, self._in_turn(), _LIVE, waits=True)

    def decode(self, image: Image, budget: float = BUDGET) -> tuple[Reading, ...]:
        """The codes of a picture; none where nothing was found within `budget` seconds."""
        return self._run(image, iter(self._attempts), budget)

    def _in_turn(self) -> Iterator[Attempt]:
        """From where the picture before stopped: the try that read it, or the one that it had no room for."""
        for _ in self._attempts:
            yield self._attempts[self._turn]
            self._turn = (self._turn + 1) % len(self._attempts)

    def _run(
        self, image: Image, more: Iterator[Attempt], budget: float, *, waits: bool = False
    ) -> tuple[Reading, ...]:
        """A try that does not fit any more is left out; where it `waits`, all others wait behind it."""
        began = self._clock()
        grey = image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
        found = self._try(self._first, grey, began)
        for attempt in more if not found else ():
            needs = self._costs[attempt.name] * 1.5
            if needs > budget - (self._clock() - began):
                if waits and needs <= budget - self._costs[self._first.name]:
                    break
                continue
            found = self._try(attempt, grey, began)
            if found:
                break
        return found

    def _try(self, attempt: Attempt, grey: Image, began: float) -> tuple[Reading, ...]:
        started = self._clock()
        prepared = attempt.prepare(grey)
        found = attempt.engine(prepared[0])
        ended = self._clock()
        cost = self._costs[attempt.name]
        self._costs[attempt.name] = cost + _SMOOTHING * (ended - started - cost)
        engine = attempt.engine.__name__
        return tuple(
            Reading(text, corners, engine, attempt.name, ended - began)
            for text, corners in _distinct(found, prepared)
        )


def decode(image: Image, budget: float = BUDGET) -> tuple[Reading, ...]:
    """The codes of a single picture."""
    return Decoder().decode(image, budget)


def _distinct(found: Sequence[Found], prepared: Prepared) -> list[tuple[str, Corners]]:
    """Each text once, its corners in the picture that the decoder was given."""
    _, scale, left, top = prepared

    def back(point: Point) -> Point:
        return point[0] / scale + left, point[1] / scale + top

    return [(text, (back(a), back(b), back(c), back(d))) for text, (a, b, c, d) in dict(found).items()]
