"""Rules of a check-in list: a small JSON tree that admits or explains why not.

    rule   {"all": [rule, ...]} | {"any": [rule, ...]} | {"not": rule} | test
    test   {"fact": fact, "op": "==" "!=" "<" "<=" ">" ">=" "in", "value": value, "since"?: moment}
    fact   ticket_type gate weekday (1 is Monday) inside entries entries_today entries_since
           entries_before minutes_since_first_entry minutes_since_last_entry now
    moment {"time": "18:50"} on the local day | {"at": RFC 3339} |
           {"anchor": "event_start" "event_end" "session_start" "session_end", "minutes"?: ±n}

The session is that of the ticket, which has no such times where the event has no session of this id. `now`
compares with a moment; `entries_since` and `entries_before` count from or up to `since`. With no entry
yet, the minutes since it are without end. A test that cannot be evaluated is not met.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from datetime import time as time_of_day
from math import inf
from operator import eq, ge, gt, le, lt, ne
from typing import assert_never
from zoneinfo import ZoneInfo

from domain import clock
from domain.clock import MINUTE, Instant
from domain.errors import Invalid

OPS: dict[str, Callable[[object, object], bool]] = {
    "==": eq,
    "!=": ne,
    "<": lt,  # type: ignore[dict-item]
    "<=": le,  # type: ignore[dict-item]
    ">": gt,  # type: ignore[dict-item]
    ">=": ge,  # type: ignore[dict-item]
    "in": lambda left, right: left in right,  # type: ignore[operator]
}
TEXTS = frozenset({"ticket_type", "gate"})
COUNTS = frozenset({"weekday", "entries", "entries_today", "entries_since", "entries_before"})
SPANS = frozenset({"minutes_since_first_entry", "minutes_since_last_entry"})
ANCHORS = frozenset({"event_start", "event_end", "session_start", "session_end"})
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
_MAX_DEPTH = 12
_MAX_TESTS = 100


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that a rule names; exactly one of `time`, `at`, `anchor` is set."""

    time: time_of_day | None = None
    at: Instant | None = None
    anchor: str | None = None
    minutes: int = 0


Value = str | int | bool | tuple[str | int, ...] | Moment


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a fact."""

    fact: str
    op: str
    value: Value
    since: Moment | None = None


@dataclass(frozen=True, slots=True)
class All:
    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Any:
    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Not:
    rule: "Rule"


Rule = All | Any | Not | Test


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may look at. `entries` are the times of the ticket's entries, in order."""

    now: Instant
    zone: ZoneInfo
    ticket_type: str
    gate: str
    entries: tuple[Instant, ...] = ()
    inside: bool = False
    anchors: Mapping[str, Instant] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unmet:
    """A test that stood in the way; `moment` is the time that it named, if it named one.

    `negated` says that the rule asks for its opposite, by a `not`. `unknown` says it could not be evaluated.
    """

    test: Test
    moment: Instant | None = None
    negated: bool = False
    unknown: bool = False


def read(tree: object) -> Rule:
    """A rule from its JSON. Raises `Invalid` that says which part is wrong and what belongs there."""
    rule, tests = _read(tree, "rules", 0)
    if tests > _MAX_TESTS:
        raise Invalid(f"rules: at most {_MAX_TESTS} comparisons, these are {tests}", code="rules_malformed")
    return rule


def check(rule: Rule, facts: Facts) -> tuple[Unmet, ...]:
    """What stands in the way; empty where the rule holds.

    A test that cannot be evaluated is neither true nor false, and holds no more inside a `not` than
    outside; what is decided without it stays decided.
    """
    return _against(rule, facts, wanted=True)


def _against(rule: Rule, facts: Facts, *, wanted: bool) -> tuple[Unmet, ...]:
    """The tests by which the rule is not as wanted; empty where it is."""
    match rule:
        case Test():
            return _test_against(rule, facts, wanted)
        case Not(inner):
            return _against(inner, facts, wanted=not wanted)
        case All(rules) | Any(rules):
            parts = [_against(part, facts, wanted=wanted) for part in rules]
            needs_every = isinstance(rule, All) is wanted
            if not needs_every and not all(parts):
                return ()
            return tuple(unmet for part in parts for unmet in part)
        case _:
            assert_never(rule)


def _test_against(test: Test, facts: Facts, wanted: bool) -> tuple[Unmet, ...]:
    try:
        right = _right(test, facts)
        holds = OPS[test.op](_left(test, facts), right)
    except (LookupError, TypeError, ValueError, ArithmeticError, Invalid):
        return (Unmet(test, negated=not wanted, unknown=True),)
    moment = Instant(right) if isinstance(test.value, Moment) and isinstance(right, int) else None
    return () if holds is wanted else (Unmet(test, moment, negated=not wanted),)


def _left(test: Test, facts: Facts) -> object:
    match test.fact:
        case "ticket_type":
            return facts.ticket_type
        case "gate":
            return facts.gate
        case "inside":
            return facts.inside
        case "now":
            return facts.now
        case "weekday":
            return clock.local(facts.now, facts.zone).isoweekday()
        case "minutes_since_first_entry":
            return _minutes_since(facts.entries[:1], facts.now)
        case "minutes_since_last_entry":
            return _minutes_since(facts.entries[-1:], facts.now)
        case _:
            return _count(test, facts)


def _count(test: Test, facts: Facts) -> int:
    match test.fact:
        case "entries":
            return len(facts.entries)
        case "entries_today":
            today = clock.local_day(facts.now, facts.zone)
            return sum(clock.local_day(at, facts.zone) == today for at in facts.entries)
        case "entries_since" if test.since:
            since = _resolve(test.since, facts)
            return sum(at >= since for at in facts.entries)
        case "entries_before" if test.since:
            before = _resolve(test.since, facts)
            return sum(at < before for at in facts.entries)
    raise LookupError(test.fact)


def _right(test: Test, facts: Facts) -> object:
    return _resolve(test.value, facts) if isinstance(test.value, Moment) else test.value


def _resolve(moment: Moment, facts: Facts) -> Instant:
    return clock.shift(_named(moment, facts), moment.minutes * MINUTE)


def _named(moment: Moment, facts: Facts) -> Instant:
    if moment.at is not None:
        return moment.at
    if moment.anchor is not None:
        return facts.anchors[moment.anchor]
    if moment.time is None:
        raise LookupError("moment")
    day = clock.local(facts.now, facts.zone).date()
    return clock.instant(datetime.combine(day, moment.time, facts.zone))


def _minutes_since(entries: tuple[Instant, ...], now: Instant) -> float:
    return (now - entries[0]) / MINUTE if entries else inf


def _wrong(where: str, what: str) -> Invalid:
    return Invalid(f"{where}: {what}", code="rules_malformed")


def _read(tree: object, where: str, depth: int) -> tuple[Rule, int]:
    if depth > _MAX_DEPTH:
        raise _wrong(where, f"nested deeper than {_MAX_DEPTH}")
    if not isinstance(tree, dict):
        raise _wrong(where, "an object is expected")
    if "fact" in tree:
        return _read_test(tree, where), 1
    if len(tree) != 1:
        raise _wrong(where, 'exactly one of "all", "any", "not", or a "fact" is expected')
    [(kind, inner)] = tree.items()
    if kind == "not":
        rule, tests = _read(inner, f"{where}.not", depth + 1)
        return Not(rule), tests
    if kind not in ("all", "any") or not isinstance(inner, list) or not inner:
        raise _wrong(where, '"all" or "any" with a list of rules is expected')
    parts = [_read(part, f"{where}.{kind}[{index}]", depth + 1) for index, part in enumerate(inner)]
    rules = tuple(rule for rule, _ in parts)
    return (All(rules) if kind == "all" else Any(rules)), sum(tests for _, tests in parts)


def _read_test(tree: dict[str, object], where: str) -> Test:
    unknown = set(tree) - {"fact", "op", "value", "since"}
    if unknown:
        raise _wrong(where, f"{sorted(map(str, unknown))[0][:40]!r} is not known here")
    fact, op = tree["fact"], tree.get("op")
    if not isinstance(fact, str):
        raise _wrong(where, "fact is a text")
    if fact not in TEXTS | COUNTS | SPANS | {"now", "inside"}:
        raise _wrong(where, f"there is no fact {fact[:40]!r}")
    if not isinstance(op, str) or op not in OPS:
        raise _wrong(where, f"op is one of {' '.join(OPS)}")
    since = tree.get("since")
    if (since is not None) != (fact in ("entries_since", "entries_before")):
        raise _wrong(where, '"since" belongs to entries_since and entries_before, and they need it')
    moment = None if since is None else _read_moment(since, f"{where}.since")
    return Test(fact, op, _read_value(fact, op, tree.get("value"), f"{where}.value"), moment)


def _read_value(fact: str, op: str, value: object, where: str) -> Value:
    if fact == "now":
        if op in ("==", "!=", "in"):
            raise _wrong(where, "now is compared with < <= > or >=")
        return _read_moment(value, where)
    if fact == "inside":
        if not isinstance(value, bool) or op not in ("==", "!="):
            raise _wrong(where, "inside is compared by == or != with true or false")
        return value
    kind = str if fact in TEXTS else int
    many = op == "in"
    values = value if many else [value]
    if not isinstance(values, list) or not all(
        isinstance(v, kind) and not isinstance(v, bool) for v in values
    ):
        expected = "text" if kind is str else "whole number"
        raise _wrong(where, f"a {'list of ' if many else ''}{expected}{'s' if many else ''} is expected")
    if kind is str and op not in ("==", "!=", "in"):
        raise _wrong(where, "texts are compared by ==, != or in")
    return tuple(values) if many else values[0]


def _read_moment(value: object, where: str) -> Moment:
    if not isinstance(value, dict) or len(value.keys() & {"time", "at", "anchor"}) != 1:
        raise _wrong(where, 'exactly one of "time", "at", "anchor" is expected')
    if value.keys() - {"time", "at", "anchor", "minutes"}:
        raise _wrong(where, 'only "time", "at", "anchor", "minutes" are known')
    minutes = value.get("minutes", 0)
    if not isinstance(minutes, int) or isinstance(minutes, bool) or abs(minutes) > 525_600:
        raise _wrong(where, "minutes is a whole number within a year")
    [(kind, text)] = ((key, value[key]) for key in ("time", "at", "anchor") if key in value)
    if not isinstance(text, str):
        raise _wrong(where, f"{kind} is a text")
    try:
        return _moment(kind, text, minutes)
    except (Invalid, ValueError) as error:
        raise _wrong(where, str(error)) from None


def _moment(kind: str, text: str, minutes: int) -> Moment:
    match kind:
        case "at":
            return Moment(at=clock.parse(text), minutes=minutes)
        case "anchor" if text in ANCHORS:
            return Moment(anchor=text, minutes=minutes)
        case "anchor":
            raise ValueError(f"anchor is one of {' '.join(sorted(ANCHORS))}")
    if not _TIME.fullmatch(text):
        raise ValueError('time is written as "18:50"')
    return Moment(time=time_of_day.fromisoformat(text), minutes=minutes)
