"""Rows of a service point's copy as values of its line."""

from collections.abc import Sequence
from typing import Any

import orjson

from domain import clock, service_point
from domain.clock import Instant
from domain.errors import Invalid
from domain.ids import EntryId, ServicePointId
from domain.queue import Entry, Prior, State
from domain.service_point import Settings
from domain.wait_history import load
from kiosk.store.party import Counter, Line, Party, ServicePoint
from kiosk.store.replica import Replica

_ENTRY = (
    "SELECT id, visit, service_point, number, category, priority, state, joined, sequence, changed, counter, "
    "called, calls, front, arrived, held_from, prior, name, call_by_name, party, note, version "
    "FROM queue_entry"
)


def line(copy: Replica, id_: ServicePointId) -> Line | None:
    """The line as the server knows it; None where the copy has no such service point."""
    here = point(copy, id_)
    if here is None:
        return None
    counters = copy.rows("SELECT id, name, state, staff FROM counter WHERE service_point = ?", (id_,))
    parties = copy.rows(_ENTRY + " WHERE service_point = ? ORDER BY joined, sequence", (id_,))
    booked = copy.rows("SELECT at FROM expected_visit WHERE service_point = ? ORDER BY at", (id_,))
    by_name = sorted(map(_counter, counters), key=lambda counter: (counter.name, counter.id))
    return Line(here, tuple(by_name), tuple(map(party_of, parties)), tuple(row[0] for row in booked))


def point(copy: Replica, id_: ServicePointId) -> ServicePoint | None:
    rows = copy.rows("SELECT id, name, zone, settings, turn, learned FROM service_point WHERE id = ?", (id_,))
    return _point(rows[0]) if rows else None


def party(copy: Replica, id_: EntryId) -> Party | None:
    rows = copy.rows(_ENTRY + " WHERE id = ?", (id_,))
    return party_of(rows[0]) if rows else None


def _point(row: Sequence[Any]) -> ServicePoint:
    id_, name, zone, settings, turn, learned = row
    where = clock.zone(zone or "UTC")
    return ServicePoint(id_, name or "", where, _settings(settings), turn or 0, load(learned or ""))


def _settings(text: str | None) -> Settings:
    """Settings of a form that this version cannot read are the usual ones: the line goes on."""
    try:
        return service_point.settings(text or "")
    except (ValueError, TypeError, KeyError, AttributeError, Invalid):
        return Settings()


def _counter(row: Sequence[Any]) -> Counter:
    id_, name, state, staff = row
    return Counter(id_, name or "", state or "closed", staff or "")


def party_of(row: Sequence[Any]) -> Party:
    entry = Entry(
        id=row[0],
        service_point=row[2],
        number=row[3],
        category=row[4],
        priority=row[5] or "normal",
        state=State(row[6]),
        joined=row[7],
        sequence=row[8],
        changed=row[9],
        counter=row[10] or None,
        called=row[11],
        calls=row[12] or 0,
        front=bool(row[13]),
        arrived=bool(row[14]),
        held_from=State(row[15]) if row[15] else None,
        prior=_prior(row[16]),
    )
    return Party(
        entry,
        visit=row[1] or row[0],
        name=row[17] or "",
        call_by_name=bool(row[18]),
        party=row[19] or 1,
        note=row[20] or "",
        version=row[21] or 0,
        can_undo=entry.prior is not None,
    )


def _prior(text: str | None) -> Prior | None:
    """What undo goes back to. A form that this version cannot read is none: it offers no undo then."""
    if not text:
        return None
    try:
        kept = orjson.loads(text)
        held = kept.get("heldFrom", kept.get("held_from"))
        return Prior(
            state=State(kept["state"]),
            joined=Instant(kept["joined"]),
            counter=kept.get("counter"),
            called=kept.get("called"),
            calls=kept.get("calls", 0),
            front=bool(kept.get("front")),
            arrived=bool(kept.get("arrived", True)),
            held_from=State(held) if held else None,
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
