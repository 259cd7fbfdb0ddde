"""Values for tests, each complete but for what a test cares about."""

from dataclasses import dataclass

from domain.clock import Instant


@dataclass
class ManualClock:
    """A clock that stands still until it is moved."""

    at: Instant

    def __call__(self) -> Instant:
        return self.at

    def forward(self, milliseconds: int) -> None:
        self.at = Instant(self.at + milliseconds)
