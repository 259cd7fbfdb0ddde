"""Reasons as keys of a text file with what to fill in, and forecasts as people tell them.

The words themselves stand in `resources/texts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.admission import Scan
from domain.clock import MINUTE, Instant
from domain.door_rules import Unmet


@dataclass(frozen=True, slots=True)
class Phrase:
    """A key and its parameters; an `at` is shown as a local time, as the reader's language writes it."""

    key: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    at: Instant | None = None


def first(scan: Scan | None, device: str) -> tuple[Phrase, ...]:
    """What is known of the admission that stands: when, at which gate, by which device."""
    if scan is None:
        return ()
    phrases = [Phrase("first.at", at=scan.at)]
    if scan.gate:
        phrases.append(Phrase("first.gate", {"gate": scan.gate}))
    if device:
        phrases.append(Phrase("first.device", {"device": device}))
    return tuple(phrases)


def wait_range(p50: int, p80: int) -> tuple[int, int]:
    """A forecast, in milliseconds, as minutes to tell: rounded the more the longer it is, the end never
    before the start."""
    low, high = max(0, p50) / MINUTE, max(0, p80) / MINUTE
    step = 1 if high <= 10 else 5 if high <= 60 else 15
    first, last = int(low // step) * step, -int(-high // step) * step
    return first, max(last, first + step)


_LATER = frozenset({">", ">="})
_FEWER = frozenset({"<", "<=", "=="})


def rule(unmet: Unmet) -> Phrase:
    """Why a rule of the list stands in the way, such as "from 18:50"."""
    test = unmet.test
    if unmet.unknown:
        return Phrase("rule.unknown")
    later = (test.op in _LATER) != unmet.negated
    match test.fact:
        case "now":
            return Phrase("rule.from" if later else "rule.until", at=unmet.moment)
        case "weekday":
            return Phrase("rule.weekday")
        case "ticket_type":
            return Phrase("rule.ticket_type")
        case "gate":
            return Phrase("rule.gate")
        case "inside":
            inside = (bool(test.value) == (test.op == "==")) != unmet.negated
            return Phrase("rule.inside" if inside else "rule.outside")
        case "minutes_since_first_entry" | "minutes_since_last_entry" if isinstance(test.value, int):
            key = "rule.minutes_after" if later else "rule.minutes_within"
            return Phrase(key, {"minutes": test.value})
        case _ if isinstance(test.value, int):
            fewer = (test.op in _FEWER) != unmet.negated
            return Phrase("rule.entries_reached" if fewer else "rule.entries_missing", {"count": test.value})
    return Phrase("rule.other")
