"""What the Desk and the Display show: frozen values in the words of the line, without a colour or a sentence.

Times are milliseconds, moments are local to the service point. A page reads no clock: who gives it a value
gives it anew as time passes.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.queue import Event, State
from domain.service_point import Opening


class CounterState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Wait:
    """A forecast: half of such waits stay below `p50`, 80 % below `p80`.

    `rough`: nothing is known yet of how long people take here.
    """

    p50: int
    p80: int
    rough: bool = False


@dataclass(frozen=True, slots=True)
class CategoryView:
    """What people come for; its numbers begin with `letter`."""

    id: str
    name: str
    letter: str


@dataclass(frozen=True, slots=True)
class PointView:
    """A service point to choose, or to transfer to; `waiting` people there, None where that is not known."""

    id: str
    name: str
    categories: tuple[CategoryView, ...] = ()
    waiting: int | None = None


@dataclass(frozen=True, slots=True)
class CounterView:
    id: str
    name: str
    state: CounterState = CounterState.CLOSED
    staff: str = ""


@dataclass(frozen=True, slots=True)
class CardView:
    """One party in the line. `allowed` are the events that fit it, `category` and `counter` are names.

    `position`, `wait` and `priority` speak of who waits, `grace_left` of who was called: 0 is overdue.
    """

    id: str
    number: str
    state: State
    category: str = ""
    waited: int = 0
    allowed: frozenset[Event] = frozenset()
    name: str = ""
    party: int = 1
    note: str = ""
    counter: str = ""
    position: int | None = None
    wait: Wait | None = None
    grace_left: int | None = None
    calls: int = 0
    priority: bool = False
    returned: bool = False
    arrived: bool = True
    call_by_name: bool = False
    can_undo: bool = False


@dataclass(frozen=True, slots=True)
class LastMove:
    """What may be taken back at once."""

    entry: str
    number: str
    event: Event


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The day so far at one service point."""

    served: int = 0
    no_shows: int = 0
    mean_wait: int | None = None


@dataclass(frozen=True, slots=True)
class DeskView:
    """The line of one of `points`. `counter` is this desk's own, empty until one was chosen.

    `missed` are today's no-shows, who may come back. `unsent` moves wait to be sent to the server.
    """

    point: str
    points: tuple[PointView, ...]
    counters: tuple[CounterView, ...] = ()
    counter: str = ""
    waiting: tuple[CardView, ...] = ()
    called: tuple[CardView, ...] = ()
    serving: tuple[CardView, ...] = ()
    held: tuple[CardView, ...] = ()
    missed: tuple[CardView, ...] = ()
    opening: Opening = Opening.OPEN
    wait: Wait | None = None
    figures: DayFigures | None = None
    last_move: LastMove | None = None
    offline: bool = False
    unsent: int = 0

    @property
    def shown(self) -> PointView | None:
        return next((point for point in self.points if point.id == self.point), None)

    @property
    def own(self) -> CounterView | None:
        return next((counter for counter in self.counters if counter.id == self.counter), None)


@dataclass(frozen=True, slots=True)
class Faster:
    """Somebody else was faster: the state that stands now. `counter` is a name, empty where none is known."""

    number: str
    state: State | None
    counter: str = ""


@dataclass(frozen=True, slots=True)
class GraceNotice:
    """Not a no-show yet: milliseconds are left."""

    entry: str
    number: str
    left: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A number was given out. `ahead` None: not known here yet."""

    number: str
    ahead: int | None = 0
    wait: Wait | None = None


@dataclass(frozen=True, slots=True)
class NobodyWaiting:
    pass


@dataclass(frozen=True, slots=True)
class NumbersGone:
    """Only the server could give out the next number, and it is away."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong and what to do, in ready words."""

    words: str


DeskNotice = Faster | GraceNotice | Joined | NobodyWaiting | NumbersGone | Trouble


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """A visitor to put in line at `point`; what was not said is empty."""

    point: str
    category: str
    name: str = ""
    phone: str = ""
    party: int = 1
    priority: bool = False
    call_by_name: bool = False


@dataclass(frozen=True, slots=True)
class ServingView:
    """Who is served where. `call_name` only where the visitor chose to be called by it."""

    number: str
    counter: str
    call_name: str = ""


@dataclass(frozen=True, slots=True)
class CallView:
    """A call, `age` milliseconds old."""

    number: str
    counter: str
    age: int
    call_name: str = ""


@dataclass(frozen=True, slots=True)
class DisplayView:
    """What the lobby may see. `last_calls` newest first, `waiting` in the order in which they will be called.

    `turns` is when it opens, or closes where it is open; None where neither comes. `age` is how old this is,
    None where the server was never heard; `stale` is whether that is too old to be relied on.
    """

    name: str
    at: datetime
    organization: str = ""
    now_serving: tuple[ServingView, ...] = ()
    last_calls: tuple[CallView, ...] = ()
    waiting: tuple[str, ...] = ()
    people_waiting: int = 0
    wait: Wait | None = None
    opening: Opening = Opening.OPEN
    turns: datetime | None = None
    join_link: str = ""
    ticker: tuple[str, ...] = ()
    age: int | None = 0
    stale: bool = False
