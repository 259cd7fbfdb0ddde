"""What happened at the door: search, figures, history."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from domain import clock
from domain.admission import Direction, presence
from domain.clock import MINUTE, Instant
from server.admission.answers import ticket_out
from server.admission.lists import all_lists, require_event
from server.admission.schemas import Figures, Found, ListFigures, ListOut, ScanOut
from server.admission.store import DoorStore
from server.admission.tables import scan_marks, scans
from server.auth.caller import Caller
from server.auth.tables import devices
from server.events.tables import events
from server.ticketing.search import matches
from server.ticketing.tables import tickets
from server.wire import Page, cursor, cursor_values

QUARTER = 15 * MINUTE
_S = scans.c
_T = tickets.c


def search(connection: Connection, caller: Caller, event: str, wanted: str, limit: int) -> Page[Found]:
    """Tickets of an event whose name, e-mail or order number has words beginning as `wanted` does."""
    require_event(connection, caller, event)
    words = matches(connection, wanted)
    if words is None:
        return Page(items=[])
    rows = connection.execute(
        select(_T.id).where(_T.org == caller.org, _T.event == event, words).order_by(_T.seq).limit(limit)
    )
    store = DoorStore(connection, caller.org)
    return Page(items=[_found(store, row.id, all_lists(connection, caller, event)) for row in rows])


def _found(store: DoorStore, id_: str, lists: Sequence[ListOut]) -> Found:
    ticket = store.by_id(id_)
    assert ticket is not None
    past = store.scans([ticket])
    inside = any(presence(past, list_).inside for list_ in store.lists([list_.id for list_ in lists]))
    last = max((scan.at for scan in past if scan.granted), default=None)
    return Found(ticket=ticket_out(ticket, store.faces[ticket.id]), inside=inside, last_scan=last)


def figures(connection: Connection, caller: Caller, event: str, now: Instant) -> Figures:
    """The event's figures, list by list and together."""
    require_event(connection, caller, event)
    zone = connection.execute(
        select(events.c.zone).where(events.c.org == caller.org, events.c.id == event)
    ).scalar_one()
    by_list = [
        _list_figures(connection, caller.org, event, list_, now, zone)
        for list_ in all_lists(connection, caller, event)
    ]
    counted = [figure for figure in by_list if figure.counts]
    return Figures(
        expected=_expected(connection, caller.org, event, ()),
        entries=sum(f.entries for f in counted),
        exits=sum(f.exits for f in counted),
        inside=sum(f.inside for f in counted),
        double_admissions=sum(f.double_admissions for f in counted),
        refused=dict(sum((Counter(f.refused) for f in by_list), Counter())),
        lists=by_list,
    )


def _list_figures(
    connection: Connection, org: str, event: str, list_: ListOut, now: Instant, zone: str
) -> ListFigures:
    own = and_(_S.org == org, _S.event == event, _S.list == list_.id)
    undone = select(_S.undoes).where(own, _S.undoes.is_not(None))
    stands = and_(own, _S.granted, _S.undoes.is_(None), _S.op.not_in(undone))
    entries = and_(stands, _S.direction == Direction.ENTRY.value)
    refused = and_(own, _S.granted.is_(False))
    quarter = _S.at - _S.at % QUARTER
    return ListFigures(
        id=list_.id,
        name=list_.name,
        counts=list_.counts,
        expected=_expected(connection, org, event, list_.types),
        entries=_count(connection, entries),
        exits=_count(connection, and_(stands, _S.direction == Direction.EXIT.value)),
        inside=_inside(connection, stands, list_, now, zone),
        double_admissions=_count(
            connection,
            and_(
                entries,
                _S.op.in_(
                    select(scan_marks.c.op).where(scan_marks.c.org == org, scan_marks.c.mark == "double")
                ),
            ),
            func.count(_S.op) - func.count(func.distinct(_S.ticket)),
        ),
        refused=_groups(connection, select(_S.reason, func.count()).where(refused).group_by(_S.reason)),
        by_gate=_groups(connection, select(_S.gate, func.count()).where(entries).group_by(_S.gate)),
        by_type=_groups(
            connection,
            select(_T.type, func.count())
            .join_from(scans, tickets, _T.id == _S.ticket)
            .where(entries)
            .group_by(_T.type),
        ),
        by_quarter=[
            (clock.rfc3339(Instant(at)), count)
            for at, count in connection.execute(
                select(quarter, func.count()).where(entries).group_by(quarter).order_by(quarter)
            )
        ],
    )


def _count(connection: Connection, where: Any, what: Any = None) -> int:
    counted = func.count() if what is None else what
    return int(connection.execute(select(counted).select_from(scans).where(where)).scalar_one())


def _groups(connection: Connection, query: Select[Any]) -> dict[str, int]:
    return {str(key): int(count) for key, count in connection.execute(query)}


def _expected(connection: Connection, org: str, event: str, types: Sequence[str]) -> int:
    valid = and_(_T.org == org, _T.event == event, _T.state.in_(("valid", "pending")))
    where = and_(valid, _T.type.in_(types)) if types else valid
    return int(connection.execute(select(func.count()).select_from(tickets).where(where)).scalar_one())


def _inside(connection: Connection, stands: Any, list_: ListOut, now: Instant, zone: str) -> int:
    """Tickets whose last standing scan is an entry, after the list's last daily check-out."""
    place = func.row_number().over(partition_by=_S.ticket, order_by=(_S.at.desc(), _S.op.desc()))
    last = select(_S.direction, _S.at, place.label("place")).where(stands).subquery()
    since = _last_checkout(list_, now, zone)
    where = [last.c.place == 1, last.c.direction == Direction.ENTRY.value]
    if since is not None:
        where.append(last.c.at > since)
    return int(connection.execute(select(func.count()).select_from(last).where(*where)).scalar_one())


def _last_checkout(list_: ListOut, now: Instant, zone: str) -> Instant | None:
    if list_.checkout_at is None:
        return None
    where = clock.zone(zone)
    today = clock.local(now, where).date()
    at = time.fromisoformat(list_.checkout_at)
    last = clock.instant(datetime.combine(today, at, where))
    if last > now:
        last = clock.instant(datetime.combine(today - timedelta(days=1), at, where))
    return last


def history(
    connection: Connection, caller: Caller, event: str, limit: int, after: str | None
) -> Page[ScanOut]:
    """Every scan of an event, newest first."""
    require_event(connection, caller, event)
    query = _history(caller, event).order_by(_S.at.desc(), _S.op.desc())
    if after is not None:
        at, op = cursor_values(after, int, str)
        query = query.where(or_(_S.at < at, and_(_S.at == at, _S.op < op)))
    rows = connection.execute(query.limit(limit + 1)).all()
    items = [_scan_out(row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(items=items, next_cursor=cursor(items[-1].at, items[-1].op_id) if more else None)


def history_csv(connection: Connection, caller: Caller, event: str) -> Iterator[str]:
    """The history as CSV, oldest first; a cell that a spreadsheet would run is made harmless."""
    require_event(connection, caller, event)
    names = list(ScanOut.model_fields)
    yield _csv_line(names)
    rows = connection.execution_options(yield_per=1000).execute(
        _history(caller, event).order_by(_S.at, _S.op)
    )
    for row in rows:
        values = _scan_out(row).model_dump(mode="json")
        yield _csv_line([_harmless(values[name]) for name in names])


def _history(caller: Caller, event: str) -> Select[Any]:
    return (
        select(
            _S.op.label("op_id"), _S.at, _S.received, _S.list, _S.ticket,
            func.coalesce(_T.name, "").label("name"),
            _S.direction, _S.granted, _S.reason, _S.gate, _S.actor, _S.offline, _S.forced, _S.undoes, _S.note,
            func.coalesce(devices.c.name, "").label("device_name"),
            func.coalesce(scan_marks.c.mark, "").label("mark"),
        )
        .select_from(scans)
        .outerjoin(tickets, and_(_T.org == _S.org, _T.id == _S.ticket))
        .outerjoin(devices, and_(devices.c.org == _S.org, devices.c.id == _S.device))
        .outerjoin(scan_marks, and_(scan_marks.c.org == _S.org, scan_marks.c.op == _S.op))
        .where(_S.org == caller.org, _S.event == event)
    )  # fmt: skip


def _scan_out(row: Any) -> ScanOut:
    return ScanOut(**row._mapping)


def _csv_line(values: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
