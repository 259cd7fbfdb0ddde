"""Which codes come into view: a code that is held there counts once."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.devices.reading import Reading

AWAY_SECONDS = 1.5
"""A code that was out of view for longer is a new one when it is seen again."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one picture says. `new` are texts that just came into view, in the order they were read;
    `several` says that the picture held more than one code, so that a person must be asked for one."""

    new: tuple[str, ...]
    several: bool


class Presence:
    """Remembers what is in view. Times are seconds of one clock that does not go back."""

    def __init__(self, away: float = AWAY_SECONDS) -> None:
        self._away = away
        self._last: dict[str, float] = {}

    def seen(self, readings: Sequence[Reading], now: float) -> Sight:
        """Takes the readings of a picture, which may be none."""
        texts = tuple(dict.fromkeys(reading.text for reading in readings))
        self._last = {text: at for text, at in self._last.items() if now - at <= self._away}
        new = tuple(text for text in texts if text not in self._last)
        self._last |= dict.fromkeys(texts, now)
        return Sight(new, len(texts) > 1)

    def forget(self) -> None:
        """What is in view counts as new again, such as after staff ended a verdict."""
        self._last.clear()
