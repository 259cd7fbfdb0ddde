"""What the sync tells the rest of the kiosk, as frozen values."""

from dataclasses import dataclass
from enum import StrEnum

from domain.clock import Instant
from domain.errors import Problem
from domain.sync import CLOCK_TOLERANCE, Scope
from kiosk.store.notices import Notice


class Connection(StrEnum):
    """`starting`: no copy is complete yet. `revoked`: this device may no longer."""

    STARTING = "starting"
    ONLINE = "online"
    OFFLINE = "offline"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem as a value: its `code` for whoever has words of its own for it, `detail` in English."""

    code: str
    detail: str

    @classmethod
    def of(cls, problem: Problem) -> "Trouble":
        return cls(problem.code, problem.detail)


@dataclass(frozen=True, slots=True)
class Status:
    """`backlog` acts wait to be sent, `rejected` were not taken. `clock_off` is what to add to the kiosk's
    clock, in milliseconds. `fetched` is the share of a first copy that is here, None when none is under way.
    `trouble` says what to do where something is wrong, `silence` the same where it is only that the server
    does not answer."""

    connection: Connection = Connection.STARTING
    backlog: int = 0
    rejected: int = 0
    clock_off: int = 0
    last_exchange: Instant | None = None
    fetched: float | None = None
    trouble: Trouble | None = None
    silence: Trouble | None = None

    @property
    def clock_is_wrong(self) -> bool:
        return abs(self.clock_off) > CLOCK_TOLERANCE


@dataclass(frozen=True, slots=True)
class Changed:
    """Records of these tables are other than they were."""

    scope: Scope
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Noticed:
    """Staff should know."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class Repaired:
    """The server set this device up anew: other scopes, lists, gate or face. The credentials have it."""


@dataclass(frozen=True, slots=True)
class Readdressed:
    """Phones reach the server elsewhere from now on. The credentials have it; all else is as it was."""


News = Status | Changed | Noticed | Repaired | Readdressed
