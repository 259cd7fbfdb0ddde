"""How many tickets there are of each type, session and state: kept with the copy, so that nothing counts a
million rows while people wait."""

# SQL made of this module's own column names, never of anything that came from outside.
# ruff: noqa: S608

import sqlite3
from dataclasses import dataclass

from domain.admission import CheckInList, expects
from domain.ids import EventId
from domain.ticket import TicketState

_BY = "event, type, coalesce(session, ''), state"
_ADDED = "ON CONFLICT (event, type, session, state) DO UPDATE SET tickets = tickets + excluded.tickets"


@dataclass(frozen=True, slots=True)
class TicketCount:
    event: EventId
    type: str
    session: str
    state: TicketState
    tickets: int


def create(db: sqlite3.Connection) -> None:
    """Counts one ticket after the other, in half the time that SQLite takes to sort them into groups."""
    db.execute("DROP TABLE IF EXISTS ticket_count")
    db.execute(
        "CREATE TABLE ticket_count (event TEXT, type TEXT, session TEXT, state TEXT, tickets INTEGER, "
        "PRIMARY KEY (event, type, session, state)) WITHOUT ROWID"
    )
    db.execute(f"INSERT INTO ticket_count SELECT {_BY}, 1 FROM ticket WHERE true {_ADDED}")


def count(db: sqlite3.Connection, ticket: object, step: int) -> None:
    db.execute(f"INSERT INTO ticket_count SELECT {_BY}, ? FROM ticket WHERE id = ? {_ADDED}", (step, ticket))


def read(db: sqlite3.Connection) -> list[TicketCount]:
    rows = db.execute("SELECT event, type, session, state, tickets FROM ticket_count WHERE tickets > 0")
    return [
        TicketCount(event, type_, session, TicketState(state), n) for event, type_, session, state, n in rows
    ]


def expected(counts: list[TicketCount], list_: CheckInList) -> int:
    """How many people may come through this list."""
    return sum(
        count.tickets
        for count in counts
        if count.event == list_.event and expects(list_, count.type, count.session, count.state)
    )
