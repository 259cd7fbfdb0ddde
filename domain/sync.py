"""Offline-first sync: operations, their answers, and when to try again.

A kiosk's act is an `Operation` in its outbox; the server answers each one, in order. What a kiosk shows is
its replica with the operations that are still in the outbox on top.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain import clock
from domain.clock import MINUTE, SECOND, Instant
from domain.ids import OpId, is_id


class Kind(StrEnum):
    """What an operation does. `rejected` meets any kind that a server does not know."""

    CHECK_IN = "check_in"
    UNDO_CHECK_IN = "undo_check_in"
    QUEUE_JOIN = "queue.join"
    QUEUE_CALL = "queue.call"
    QUEUE_RECALL = "queue.recall"
    QUEUE_CHECK_IN = "queue.check_in"
    QUEUE_START = "queue.start"
    QUEUE_COMPLETE = "queue.complete"
    QUEUE_NO_SHOW = "queue.no_show"
    QUEUE_HOLD = "queue.hold"
    QUEUE_RESUME = "queue.resume"
    QUEUE_RETURN = "queue.return"
    QUEUE_TRANSFER = "queue.transfer"
    QUEUE_LEAVE = "queue.leave"
    QUEUE_UNDO = "queue.undo"
    QUEUE_COUNTER = "queue.counter"
    RESERVATION_CHECK_IN = "reservation.check_in"
    SERVICE_REQUEST_JOIN = "service_request.join"
    SERVICE_REQUEST_UPDATE = "service_request.update"
    PARTICIPANT_ADD = "participant.add"
    BADGE_PRINTED = "badge.printed"
    PERK_REDEEMED = "perk.redeemed"
    TICKET_SELL = "ticket.sell"
    TICKET_TAKE_BACK = "ticket.take_back"


class Status(StrEnum):
    """`applied` now, `duplicate` of one applied before, `conflict` with a state that stands (the fact is
    kept and marked), `rejected` (kept on the kiosk and shown to staff)."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Operation:
    """One act. `at` is when it happened by the kiosk's clock, `sequence` counts the kiosk's acts."""

    op: OpId
    kind: str
    at: Instant
    sequence: int
    payload: Mapping[str, object] = field(default_factory=dict)
    base_version: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    op: OpId
    status: Status
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a copy covers: `event:<id>`, `servicePoint:<id>`, `contacts`, `calendar`."""

    kind: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


def scope(text: str) -> Scope | None:
    """The scope of that name, or None."""
    kind, colon, id_ = text.partition(":")
    if kind in ("event", "servicePoint"):
        return Scope(kind, id_) if is_id(id_) else None
    return Scope(kind) if kind in ("contacts", "calendar") and not colon else None


CLOCK_TOLERANCE = 2 * MINUTE
"""A kiosk's clock that is further off than this is shown to staff."""

_FIRST_DELAY = 1 * SECOND
_LONGEST_DELAY = 15 * SECOND


def clock_offset(sent: Instant, server: Instant, received: Instant) -> int:
    """Milliseconds to add to the kiosk's clock to get the server's, from one exchange."""
    return server - (sent + received) // 2


def corrected(at: Instant, offset: int) -> Instant:
    """A kiosk's time as the server's. A small offset is noise of the exchange and corrects nothing."""
    return clock.shift(at, offset) if abs(offset) > SECOND else at


def retry_delay(failures: int, chance: float) -> int:
    """Milliseconds to wait after so many failures in a row; `chance` is random in [0, 1).

    Full jitter over a doubling ceiling: 500 kiosks that lost one server do not come back at one instant.
    """
    ceiling = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** min(failures, 10))
    return int(_FIRST_DELAY * 0.2 + chance * ceiling)
