"""The history of the door: every scan, granted or refused, as pages and as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, and_, func, select, tuple_

from domain import clock
from server.admission.lists import require_event
from server.admission.schemas import ScanOut
from server.admission.tables import scan_marks, scans
from server.auth.caller import Caller
from server.auth.tables import devices
from server.ticketing.tables import tickets
from server.wire import Page, cursor_values, next_cursor

_S = scans.c
_M = scan_marks.c
_TIMES = ("at", "received")
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet would run as a formula."""


def history(
    connection: Connection, caller: Caller, event: str, limit: int, after: str | None
) -> Page[ScanOut]:
    """Every scan of an event, the newest first."""
    require_event(connection, caller, event)
    asked = _scans(caller, event).order_by(_S.at.desc(), _S.op.desc()).limit(limit + 1)
    if after is not None:
        asked = asked.where(tuple_(_S.at, _S.op) < tuple_(*cursor_values(after, int, str)))
    found = [_scan_out(row) for row in connection.execute(asked)]
    return Page(
        items=found[:limit], next_cursor=next_cursor(found, limit, lambda scan: (scan.at, scan.op_id))
    )


def history_csv(connection: Connection, caller: Caller, event: str) -> Iterator[str]:
    """The whole history as CSV, the oldest first; a cell that a spreadsheet would run is made harmless."""
    require_event(connection, caller, event)
    fields = {name: field.serialization_alias or name for name, field in ScanOut.model_fields.items()}
    yield _line(list(fields.values()))
    rows = connection.execution_options(yield_per=1000).execute(_scans(caller, event).order_by(_S.at, _S.op))
    for row in rows:
        values = row._mapping
        yield _line([_cell(name, values[name]) for name in fields])


def _scans(caller: Caller, event: str) -> Select[Any]:
    return (
        select(
            _S.op.label("op_id"), _S.at, _S.received, _S.list, _S.ticket,
            func.coalesce(tickets.c.name, "").label("name"),
            _S.direction, _S.granted, _S.reason, _S.gate, _S.actor, _S.offline, _S.forced, _S.undoes,
            _S.note, _S.code, _S.answers,
            func.coalesce(devices.c.name, "").label("device_name"),
            func.coalesce(_M.mark, "").label("mark"), func.coalesce(_M.reason, "").label("why"),
            func.coalesce(_M.other, "").label("other"),
        )
        .select_from(scans)
        .outerjoin(tickets, and_(tickets.c.org == _S.org, tickets.c.id == _S.ticket))
        .outerjoin(devices, and_(devices.c.org == _S.org, devices.c.id == _S.device))
        .outerjoin(scan_marks, and_(_M.org == _S.org, _M.op == _S.op))
        .where(_S.org == caller.org, _S.event == event)
    )  # fmt: skip


def _scan_out(row: Row[Any]) -> ScanOut:
    return ScanOut(**{**row._mapping, "answers": orjson.loads(row.answers)})


def _line(values: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()


def _cell(name: str, value: Any) -> object:
    if name in _TIMES:
        return clock.rfc3339(value)
    if name == "answers":
        return "" if value == "{}" else value
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUNS) else value
