"""What a scan came to: the verdict, who gave it, and what is shown beside it."""

from dataclasses import dataclass
from enum import StrEnum

from domain.admission import Direction, Scan, Verdict
from domain.clock import Instant
from domain.ids import OpId
from domain.ticket import Ticket, TicketType
from kiosk.desk.scan_facts import Request
from kiosk.sync.status import Trouble


class Source(StrEnum):
    """Who gave the verdict: the server, or this kiosk from its own copy."""

    SERVER = "server"
    HERE = "here"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`at` is by the server's clock. `request` is what was asked, to ask again.

    `sentence` is in the server's words, empty for a verdict of this kiosk. `trouble` says what to do
    where no verdict could be given.
    """

    op: OpId
    at: Instant
    verdict: Verdict
    source: Source
    request: Request
    direction: Direction = Direction.ENTRY
    type: TicketType | None = None
    list_name: str = ""
    first_device: str = ""
    sentence: str = ""
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """An admission was taken back."""

    op: OpId
    undoes: OpId
    at: Instant
    ticket: Ticket | None
    source: Source


@dataclass(frozen=True, slots=True)
class NothingToUndo:
    """No admission of this kiosk stands, or the server says that this one does not: `why`."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A perk was handed out; `left` are those still to come."""

    perk: str
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotHanded:
    """It was handed out before, or the server says why it is not to be."""

    perk: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A ticket that a search found, and whether its holder is inside."""

    ticket: Ticket
    type: TicketType | None
    inside: bool
    last: Scan | None


@dataclass(frozen=True, slots=True)
class Recent:
    """A scan of this kiosk. `reason` is empty where it was granted; `ticket` is None for an unknown code."""

    scan: Scan
    reason: str
    ticket: Ticket | None
    type: TicketType | None
