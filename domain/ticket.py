"""Tickets and ticket types, as the door sees them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.clock import Instant
from domain.ids import EventId, TicketId, TicketTypeId


class TicketState(StrEnum):
    """Where a ticket stands. `pending` waits for money, `unapproved` for the organiser."""

    VALID = "valid"
    PENDING = "pending"
    UNAPPROVED = "unapproved"
    BLOCKED = "blocked"
    CANCELED = "canceled"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class TicketType:
    """A tier: what the door shows of it. `colour` is `#rrggbb`."""

    id: TicketTypeId
    name: str
    colour: str
    rotating: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket.

    `number` counts within the event and stands in the signed code; a transfer raises `generation`,
    which voids the code before it. Of `perks`, `redeemed` were handed out. `due` is in minor units of
    `currency`. `main` names the ticket that this one is an add-on of. `session` is any text; where it is the
    id of one of the event's sessions, this one begins and ends at `session_starts` and `session_ends`.
    """

    id: TicketId
    event: EventId
    type: TicketTypeId
    number: int
    generation: int = 0
    state: TicketState = TicketState.VALID
    name: str = ""
    seat: str = ""
    session: str = ""
    order: str = ""
    note: str = ""
    attention: bool = False
    perks: tuple[str, ...] = ()
    redeemed: tuple[str, ...] = ()
    due: int = 0
    currency: str = ""
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    main: TicketId | None = None
    session_starts: Instant | None = None
    session_ends: Instant | None = None

    @property
    def perks_left(self) -> tuple[str, ...]:
        """What is still to hand out."""
        return perks_left(self.perks, self.redeemed)


def perks_left(perks: Iterable[str], redeemed: Iterable[str]) -> tuple[str, ...]:
    """The perks without those that were handed out, in their order; of two alike one stays."""
    gone = Counter(redeemed)
    left = []
    for perk in perks:
        if gone[perk]:
            gone[perk] -= 1
        else:
            left.append(perk)
    return tuple(left)
