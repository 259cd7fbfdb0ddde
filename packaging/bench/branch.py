"""A branch that is made up, day by day: people come, wait, are called and served, while its counters come
and go. What happens is drawn; who is next is decided by the rule of the product itself."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from domain.clock import DAY, HOUR, MINUTE, SECOND, Instant
from domain.forecast_situation import Booking, Desk, Situation
from domain.ids import EntryId, ServicePointId
from domain.queue import Entry, Rules, State, call_order, next_turn
from domain.wait_history import NONE, Gone, History, learn

START = Instant(1_777_852_800_000)
"""A Monday, midnight UTC, where all branches lie."""

_POINT = ServicePointId("branch")
_TEACH = 10
_KEPT = 1_000

Shift = tuple[float, float]
"""Hours of the day."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Why people come: a share of them, and how many minutes that takes, drawn by `draw`."""

    name: str
    share: float
    draw: Callable[[random.Random], float]
    priority: str = "normal"


@dataclass(frozen=True)
class World:
    """A branch. Hours are of the day, times minutes, `rate` people an hour.

    `roster` are the shifts of each counter; the forecast is told of `plan`, or of the roster itself, unless
    nothing is `planned`. `slack` is how late people come back to their counters at most, `ill` the share of
    counters that stay empty on a day, `unplanned` that of those who leave theirs for a while. `pace` is how
    long services take, by hour, `speeds` by counter, `change` by day; `mood` says how far days differ.
    """

    name: str
    kinds: tuple[Kind, ...]
    roster: tuple[tuple[Shift, ...], ...]
    rate: Callable[[float], float]
    closes: float = 17.0
    opens: float = 9.0
    planned: bool = True
    plan: tuple[tuple[Shift, ...], ...] | None = None
    slack: float = 5.0
    ill: float = 0.0
    pace: Callable[[float], float] = lambda hour: 1.0
    speeds: tuple[float, ...] = ()
    mood: float = 0.08
    absent: float = 0.04
    patience: float = 180.0
    pause: float = 0.4
    batch: int = 1
    bookings: int = 0
    booked_first: bool = True
    quota: tuple[str, ...] = ()
    service: float = 8.0
    change: Callable[[int], float] = lambda day: 1.0
    unplanned: float = 0.0


Foretold = tuple[int, int, int]
Watch = Callable[[Situation, Entry], Foretold | None]
"""Sees each join as it happens; may foretell its wait, from which the branch then learns."""


@dataclass
class Counter:
    number: int
    speed: float
    shifts: tuple[tuple[Instant, Instant], ...]
    person: EntryId | None = None
    state: str = "closed"


@dataclass
class Branch:
    """One branch over its days. `gone` are those who left it, newest last, `waits` those of all who were
    called."""

    world: World
    seed: int
    watch: Watch
    gone: list[Gone] = field(default_factory=list)
    waits: dict[EntryId, int] = field(default_factory=dict)
    history: History = NONE
    joined: int = 0

    def day(self, number: int) -> None:
        """Plays one day through."""
        _Day(self, number).run()


class _Day:
    def __init__(self, branch: Branch, number: int) -> None:
        self.branch, self.world = branch, branch.world
        self.rng = random.Random(branch.seed * 1_000 + number)  # noqa: S311
        self.number = number
        self.start = Instant(START + number * DAY)
        self.mood = self.rng.lognormvariate(0, self.world.mood) * self.world.change(number)
        self.events: list[tuple[int, int, str, Any]] = []
        self.count = 0
        self.turn = 0
        self.rules = Rules(
            quota=self.world.quota, service=int(self.world.service * MINUTE), age_limit=90 * MINUTE
        )
        self.people: dict[EntryId, Entry] = {}
        self.kinds: dict[EntryId, Kind] = {}
        self.came: dict[EntryId, Instant] = {}
        self.foretold: dict[EntryId, Foretold | None] = {}
        self.expected: list[Instant] = []
        self.booked: set[EntryId] = set()
        speeds = self.world.speeds or (1.0,) * len(self.world.roster)
        self.counters = [
            Counter(i, speeds[i], self._shifts(shifts)) for i, shifts in enumerate(self.world.roster)
        ]

    def run(self) -> None:
        self._plan()
        while self.events:
            at, _, what, whom = heapq.heappop(self.events)
            getattr(self, f"_{what}")(Instant(at), whom)

    def _plan(self) -> None:
        world = self.world
        for counter in self.counters:
            if self.rng.random() < world.ill:
                continue
            for opens, closes in counter.shifts:
                late = int(self.rng.expovariate(2 / world.slack) * MINUTE) if world.slack else 0
                self._later(opens + late, "open", counter)
                self._later(closes, "shut", counter)
        hour = world.opens - 0.25
        while hour < world.closes - 0.5:
            peak = max(world.rate(hour), world.rate(hour + 0.5), 0.01)
            hour += self.rng.expovariate(peak) * world.batch
            if hour < world.closes - 0.5 and self.rng.random() < world.rate(hour) / peak:
                for _ in range(world.batch):
                    self._later(self._at(hour), "join", None)
        for _ in range(world.bookings):
            booked = self._at(self.rng.randint(int(world.opens * 4), int(world.closes * 4) - 4) / 4)
            self.expected.append(booked)
            if self.rng.random() < 0.85:
                self._later(booked + int(self.rng.gauss(-3, 4) * MINUTE), "join", booked)
            else:
                self._later(booked + 30 * MINUTE, "miss", booked)
        if world.unplanned:
            for counter in self.counters:
                if self.rng.random() < world.unplanned:
                    self._later(self._at(self.rng.uniform(world.opens, world.closes)), "away", counter)

    def _open(self, at: Instant, counter: Counter) -> None:
        counter.state = "open"
        self._call(at, counter)

    def _shut(self, at: Instant, counter: Counter) -> None:
        """At closing time whoever waits is still served."""
        if at < self._at(self.world.closes) or not self.people:
            counter.state = "closed"

    def _away(self, at: Instant, counter: Counter) -> None:
        """Somebody leaves the counter for a while that nobody planned."""
        if counter.state == "open":
            counter.state = "paused"
            self._later(at + int(self.rng.uniform(8, 30) * MINUTE), "back", counter)

    def _back(self, at: Instant, counter: Counter) -> None:
        if counter.state == "paused":
            self._open(at, counter)

    def _miss(self, at: Instant, booked: Instant) -> None:
        self.expected.remove(booked)

    def _join(self, at: Instant, booked: Instant | None) -> None:
        kind = self.rng.choices(self.world.kinds, [kind.share for kind in self.world.kinds])[0]
        self.branch.joined += 1
        id_ = EntryId(f"e{self.branch.joined}")
        priority, joined = kind.priority, at
        if booked is not None:
            self.expected.remove(booked)
            self.booked.add(id_)
            priority = self.world.quota[0] if self.world.booked_first and self.world.quota else priority
            joined = at if self.world.booked_first else booked
        entry = Entry(id_, _POINT, id_, kind.name, joined, self.branch.joined, at, priority)
        self.foretold[id_] = self.branch.watch(self._situation(at, entry), entry)
        self.people[id_], self.kinds[id_], self.came[id_] = entry, kind, at
        self._later(at + int(self.rng.expovariate(1 / self.world.patience) * MINUTE), "tire", id_)
        for counter in sorted(self.counters, key=lambda c: self.rng.random()):
            self._call(at, counter)

    def _tire(self, at: Instant, id_: EntryId) -> None:
        entry = self.people.get(id_)
        if entry is not None and entry.state is State.WAITING:
            self._leave(at, entry, State.LEFT)

    def _call(self, at: Instant, counter: Counter) -> None:
        if counter.state != "open" or counter.person is not None:
            return
        order = call_order(self.people.values(), self.rules, at, self.turn)
        if not order:
            return
        entry = order[0]
        self.turn = next_turn(entry, self.rules, at, self.turn)
        counter.person = entry.id
        self.people[entry.id] = replace(
            entry, state=State.CALLED, called=at, changed=at, counter=str(counter.number)
        )
        if self.rng.random() < self.world.absent:
            self._later(at + 3 * MINUTE, "no_show", counter)
        else:
            self._later(at + int(self.rng.uniform(10, 50) * SECOND), "begin", counter)

    def _begin(self, at: Instant, counter: Counter) -> None:
        entry = self._at_counter(counter)
        self.people[entry.id] = replace(entry, state=State.SERVING, changed=at)
        took = self.kinds[entry.id].draw(self.rng) * counter.speed * self.mood
        took *= self.world.pace((at - self.start) / HOUR)
        self._later(at + max(20 * SECOND, int(took * MINUTE)), "finish", counter)

    def _finish(self, at: Instant, counter: Counter) -> None:
        self._leave(at, self._at_counter(counter), State.COMPLETED)
        self._free(at, counter)

    def _no_show(self, at: Instant, counter: Counter) -> None:
        self._leave(at, self._at_counter(counter), State.NO_SHOW)
        self._free(at, counter)

    def _free(self, at: Instant, counter: Counter) -> None:
        self._later(at + int(self.rng.expovariate(1 / self.world.pause) * MINUTE), "ready", counter)

    def _ready(self, at: Instant, counter: Counter) -> None:
        counter.person = None
        self._call(at, counter)

    def _at_counter(self, counter: Counter) -> Entry:
        assert counter.person is not None, "only who was called is served"
        return self.people[counter.person]

    def _leave(self, at: Instant, entry: Entry, state: State) -> None:
        del self.people[entry.id]
        branch = self.branch
        served = at - entry.changed if state is State.COMPLETED else None
        waited = None if entry.called is None else entry.called - self.came[entry.id]
        minute = int(((entry.called or at) - self.start) / MINUTE)
        if waited is not None:
            branch.waits[entry.id] = waited
        branch.gone.append(
            Gone(
                entry.category, entry.priority, state, entry.joined, at, minute, entry.called, entry.counter,
                served, waited, self.foretold.pop(entry.id), entry.id in self.booked,
            )
        )  # fmt: skip
        if len(branch.gone) % _TEACH == 0:
            branch.history = learn(branch.gone[-_KEPT:], at)

    def _situation(self, at: Instant, joining: Entry) -> Situation:
        world = self.world
        plan = world.plan or world.roster
        desks = (
            Desk(str(c.number), c.state, self._shifts(plan[c.number]) if world.planned else None)
            for c in self.counters
        )
        first = world.quota[0] if world.quota and world.booked_first else "normal"
        return Situation(
            at,
            self.rules,
            (*self.people.values(), joining),
            tuple(desks),
            self.turn,
            tuple(Booking(booked, first) for booked in sorted(self.expected)),
            int((at - self.start) / MINUTE),
            self.branch.history,
        )

    def _shifts(self, shifts: tuple[Shift, ...]) -> tuple[tuple[Instant, Instant], ...]:
        return tuple((self._at(opens), self._at(closes)) for opens, closes in shifts)

    def _at(self, hour: float) -> Instant:
        return Instant(self.start + round(hour * HOUR))

    def _later(self, at: int, what: str, whom: object) -> None:
        self.count += 1
        heapq.heappush(self.events, (at, self.count, what, whom))
