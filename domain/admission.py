"""Who may enter: the decision of the door, the same on the server and in an offline kiosk.

`decide` looks at a ticket, at the check-in lists of the door and at all scans known so far, and answers
`Admitted`, `Ask` or `Refused`. It is a function of the *set* of scans: their times decide, never the
order in which they arrived. Source: `check-in` in the product's specification of admission.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain import clock, door_rules
from domain.clock import Instant
from domain.door_rules import Facts, Rule, Unmet
from domain.ids import DeviceId, EventId, ListId, OpId, TicketId, TicketTypeId
from domain.ticket import Ticket, TicketState


class Reason(StrEnum):
    """Why not; one word for machines, made into a sentence where it is shown."""

    UNKNOWN = "unknown"
    SIGNATURE = "signature"
    WRONG_EVENT = "wrong_event"
    CANCELED = "canceled"
    REFUNDED = "refunded"
    REVOKED = "revoked"
    BLOCKED = "blocked"
    UNPAID = "unpaid"
    UNAPPROVED = "unapproved"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    WRONG_TICKET_TYPE = "wrong_ticket_type"
    WRONG_LIST = "wrong_list"
    RULES = "rules"
    ALREADY_IN = "already_in"
    AMBIGUOUS = "ambiguous"
    ROTATING_CODE_STALE = "rotating_code_stale"
    ERROR = "error"


class Direction(StrEnum):
    ENTRY = "entry"
    EXIT = "exit"


class EntryPolicy(StrEnum):
    """How often one ticket may enter."""

    ONCE = "once"
    MANY = "many"
    AFTER_EXIT = "after_exit"


@dataclass(frozen=True, slots=True)
class DoorQuestion:
    """Something to ask at the door. `kind` is `text`, `number`, `boolean` or `choice`.

    One that is not required is asked all the same, and an empty answer settles it. An answer that is not
    of its kind settles nothing: a boolean is `true` or `false`.
    """

    id: str
    text: Mapping[str, str]
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckInList:
    """What one door checks. Empty `types`, `sessions` or `gates` admit all of them. `anchors` are the times
    of its event that rules may name; those of a session come with the ticket."""

    id: ListId
    event: EventId
    name: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    types: frozenset[TicketTypeId] = frozenset()
    sessions: frozenset[str] = frozenset()
    gates: frozenset[str] = frozenset()
    include_pending: bool = False
    entry: EntryPolicy = EntryPolicy.AFTER_EXIT
    addons: bool = False
    checkout_at: time | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    confirmations: tuple[str, ...] = ()
    questions: tuple[DoorQuestion, ...] = ()
    rules: Rule | None = None
    anchors: Mapping[str, Instant] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scan:
    """One record of the door. An undo is a record too: `undoes` names the scan that it takes back."""

    op: OpId
    at: Instant
    ticket: TicketId
    list: ListId
    direction: Direction = Direction.ENTRY
    granted: bool = True
    gate: str = ""
    device: DeviceId | None = None
    forced: bool = False
    undoes: OpId | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person at the door asks for, at scan time `at`."""

    at: Instant
    direction: Direction = Direction.ENTRY
    gate: str = ""
    force: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False
    confirmed_unpaid: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The tickets that a code led to, and what stood in the way of finding one.

    `forged`: the code is in our form, its signature is not ours. `superseded`: a newer code of this
    ticket exists. `stale`: the ticket asks for rotating codes, and the digits are missing or old.
    """

    tickets: tuple[Ticket, ...] = ()
    addons: tuple[Ticket, ...] = ()
    forged: bool = False
    superseded: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Admitted:
    ticket: Ticket
    list: ListId
    direction: Direction
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Admitted once answered: open questions, texts to confirm, an amount to take first."""

    ticket: Ticket
    list: ListId
    questions: tuple[DoorQuestion, ...] = ()
    confirmations: tuple[str, ...] = ()
    unpaid: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    reason: Reason
    ticket: Ticket | None = None
    list: ListId | None = None
    first: Scan | None = None
    unmet: tuple[Unmet, ...] = ()


Verdict = Admitted | Ask | Refused


@dataclass(frozen=True, slots=True)
class Presence:
    """What the scans of one ticket on one list say at a moment."""

    entries: tuple[Scan, ...] = ()
    standing: Scan | None = None
    """The admission by which the person is inside now."""
    double: tuple[tuple[Scan, Scan], ...] = ()
    """Pairs (standing admission, later admission of somebody already in)."""

    @property
    def inside(self) -> bool:
        return self.standing is not None


_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
"""In the digits of any script."""

_STATES = {
    TicketState.BLOCKED: Reason.BLOCKED,
    TicketState.CANCELED: Reason.CANCELED,
    TicketState.REFUNDED: Reason.REFUNDED,
}


def decide(asked: Asked, found: Found, lists: Sequence[CheckInList], past: Iterable[Scan]) -> Verdict:
    """The verdict on one scan. `past` are all known scans of the found tickets, in any order."""
    if not found.tickets:
        return Refused(Reason.SIGNATURE if found.forged else Reason.UNKNOWN)
    at_home = [ticket for ticket in found.tickets if any(ticket.event == list_.event for list_ in lists)]
    if not at_home:
        return Refused(Reason.WRONG_EVENT, found.tickets[0])
    if len(at_home) > 1:
        return Refused(Reason.AMBIGUOUS, at_home[0])
    ticket, scans = at_home[0], tuple(past)
    if found.superseded:
        return Refused(Reason.REVOKED, ticket)
    if ticket.state in _STATES:
        return Refused(_STATES[ticket.state], ticket)
    own = [list_ for list_ in lists if list_.event == ticket.event]
    if asked.direction is Direction.EXIT:
        own.sort(key=lambda list_: not _somebody_inside(scans, list_, asked.at))
    verdicts = [_on_list(asked, ticket, found, list_, scans) for list_ in own]
    return min(verdicts, key=_preference)


def expects(list_: CheckInList, type_: str, session: str, state: TicketState) -> bool:
    """Whether holders of such tickets may come through this list."""
    states = {TicketState.VALID} | ({TicketState.PENDING} if list_.include_pending else set())
    return (
        state in states
        and (not list_.types or type_ in list_.types)
        and (not list_.sessions or session in list_.sessions)
    )


def presence(scans: Iterable[Scan], list_: CheckInList, at: Instant | None = None) -> Presence:
    """Replays the granted scans of one ticket on one list up to and including `at` (all, if None)."""
    entries: list[Scan] = []
    double: list[tuple[Scan, Scan]] = []
    standing: Scan | None = None
    for scan in effective(scans, list_.id, at):
        if standing and _checked_out(standing.at, scan.at, list_):
            standing = None
        if scan.direction is Direction.EXIT:
            standing = None
            continue
        blocker = _blocker(entries, standing, list_)
        if blocker and not scan.forced:
            double.append((blocker, scan))
        entries.append(scan)
        standing = standing or scan
    if standing and at is not None and _checked_out(standing.at, at, list_):
        standing = None
    return Presence(tuple(entries), standing, tuple(double))


def effective(scans: Iterable[Scan], list_: ListId, at: Instant | None = None) -> list[Scan]:
    """The granted scans up to `at` that stand, by scan time; each operation counts once.

    What was undone is out whenever and wherever the undo was made: it says that the scan should never
    have been. Of two records of one operation that differ, the earlier stands.
    """
    known = tuple(scans)
    undone = {scan.undoes for scan in known}
    granted = [s for s in known if s.list == list_ and s.granted and not s.undoes and s.op not in undone]
    standing: dict[OpId, Scan] = {}
    for scan in sorted(granted, key=_by_time):
        standing.setdefault(scan.op, scan)
    return [scan for scan in standing.values() if at is None or scan.at <= at]


def _by_time(scan: Scan) -> tuple[object, ...]:
    return (scan.at, scan.op, scan.direction, scan.gate, scan.device or "", scan.forced)


def _of(ticket: TicketId, past: Iterable[Scan]) -> list[Scan]:
    return [scan for scan in past if scan.ticket == ticket or scan.undoes]


def _somebody_inside(past: tuple[Scan, ...], list_: CheckInList, at: Instant) -> bool:
    return any(presence(_of(id_, past), list_, at).inside for id_ in {scan.ticket for scan in past})


def _on_list(
    asked: Asked, ticket: Ticket, found: Found, list_: CheckInList, past: tuple[Scan, ...]
) -> Verdict:
    if list_.types and ticket.type not in list_.types:
        addons = [a for a in found.addons if list_.addons and a.type in list_.types]
        # One that was cancelled and bought again is not a choice.
        addons = [a for a in addons if a.state not in _STATES] or addons[:1]
        if not addons:
            return Refused(Reason.WRONG_TICKET_TYPE, ticket, list_.id)
        if len(addons) > 1:
            return Refused(Reason.AMBIGUOUS, ticket, list_.id)
        ticket = addons[0]
        if ticket.state in _STATES:
            return Refused(_STATES[ticket.state], ticket, list_.id)
    if (list_.sessions and ticket.session not in list_.sessions) or (
        list_.gates and asked.gate not in list_.gates
    ):
        return Refused(Reason.WRONG_LIST, ticket, list_.id)
    if asked.direction is Direction.EXIT:
        return Admitted(ticket, list_.id, asked.direction)
    return _entry(asked, ticket, found.stale, list_, _of(ticket.id, past))


def _entry(asked: Asked, ticket: Ticket, stale: bool, list_: CheckInList, past: list[Scan]) -> Verdict:
    if ticket.state is TicketState.UNAPPROVED:
        return Refused(Reason.UNAPPROVED, ticket, list_.id)
    if not asked.force:
        refused = _refusal(asked, ticket, stale, list_, past)
        if refused:
            return refused
    unpaid = ticket.state is TicketState.PENDING
    if unpaid and not list_.include_pending:
        return Refused(Reason.UNPAID, ticket, list_.id)
    missing = tuple(q for q in list_.questions if not _answered(q, asked.answers))
    confirm = () if asked.confirmed else list_.confirmations
    unpaid = unpaid and not asked.confirmed_unpaid
    if missing or confirm or unpaid:
        return Ask(ticket, list_.id, missing, confirm, unpaid)
    return Admitted(ticket, list_.id, asked.direction, forced=asked.force)


def _refusal(
    asked: Asked, ticket: Ticket, stale: bool, list_: CheckInList, past: list[Scan]
) -> Refused | None:
    if stale:
        return Refused(Reason.ROTATING_CODE_STALE, ticket, list_.id)
    if any(start is not None and asked.at < start for start in (ticket.valid_from, list_.valid_from)):
        return Refused(Reason.NOT_YET_VALID, ticket, list_.id)
    if any(end is not None and asked.at >= end for end in (ticket.valid_until, list_.valid_until)):
        return Refused(Reason.EXPIRED, ticket, list_.id)
    now = presence(past, list_, asked.at)
    blocker = _blocker(now.entries, now.standing, list_)
    if blocker:
        return Refused(Reason.ALREADY_IN, ticket, list_.id, first=blocker)
    unmet = door_rules.check(list_.rules, _facts(asked, ticket, list_, now)) if list_.rules else ()
    return Refused(Reason.RULES, ticket, list_.id, unmet=unmet) if unmet else None


def _answered(question: DoorQuestion, answers: Mapping[str, str]) -> bool:
    answer = answers.get(question.id, "").strip()
    if not answer:
        return not question.required and question.id in answers
    match question.kind:
        case "number":
            return _NUMBER.fullmatch(answer) is not None
        case "boolean":
            return answer in ("true", "false")
        case "choice":
            return answer in question.choices
        case _:
            return True


def _blocker(entries: Sequence[Scan], standing: Scan | None, list_: CheckInList) -> Scan | None:
    """The admission that lets no further one follow."""
    match list_.entry:
        case EntryPolicy.MANY:
            return None
        case EntryPolicy.ONCE:
            return entries[0] if entries else None
        case EntryPolicy.AFTER_EXIT:
            return standing


def _facts(asked: Asked, ticket: Ticket, list_: CheckInList, now: Presence) -> Facts:
    return Facts(
        now=asked.at,
        zone=list_.zone,
        ticket_type=ticket.type,
        gate=asked.gate,
        entries=tuple(scan.at for scan in now.entries),
        inside=now.inside,
        anchors=_anchors(ticket, list_),
    )


def _anchors(ticket: Ticket, list_: CheckInList) -> dict[str, Instant]:
    """The times that a rule may name: those of the list's event, and of the session of the ticket."""
    own = {"session_start": ticket.session_starts, "session_end": ticket.session_ends}
    return {**list_.anchors, **{name: at for name, at in own.items() if at is not None}}


def _checked_out(since: Instant, at: Instant, list_: CheckInList) -> bool:
    """Whether the list's daily check-out time passed in `(since, at]`."""
    if list_.checkout_at is None:
        return False
    last = clock.last_daily(list_.checkout_at, at, list_.zone)
    return last is not None and last > since


def _preference(verdict: Verdict) -> int:
    """Of several lists the one that admits, then one that asks, then the refusal that says most.

    Whoever is in by one of a door's lists is in: no other list of that door admits the ticket again.
    """
    match verdict:
        case Refused(reason=Reason.ALREADY_IN):
            return 0
        case Admitted():
            return 1
        case Ask():
            return 2
        case Refused(reason=Reason.WRONG_TICKET_TYPE | Reason.WRONG_LIST):
            return 4
        case Refused():
            return 3
