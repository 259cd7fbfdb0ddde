"""Keyboard scanners: telling the burst of a scanner from a person who types."""

from dataclasses import dataclass

GAP_SECONDS = 0.035
"""Scanners send keys faster than this, people slower."""

SHORTEST = 4
"""So many characters at least make a scan: fingers may roll over three keys as fast."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it types, or that it ends a line (Enter or Tab)."""

    text: str
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`scan` is a whole scan, None for none yet. `typed` are keys that a person pressed after all, to be
    given on in their order."""

    scan: str | None = None
    typed: tuple[Key, ...] = ()


class Wedge:
    """Holds keys back as long as they may be a scanner's: at most `GAP_SECONDS` after the last one.

    Times are seconds of one clock that does not go back.
    """

    def __init__(self) -> None:
        self._held: list[Key] = []
        self._last = 0.0

    @property
    def holding(self) -> bool:
        return bool(self._held)

    def press(self, key: Key, now: float) -> Verdict:
        """Takes a key."""
        late = self.expire(now)
        self._last = now
        if not key.ends:
            self._held.append(key)
            return late
        held, self._held = tuple(self._held), []
        text = "".join(k.text for k in held)
        if len(text) >= SHORTEST:
            return Verdict(text, late.typed)
        return Verdict(None, (*late.typed, *held, key))

    def expire(self, now: float) -> Verdict:
        """Gives on what was held back once no scanner would have waited so long."""
        return self.give_up() if now - self._last > GAP_SECONDS else Verdict()

    def give_up(self) -> Verdict:
        """Gives on all that was held back."""
        held, self._held = tuple(self._held), []
        return Verdict(None, held)
