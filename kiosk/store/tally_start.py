"""The first count of a copy's scans: simple ones in SQL, tickets scanned more than once one by one."""

# SQL made of this module's own column names, never of anything that came from outside.
# ruff: noqa: S608

from domain.admission import CheckInList
from domain.clock import Instant
from domain.ids import TicketId
from kiosk.store.replica import Replica
from kiosk.store.tally import QUARTER, Tally, last_checkout

_ONCE = "SELECT ticket FROM scan WHERE list = ?1 GROUP BY ticket HAVING count(*) = 1"
_MORE = (
    "SELECT DISTINCT ticket FROM scan WHERE list = ?1 AND ticket <> '' GROUP BY ticket HAVING count(*) > 1"
)
_ENTRIES = (
    "SELECT at - at % ?2, count(*), sum(at > ?3) FROM scan "
    "WHERE list = ?1 AND granted AND direction = 'entry' AND coalesce(undoes, '') = '' AND ticket IN ("
    + _ONCE
    + ") GROUP BY 1"
)
_REFUSED = (
    "SELECT coalesce(reason, ''), count(*) FROM scan WHERE list = ?1 AND NOT granted "
    "AND coalesce(undoes, '') = '' GROUP BY 1"
)


def count(tally: Tally, replica: Replica, list_: CheckInList, now: Instant) -> None:
    """Adds all scans of one list of a copy to counters that have none of it yet."""
    own = tally.of(list_.id)
    out = last_checkout(list_, now)
    own.emptied = out
    for quarter, entries, inside in replica.rows(
        _ENTRIES, (list_.id, QUARTER, -1 if out is None else out - 1)
    ):
        own.entries[quarter] += entries
        own.inside += inside
    for reason, refused in replica.rows(_REFUSED, (list_.id,)):
        own.refused[reason] += refused
    for (ticket,) in replica.rows(_MORE, (list_.id,)):
        tally.move(list_, (), replica.scans_of(TicketId(ticket)), now)
