"""A line as visitors who stand before a kiosk see it: what they may come for, their number, their place.

Nobody's ticket is looked at here, and nothing of what somebody said is kept but in the line itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain import service_point
from domain.clock import Instant
from domain.forecast import Forecast
from domain.ids import EntryId, ServicePointId
from domain.service_point import Category, Refusal
from kiosk.desk.line import Joiner, LineDesk
from kiosk.desk.line_answers import LineAnswer
from kiosk.desk.line_view import LineView, line_view
from kiosk.desk.ports import Clock, Corrected, Lines
from kiosk.store.party import ServicePoint


@dataclass(frozen=True, slots=True)
class Service:
    """Something to come for, with the line before whoever joins now. `refusal` says why nobody can."""

    point: ServicePoint
    category: Category
    ahead: int
    forecast: Forecast
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody is in the line: how many will be called before them, and how long that takes.

    `counter` names where they are called to, None while they wait.
    """

    ahead: int
    forecast: Forecast
    counter: str | None = None


class Welcome:
    """Not for several threads at once. Joining may raise `StorageFull`: then nothing was done."""

    def __init__(self, lines: Lines, desk: LineDesk, clock: Clock, corrected: Corrected) -> None:
        self._lines, self._desk = lines, desk
        self._clock, self._corrected = clock, corrected

    def services(self) -> tuple[Service, ...]:
        """All that visitors may come for, at every service point of this kiosk."""
        views = (self._view(point.id) for point in self._lines.points())
        return tuple(service for view in views if view for service in _services(view))

    def join(self, point: ServicePointId, category: str, who: Joiner) -> LineAnswer | Refusal:
        """By oneself, with the server or without it: the same rules let in and turn away."""
        view = self._view(point)
        why = _refusal(view) if view else None
        return why or self._desk.join(point, category, who)

    def standing(self, point: ServicePointId, entry: EntryId) -> Standing | None:
        """None once they are served or gone, or while this kiosk does not know of them yet."""
        view = self._view(point)
        for place in view.waiting if view else ():
            if place.party.id == entry and place.position and place.forecast:
                return Standing(place.position - 1, place.forecast)
        for place in view.called if view else ():
            if view and place.party.id == entry:
                names = {counter.id: counter.name for counter in view.counters}
                at = place.party.entry.counter or ""
                return Standing(0, view.forecast, names.get(at, at))
        return None

    def _view(self, point: ServicePointId) -> LineView | None:
        line = self._lines.line(point)
        return line_view(line, self._now()) if line else None

    def _now(self) -> Instant:
        return self._corrected(self._clock())


def _services(view: LineView) -> Iterator[Service]:
    why = _refusal(view)
    for category in view.point.settings.categories:
        yield Service(view.point, category, len(view.waiting), view.forecast, why)


def _refusal(view: LineView) -> Refusal | None:
    return service_point.refusal(view.point.settings, view.opening, len(view.waiting))
