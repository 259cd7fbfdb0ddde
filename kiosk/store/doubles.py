"""Tickets that this kiosk and another door have both admitted, found when the other's scan comes in."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from domain import admission
from domain.admission import CheckInList, Scan
from domain.ids import ListId, OpId


@dataclass(frozen=True, slots=True)
class Double:
    """`first` is the admission that stands, the earlier one by scan time; `second` met somebody inside."""

    first: Scan
    second: Scan


def doubles(scans: Iterable[Scan], lists: Mapping[ListId, CheckInList], own: Set[OpId]) -> tuple[Double, ...]:
    """`scans` are all of one ticket, those in `own` from this kiosk."""
    known = tuple(scans)
    pairs = [
        pair
        for id_ in {scan.list for scan in known if scan.list in lists}
        for pair in admission.presence(known, lists[id_]).double
    ]
    return tuple(Double(first, second) for first, second in pairs if (first.op in own) != (second.op in own))
