"""Rows of the replica's tables as values, and back."""

# SQL made of this module's own column names, never of anything that came from outside.
# ruff: noqa: S608

from collections.abc import Sequence
from typing import Any

import orjson

from domain.admission import Direction, Scan
from domain.ticket import Ticket, TicketState

TICKET_COLUMNS = (
    "id, event, type, number, generation, state, name, seat, session, order_number, note, attention, "
    "perks, due, currency, valid_from, valid_until, main, redeemed"
)
TICKETS = (
    f"SELECT {', '.join(f't.{name}' for name in TICKET_COLUMNS.split(', '))}, s.starts, s.ends "
    "FROM ticket t LEFT JOIN event_session s ON s.event = t.event AND s.id = t.session"
)
"""What `ticket_of` reads: the tickets `t`, each with the times of its session where it names one."""
SCAN_COLUMNS = "op, at, ticket, list, direction, granted, gate, device, forced, undoes"

_EMPTY = ("", "[]", None)


def ticket_of(row: Sequence[Any]) -> Ticket:
    return Ticket(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4] or 0,
        TicketState(row[5]),
        row[6] or "",
        row[7] or "",
        row[8] or "",
        row[9] or "",
        row[10] or "",
        bool(row[11]),
        _texts(row[12]),
        _texts(row[18]),
        row[13] or 0,
        row[14] or "",
        row[15],
        row[16],
        row[17] or None,
        row[19],
        row[20],
    )


def _texts(value: str | None) -> tuple[str, ...]:
    return () if value in _EMPTY else tuple(map(str, orjson.loads(str(value))))


def scan_of(row: Sequence[Any]) -> Scan:
    return Scan(
        op=row[0],
        at=row[1],
        ticket=row[2],
        list=row[3],
        direction=Direction(row[4]),
        granted=bool(row[5]),
        gate=row[6] or "",
        device=row[7] or None,
        forced=bool(row[8]),
        undoes=row[9] or None,
    )
