"""What comes of an act at the desk. That it did not fit is an answer, with the state that stands."""

from dataclasses import dataclass

from domain.ids import EntryId
from domain.queue import Event, State
from kiosk.desk.outcome import Source
from kiosk.store.party import Party


@dataclass(frozen=True, slots=True)
class Done:
    """The party as it is now; `source` says who moved it."""

    party: Party
    source: Source


@dataclass(frozen=True, slots=True)
class CounterSet:
    """The counter is as asked."""

    counter: str
    state: str
    source: Source


@dataclass(frozen=True, slots=True)
class Stands:
    """Somebody was first, or it does not fit: the state that stands, and what it allows. `why` in words."""

    party: Party | None
    state: State | None
    allowed: frozenset[Event]
    why: str = ""


@dataclass(frozen=True, slots=True)
class GraceRuns:
    """Not a no-show yet: so many milliseconds are left, unless it is forced."""

    party: Party
    left: int


@dataclass(frozen=True, slots=True)
class NobodyWaits:
    pass


@dataclass(frozen=True, slots=True)
class NoNumbers:
    """No number may be given out here until the server was asked for more."""

    why: str = (
        "This kiosk has no numbers left to give out without the server. "
        "Connect it for a moment, or give out numbers at another desk."
    )


@dataclass(frozen=True, slots=True)
class Unknown:
    """No such service point or entry is known here."""

    id: str | EntryId


LineAnswer = Done | CounterSet | Stands | GraceRuns | NobodyWaits | NoNumbers | Unknown
