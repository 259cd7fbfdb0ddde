"""Service requests: which state follows which, what lines cost, when an estimate holds, when it is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.business_hours import ALWAYS, Hours, after_business_time, business_time
from domain.clock import Instant
from domain.errors import Invalid


class State(StrEnum):
    INTAKE = "intake"
    TRIAGE = "triage"
    DIAGNOSTICS = "diagnostics"
    WAITING_APPROVAL = "waiting_approval"
    APPROVED = "approved"
    WAITING_PARTS = "waiting_parts"
    IN_REPAIR = "in_repair"
    QUALITY_CHECK = "quality_check"
    READY = "ready"
    PICKED_UP = "picked_up"
    CLOSED = "closed"
    VOID = "void"


Steps = Mapping[State, tuple[State, ...]]
"""Which states may follow each; void follows all of them, and is not named."""

CHAIN = (
    *(State.INTAKE, State.TRIAGE, State.DIAGNOSTICS, State.WAITING_APPROVAL, State.APPROVED),
    *(State.WAITING_PARTS, State.IN_REPAIR, State.QUALITY_CHECK, State.READY, State.PICKED_UP),
    State.CLOSED,
)
USUAL: Steps = {state: CHAIN[n + 1 : n + 2] for n, state in enumerate(CHAIN)}

PAUSING = frozenset({State.WAITING_APPROVAL, State.WAITING_PARTS})
"""States in which it waits for others: no time passes towards the promised date."""
DONE = frozenset({State.READY, State.PICKED_UP, State.CLOSED, State.VOID})
"""States in which nothing is promised any more."""


def steps(kept: Mapping[str, Sequence[str]] | None) -> Steps:
    """What a service point keeps as JSON; a state that it does not name is followed by what usually does."""
    if not kept:
        return USUAL
    return {**USUAL, **{State(state): tuple(map(State, after)) for state, after in kept.items()}}


def check(of: Steps) -> None:
    """Raises `Invalid` where some state never leads to the end, so that a device would stay there."""
    for state in reversed(CHAIN):
        if State.CLOSED not in _reached(of, state):
            raise Invalid(
                f"{state} never leads to closed: name what follows it", code="service_request_steps_endless"
            )


def following(of: Steps, state: State) -> tuple[State, ...]:
    """The states that may follow, void last."""
    if state is State.VOID:
        return ()
    named = dict.fromkeys(each for each in of.get(state, ()) if each not in (state, State.VOID))
    return (*named, State.VOID)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece that is built in; `price` is that of one, in minor units."""

    sku: str
    text: str
    quantity: int
    price: int

    @property
    def amount(self) -> int:
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class Labour:
    """Work: the minutes that it took, those that are charged, and the `rate` of an hour in minor units."""

    text: str
    minutes: int
    billable: int
    rate: int

    @property
    def amount(self) -> int:
        """To the nearest minor unit, half a one up."""
        return (self.billable * self.rate + 30) // 60


def total(parts: Sequence[Part], labour: Sequence[Labour]) -> int:
    return sum(part.amount for part in parts) + sum(work.amount for work in labour)


class Decision(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"


class NotNow(StrEnum):
    """Why an estimate can be neither approved nor rejected."""

    MISSING = "estimate_missing"
    CHANGED = "estimate_changed"
    DECIDED = "estimate_decided"
    EXPIRED = "estimate_expired"
    NOT_ASKED = "approval_not_asked"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a repair may cost, `low` to `high`; the same until `valid_until`. Another one has another
    `revision`."""

    revision: int
    low: int
    high: int
    valid_until: Instant | None
    decision: Decision | None = None

    def expired(self, now: Instant) -> bool:
        """Whether nobody decided in time."""
        return self.decision is None and self.valid_until is not None and now >= self.valid_until

    def exceeded_by(self, cost: int) -> bool:
        """Whether this is more than what was approved."""
        return self.decision is Decision.APPROVED and cost > self.high


def not_now(of: Estimate | None, state: State, seen: int | None, now: Instant) -> NotNow | None:
    """Why whoever saw the revision `seen` (None: whichever it is) cannot decide; None where they can."""
    if of is None:
        return NotNow.MISSING
    if seen is not None and seen != of.revision:
        return NotNow.CHANGED
    if of.decision is not None:
        return NotNow.DECIDED
    if state is not State.WAITING_APPROVAL:
        return NotNow.NOT_ASKED
    return NotNow.EXPIRED if of.expired(now) else None


def lacks(state: State, of: Estimate | None, now: Instant) -> NotNow | None:
    """What a state needs of the estimate, and does not find: to wait for an approval, one that can be given;
    to be approved, the approval."""
    if state is State.WAITING_APPROVAL:
        return not_now(of, state, None, now)
    if state is State.APPROVED and (of is None or of.decision is not Decision.APPROVED):
        return NotNow.MISSING if of is None else NotNow.NOT_ASKED
    return None


@dataclass(frozen=True, slots=True)
class Promise:
    """When it is to be ready. `paused` is since when it waits for others."""

    due: Instant | None = None
    paused: Instant | None = None


def moved(of: Promise, state: State, hours: Hours | None, now: Instant, where: ZoneInfo) -> Promise:
    """The promise once a state begins: a pause begins or goes on, or it ends, and what was open of it is
    added to the date."""
    if of.due is None:
        return Promise()
    if state in PAUSING:
        return of if of.paused is not None else replace(of, paused=now)
    return Promise(due_now(of, hours, now, where))


def due_now(of: Promise, hours: Hours | None, now: Instant, where: ZoneInfo) -> Instant | None:
    """The date if the pause ended now."""
    if of.due is None or of.paused is None:
        return of.due
    open_ = hours or ALWAYS
    waited = business_time(open_, of.paused, now, where) if now > of.paused else 0
    return after_business_time(open_, of.due, waited, where) or of.due


def _reached(of: Steps, start: State) -> set[State]:
    found, ahead = {start}, [start]
    while ahead:
        fresh = [each for each in following(of, ahead.pop()) if each not in found]
        found.update(fresh)
        ahead.extend(fresh)
    return found
