"""Tickets that this kiosk and another door have both admitted, found when the other's scan comes in."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from domain import admission
from domain.admission import CheckInList, Scan
from domain.ids import ListId, OpId


@dataclass(frozen=True, slots=True)
class Double:
    """Two admissions of one ticket: the one of this kiosk, and the other. The earlier one stands."""

    own: Scan
    other: Scan

    @property
    def first(self) -> Scan:
        return min(self.own, self.other, key=lambda scan: (scan.at, scan.op))


def doubles(scans: Iterable[Scan], lists: Mapping[ListId, CheckInList], own: Set[OpId]) -> tuple[Double, ...]:
    """`scans` are all of one ticket, those in `own` from this kiosk."""
    known = tuple(scans)
    pairs = [
        pair
        for id_ in {scan.list for scan in known if scan.list in lists}
        for pair in admission.presence(known, lists[id_]).double
    ]
    met = [Double(a, b) if a.op in own else Double(b, a) for a, b in pairs if (a.op in own) != (b.op in own)]
    return tuple(met)
