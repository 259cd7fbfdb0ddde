"""Figures of the door: the scans of an event counted once in small cells, then summed up every way."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, and_, case, func, literal, not_, or_, select

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
_UNDOES = scans.alias("undoes")
_OTHER = scans.alias("other")
_QUARTER = _S.at - _S.at % QUARTER
_BY = (_S.list, _S.gate, func.coalesce(_T.type, ""), _QUARTER)
_WITH_TICKET = scans.outerjoin(tickets, and_(_T.org == _S.org, _T.event == _S.event, _T.id == _S.ticket))


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
    scanned = select(*_BY, _S.granted, what, func.count()).select_from(_WITH_TICKET).where(stands)
    yield from (Cell(*row) for row in connection.execute(scanned.group_by(*_BY, _S.granted, what)))

    with_other = _WITH_TICKET.join(
        scan_marks, and_(scan_marks.c.org == _S.org, scan_marks.c.op == _S.op)
    ).join(_OTHER, and_(_OTHER.c.org == _S.org, _OTHER.c.op == scan_marks.c.other))
    later = or_(_OTHER.c.at < _S.at, and_(_OTHER.c.at == _S.at, _OTHER.c.op < _S.op))
    doubles = select(*_BY, literal(True), literal(_DOUBLE), func.count()).select_from(with_other)
    doubles = doubles.where(stands, scan_marks.c.mark == _DOUBLE, later).group_by(*_BY)
    yield from (Cell(*row) for row in connection.execute(doubles))

    place = func.row_number().over(partition_by=(_S.list, _S.ticket), order_by=(_S.at.desc(), _S.op.desc()))
    last = (
        select(_S.op.label("op"), place.label("place")).where(stands, _S.granted, _S.ticket != "").subquery()
    )
    inside = select(*_BY, literal(True), literal(_INSIDE), func.count())
    inside = inside.select_from(_WITH_TICKET.join(last, last.c.op == _S.op))
    inside = inside.where(_S.org == org, last.c.place == 1, _S.direction == Direction.ENTRY.value)
    inside = inside.where(*(_not_checked_out(list_, now) for list_ in lists)).group_by(*_BY)
    yield from (Cell(*row) for row in connection.execute(inside))


def _not_checked_out(list_: CheckInList, now: Instant) -> Any:
    """That a scan is not of this list, or since its last daily check-out."""
    last = clock.last_daily(list_.checkout_at, now, list_.zone) if list_.checkout_at else None
    return not_(and_(_S.list == list_.id, _S.at < (last or 0)))
