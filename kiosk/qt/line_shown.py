"""The line as what Desk and Display show."""

from datetime import datetime
from typing import assert_never

from domain import clock, queue
from domain.clock import Instant
from domain.forecast import CONFIGURED, Forecast
from domain.queue import Event, State
from kiosk.desk.board import Board, Call
from kiosk.desk.line_answers import (
    CounterSet,
    Done,
    GraceRuns,
    LineAnswer,
    NobodyWaits,
    NoNumbers,
    Stands,
    Unknown,
)
from kiosk.desk.line_view import LineView, Place
from kiosk.qt.door_shown import in_language
from kiosk.store.party import Counter, Party, ServicePoint
from kiosk.ui.desk_views import (
    CallView,
    CardView,
    CategoryView,
    CounterState,
    CounterView,
    DayFigures,
    DeskNotice,
    DeskView,
    DisplayView,
    Faster,
    GraceNotice,
    Joined,
    LastMove,
    NobodyWaiting,
    NumbersGone,
    PointView,
    ServingView,
    Trouble,
    Wait,
)
from kiosk.ui.text import said, text


def desk_view(
    line: LineView,
    points: tuple[ServicePoint, ...],
    counter: str,
    language: str,
    last_move: LastMove | None,
    *,
    offline: bool,
    unsent: int,
) -> DeskView:
    """The desk's line with this desk's own counter; one that is no more is none."""
    names = {c.id: c.name for c in line.counters}

    def cards(places: tuple[Place, ...]) -> tuple[CardView, ...]:
        return tuple(_card(place, line.point, names, language) for place in places)

    return DeskView(
        point=line.point.id,
        points=tuple(_point(point, language) for point in points),
        counters=tuple(map(_counter, line.counters)),
        counter=counter if counter in names else "",
        waiting=cards(line.waiting),
        called=cards(line.called),
        serving=cards(line.serving),
        held=cards(line.held),
        missed=cards(line.missed),
        opening=line.opening,
        wait=wait_view(line.forecast),
        figures=DayFigures(line.figures.served, line.figures.no_shows, line.figures.mean_wait),
        last_move=last_move,
        offline=offline,
        unsent=unsent,
    )


def display_view(board: Board, at: datetime, organization: str, join_link: str) -> DisplayView:
    """What the lobby sees: no field of a person but a name that was chosen."""
    return DisplayView(
        name=board.name,
        at=at,
        organization=organization,
        now_serving=tuple(ServingView(s.number, s.counter, s.name) for s in board.now_serving),
        last_calls=tuple(
            CallView(c.number, c.counter, max(0, board.at - c.at), c.name) for c in board.last_called
        ),
        waiting=board.waiting,
        people_waiting=len(board.waiting),
        wait=wait_view(board.forecast),
        opening=board.opening,
        join_link=join_link,
        age=board.age,
        stale=board.stale,
    )


def announcement(call: Call, language: str) -> str:
    """What a voice says of a call: by the name that the visitor chose, else the number sign by sign."""
    number = " ".join(call.number)
    if not call.counter:
        return said(language, "display.announce.alone", number=number)
    if call.name:
        return said(language, "display.announce.name", name=call.name, counter=call.counter)
    return said(language, "display.announce", number=number, counter=call.counter)


def notice_of(answer: LineAnswer) -> DeskNotice | None:
    """What staff should be told of an act; None where the line itself says it."""
    match answer:
        case Done() | CounterSet():
            return None
        case Stands(party, state, _, why):
            if party is None or state is None:
                return Trouble(why)
            return Faster(party.entry.number, state, party.entry.counter or "")
        case GraceRuns(party, left):
            return GraceNotice(party.id, party.entry.number, left)
        case NobodyWaits():
            return NobodyWaiting()
        case NoNumbers():
            return NumbersGone()
        case Unknown():
            return Trouble(text("desk.unknown"))
        case _:
            assert_never(answer)


def joined_notice(party: Party, line: LineView | None) -> Joined:
    """A number was given out; where it stands once the line shows it."""
    place = next((p for p in line.waiting if p.party.id == party.id), None) if line else None
    wait = wait_view(place.forecast) if place and place.forecast else None
    return Joined(party.entry.number, (place.position or 1) - 1 if place else 0, wait)


def last_move(party: Party, event: Event) -> LastMove | None:
    return LastMove(party.id, party.entry.number, event) if party.can_undo else None


def local_now(line: LineView, at: Instant) -> datetime:
    return clock.local(at, line.point.zone)


def _card(place: Place, point: ServicePoint, names: dict[str, str], language: str) -> CardView:
    party, entry = place.party, place.party.entry
    category = point.settings.category(entry.category)
    return CardView(
        id=entry.id,
        number=entry.number,
        state=entry.state,
        category=in_language(category.name, language) if category else entry.category,
        waited=place.waited,
        allowed=queue.allowed(entry),
        name=party.name,
        party=party.party,
        note=party.note,
        counter=names.get(entry.counter or "", entry.counter or ""),
        position=place.position,
        wait=wait_view(place.forecast) if place.forecast else None,
        grace_left=place.grace_left,
        calls=entry.calls,
        priority=entry.priority != "normal",
        returned=entry.front and entry.state is State.WAITING,
        arrived=entry.arrived,
        call_by_name=party.call_by_name,
        can_undo=party.can_undo,
    )


def _point(point: ServicePoint, language: str) -> PointView:
    categories = tuple(
        CategoryView(c.id, in_language(c.name, language) or c.id, c.letter) for c in point.settings.categories
    )
    return PointView(point.id, point.name, categories)


def _counter(counter: Counter) -> CounterView:
    state = CounterState(counter.state) if counter.state in set(CounterState) else CounterState.CLOSED
    return CounterView(counter.id, counter.name, state, counter.staff)


def wait_view(forecast: Forecast) -> Wait:
    return Wait(forecast.p50, forecast.p80, rough=forecast.basis == CONFIGURED)
