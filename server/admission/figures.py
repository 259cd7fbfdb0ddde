"""Figures of the door: the scans of an event counted once in small cells, then summed up every way."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    func,
    literal,
    not_,
    or_,
    select,
)

from domain import clock
from domain.admission import CheckInList, Direction, expects
from domain.clock import MINUTE, Instant
from domain.ids import EventId, ListId
from domain.ticket import TicketState
from server.admission.lists import listed
from server.admission.schemas import Counts, Figures, ListFigures, ListOut, QuarterFigures, TypeFigures
from server.admission.store import DoorStore
from server.admission.tables import scan_marks, scans
from server.auth.caller import Caller
from server.ticketing.tables import tickets

T = TypeVar("T")
K = TypeVar("K", str, int)

QUARTER = 15 * MINUTE
_INSIDE, _DOUBLE = "inside", "double"
_S = scans.c
_T = tickets.c
_M = scan_marks.c
_UNDOES = scans.alias("undoes")
_OTHER = scans.alias("other")


class Cell(NamedTuple):
    """So many scans of one kind: a direction, `inside`, `double`, or of those refused the reason."""

    list: str
    gate: str
    type: str
    quarter: int
    granted: bool
    what: str
    many: int


class Holders(NamedTuple):
    """So many tickets of a kind."""

    type: str
    session: str
    state: TicketState
    many: int


def figures(connection: Connection, caller: Caller, event: str, now: Instant) -> Figures:
    """The event's figures, list by list and together."""
    made = listed(connection, caller, event)
    rules = DoorStore(connection, caller.org).lists([list_.id for list_ in made])
    holders = _holders(connection, caller.org, event, by_session=any(list_.sessions for list_ in rules))
    cells = _split(_cells(connection, caller.org, event, rules, now), lambda cell: cell.list)
    both = list(zip(made, rules, strict=True))
    counted = [rule for list_, rule in both if list_.counts]
    return Figures(
        expected=_expected(holders, counted or [CheckInList(ListId(""), EventId(event))]),
        lists=[_of_list(list_, rule, cells.get(list_.id, []), holders) for list_, rule in both],
        **_sums(cell for rule in counted for cell in cells.get(rule.id, [])),
    )


def _of_list(list_: ListOut, rule: CheckInList, cells: list[Cell], holders: list[Holders]) -> ListFigures:
    expected = {
        type_: _expected(own, [rule]) for type_, own in _split(holders, lambda held: held.type).items()
    }
    scanned = _split((cell for cell in cells if cell.type), lambda cell: cell.type)
    types = sorted({type_ for type_, count in expected.items() if count} | scanned.keys())
    return ListFigures(
        id=list_.id,
        name=list_.name,
        counts=list_.counts,
        expected=sum(expected.values()),
        by_gate={gate: Counts(**_sums(own)) for gate, own in _split(cells, lambda cell: cell.gate).items()},
        by_type={
            type_: TypeFigures(expected=expected.get(type_, 0), **_sums(scanned.get(type_, [])))
            for type_ in types
        },
        by_quarter=[
            QuarterFigures(at=Instant(at), **_sums(own))
            for at, own in _split(cells, lambda cell: cell.quarter).items()
        ],
        **_sums(cells),
    )


def _split(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """The items by a key, in its order."""
    parts: defaultdict[K, list[T]] = defaultdict(list)
    for item in items:
        parts[key(item)].append(item)
    return dict(sorted(parts.items()))


def _sums(cells: Iterable[Cell]) -> dict[str, Any]:
    granted, refused = Counter[str](), Counter[str]()
    for cell in cells:
        (granted if cell.granted else refused)[cell.what] += cell.many
    return {
        "entries": granted[Direction.ENTRY],
        "exits": granted[Direction.EXIT],
        "inside": granted[_INSIDE],
        "double_admissions": granted[_DOUBLE],
        "refused": dict(refused),
    }


def _expected(holders: Iterable[Holders], lists: Sequence[CheckInList]) -> int:
    """How many hold a ticket that one of the lists admits."""
    return sum(
        held.many
        for held in holders
        if any(expects(list_, held.type, held.session, held.state) for list_ in lists)
    )


def _holders(connection: Connection, org: str, event: str, *, by_session: bool) -> list[Holders]:
    """Sessions are told apart only where a list asks for them: without, the index answers alone."""
    kind = (_T.type, _T.session if by_session else literal(""), _T.state)
    rows = connection.execute(
        select(*kind, func.count()).where(_T.org == org, _T.event == event).group_by(*kind)
    )
    return [Holders(type_, session, TicketState(state), count) for type_, session, state, count in rows]


def _cells(
    connection: Connection, org: str, event: str, lists: Sequence[CheckInList], now: Instant
) -> Iterator[Cell]:
    undone = select(_UNDOES.c.undoes).where(
        _UNDOES.c.org == org, _UNDOES.c.event == event, _UNDOES.c.undoes.is_not(None)
    )
    stands = and_(_S.org == org, _S.event == event, _S.undoes.is_(None), _S.op.not_in(undone))
    what = case((_S.granted, _S.direction), else_=_S.reason)
    scanned = _counted(scans, scans, _S.granted, what).where(stands).group_by(_S.granted, what)

    later = or_(_OTHER.c.at < _S.at, and_(_OTHER.c.at == _S.at, _OTHER.c.op < _S.op))
    marked = scan_marks.join(scans, and_(_S.org == _M.org, _S.op == _M.op)).join(
        _OTHER, and_(_OTHER.c.org == _M.org, _OTHER.c.op == _M.other)
    )
    doubles = _counted(marked, scans, literal(True), literal(_DOUBLE)).where(
        _M.org == org, _M.event == event, _M.mark == _DOUBLE, stands, later
    )

    place = func.row_number().over(partition_by=(_S.list, _S.ticket), order_by=(_S.at.desc(), _S.op.desc()))
    columns = (_S.org, _S.event, _S.list, _S.ticket, _S.gate, _S.at, _S.direction)
    last = select(*columns, place.label("place")).where(stands, _S.granted, _S.ticket != "").subquery()
    inside = _counted(last, last, literal(True), literal(_INSIDE)).where(
        last.c.place == 1,
        last.c.direction == Direction.ENTRY.value,
        *(_not_checked_out(last, list_, now) for list_ in lists),
    )
    for query in (scanned, doubles, inside):
        yield from (Cell(*row) for row in connection.execute(query))


def _counted(
    joined: FromClause, scanned: FromClause, granted: ColumnElement[bool], what: ColumnElement[str]
) -> Select[Any]:
    """Cells of the scans in `scanned`, which stand in `joined`."""
    s = scanned.c
    by = (s.list, s.gate, func.coalesce(_T.type, ""), s.at - s.at % QUARTER)
    ticket = and_(_T.org == s.org, _T.event == s.event, _T.id == s.ticket)
    return (
        select(*by, granted, what, func.count()).select_from(joined.outerjoin(tickets, ticket)).group_by(*by)
    )


def _not_checked_out(scanned: FromClause, list_: CheckInList, now: Instant) -> ColumnElement[bool]:
    """That a scan is not of this list, or since its last daily check-out."""
    last = clock.last_daily(list_.checkout_at, now, list_.zone) if list_.checkout_at else None
    return not_(and_(scanned.c.list == list_.id, scanned.c.at < (last or 0)))
