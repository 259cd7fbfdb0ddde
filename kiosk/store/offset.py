"""How far this kiosk's clock is from the server's, as last measured, and kept for the next start."""

from domain import sync
from domain.clock import Instant
from kiosk.store.settings import KeptSettings

_NAME = "clock_offset"


class ClockOffset:
    def __init__(self, settings: KeptSettings) -> None:
        self._settings = settings
        self._milliseconds = int(settings.get(_NAME, "0"))

    @property
    def milliseconds(self) -> int:
        """To add to the kiosk's clock to get the server's."""
        return self._milliseconds

    def measured(self, milliseconds: int) -> None:
        """Small changes are noise of the exchange, and not worth a write."""
        if abs(milliseconds - self._milliseconds) > 500:
            self._settings.put(_NAME, str(milliseconds))
            self._milliseconds = milliseconds

    def correct(self, at: Instant) -> Instant:
        return sync.corrected(at, self._milliseconds)
