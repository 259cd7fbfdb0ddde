"""What comes of asking the server something with a deadline. No answer is an answer too."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.admission import Verdict
from domain.clock import Instant
from domain.errors import Problem
from domain.ids import ListId, OpId
from domain.ticket import TicketType

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Got(Generic[T]):
    """The server's answer."""

    value: T


@dataclass(frozen=True, slots=True)
class Denied:
    """The server answered that it will not."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Missed:
    """No answer in time, or nobody was asked since the server is known to be away.

    `asked`: the server may have heard, and may have done it.
    """

    asked: bool = False


Reply = Got[T] | Denied | Missed


@dataclass(frozen=True, slots=True)
class ServerVerdict:
    """The server's verdict on a scan. `sentence` is in the server's words, `first_device` a device's name."""

    op: OpId
    at: Instant
    verdict: Verdict
    list: ListId | None
    type: TicketType | None
    sentence: str = ""
    first_device: str = ""
    duplicate: bool = False
