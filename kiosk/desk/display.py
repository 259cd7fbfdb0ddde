"""Looking at lines: for a display in the lobby, and for staff at the desk."""

from domain.clock import Instant
from domain.ids import ServicePointId
from kiosk.desk.board import Board, board
from kiosk.desk.line_view import LineView, line_view
from kiosk.desk.ports import Clock, Corrected, Lines
from kiosk.store.party import ServicePoint


class Display:
    def __init__(self, lines: Lines, clock: Clock, corrected: Corrected) -> None:
        self._lines = lines
        self._clock, self._corrected = clock, corrected

    def points(self) -> tuple[ServicePoint, ...]:
        return self._lines.points()

    def board(self, point: ServicePointId, heard: Instant | None) -> Board | None:
        """What the lobby may see; None while this kiosk has no copy. `heard` is when it last heard the
        server, by its own clock."""
        line, now = self._lines.line(point), self._clock()
        return None if line is None else board(line, self._corrected(now), _age(heard, now))

    def desk(self, point: ServicePointId) -> LineView | None:
        line = self._lines.line(point)
        return None if line is None else line_view(line, self._corrected(self._clock()))


def _age(heard: Instant | None, now: Instant) -> int | None:
    return None if heard is None else max(0, now - heard)
