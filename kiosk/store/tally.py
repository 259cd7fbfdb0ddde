"""Counters of the door: kept up scan by scan, so that today's figures cost nothing however many tickets."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain import admission, clock
from domain.admission import CheckInList, Scan
from domain.clock import MINUTE, Instant
from domain.ids import ListId

QUARTER = 15 * MINUTE


@dataclass(frozen=True, slots=True)
class Figures:
    """One list today: people expected, let in, inside now; refusals by reason; entries by quarter hour."""

    list: ListId
    expected: int = 0
    admitted: int = 0
    inside: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    arrivals: Mapping[Instant, int] = field(default_factory=dict)


@dataclass(slots=True)
class ListTally:
    """The counters of one list. `emptied` is the last of its daily check-outs that was taken into account."""

    inside: int = 0
    entries: Counter[Instant] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    emptied: Instant | None = None


class Tally:
    """Counters by list. Not for several threads at once."""

    def __init__(self) -> None:
        self._lists: dict[ListId, ListTally] = {}

    def of(self, list_: ListId) -> ListTally:
        return self._lists.setdefault(list_, ListTally())

    def refuse(self, list_: ListId, reason: str) -> None:
        self.of(list_).refused[reason] += 1

    def move(self, list_: CheckInList, before: Sequence[Scan], after: Sequence[Scan], now: Instant) -> None:
        """One ticket's scans were `before` and are `after`."""
        tally = self.of(list_.id)
        self._empty(tally, list_, now)
        was, is_ = _share(before, list_, now), _share(after, list_, now)
        tally.inside += is_[0] - was[0]
        tally.entries.update(is_[1])
        tally.entries.subtract(was[1])

    def figures(self, list_: CheckInList, expected: int, now: Instant) -> Figures:
        tally = self.of(list_.id)
        self._empty(tally, list_, now)
        arrivals = {quarter: n for quarter, n in sorted(tally.entries.items()) if n}
        return Figures(
            list_.id, expected, sum(arrivals.values()), max(0, tally.inside), dict(tally.refused), arrivals
        )

    def _empty(self, tally: ListTally, list_: CheckInList, now: Instant) -> None:
        """At the list's check-out time everybody is out."""
        last = last_checkout(list_, now)
        if last is not None and (tally.emptied is None or last > tally.emptied):
            tally.emptied, tally.inside = last, 0


def quarter(at: Instant) -> Instant:
    return Instant(at - at % QUARTER)


def last_checkout(list_: CheckInList, now: Instant) -> Instant | None:
    """The last time up to `now` at which the list checked everybody out."""
    return clock.last_daily(list_.checkout_at, now, list_.zone) if list_.checkout_at else None


def _share(scans: Iterable[Scan], list_: CheckInList, now: Instant) -> tuple[int, Counter[Instant]]:
    """What one ticket adds: whether it is inside, and its entries by quarter hour."""
    own = [scan for scan in scans if scan.list == list_.id]
    # A scan of a door whose clock is ahead counts already.
    present = admission.presence(own, list_, Instant(max((now, *(scan.at for scan in own)))))
    return int(present.inside), Counter(quarter(scan.at) for scan in present.entries)
