"""Tickets, lists and scans as the door needs them, read and written on the fast path."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, Select, and_, bindparam, select, text

from domain import clock, door_rules, rotating_code
from domain.admission import CheckInList, Direction, DoorQuestion, Scan
from domain.clock import Instant
from domain.ids import DeviceId, EventId, ListId, OpId, TicketId, TicketTypeId
from domain.ticket import Ticket, TicketState
from domain.ticket_code import TicketCode
from server.admission.schemas import ListSettings
from server.admission.tables import check_in_lists, scans
from server.auth.tables import devices
from server.db.prepared import Prepared
from server.events.sessions.tables import sessions
from server.events.tables import events
from server.ticketing.tables import revoked_codes, ticket_types, tickets

_T = tickets.c
_PLACE = and_(ticket_types.c.org == _T.org, ticket_types.c.event == _T.event, ticket_types.c.id == _T.type)
_ITS = and_(sessions.c.org == _T.org, sessions.c.event == _T.event, sessions.c.id == _T.session)


def _ticket_query(*, lock: bool = True) -> Select[Any]:
    columns = (
        _T.id, _T.event, _T.type, _T.number, _T.generation, _T.state, _T.name, _T.seat, _T.session,
        _T.order_number, _T.note, _T.attention, _T.perks, _T.due, _T.currency, _T.valid_from,
        _T.valid_until, _T.main, ticket_types.c.name, ticket_types.c.colour, ticket_types.c.rotating,
        _T.redeemed, _T.contact, sessions.c.starts, sessions.c.ends,
    )  # fmt: skip
    places = tickets.join(ticket_types, _PLACE).outerjoin(sessions, _ITS)
    found = select(*columns).select_from(places).where(_T.org == bindparam("org"))
    # Two doors that scan one ticket at one instant take turns; SQLite has one writer and needs no lock.
    return found.with_for_update(of=tickets) if lock else found


_BY_DIGEST = Prepared(_ticket_query().where(_T.digest == bindparam("digest")))
_BY_ID = Prepared(_ticket_query().where(_T.id == bindparam("id")))
_SEEN = Prepared(_ticket_query(lock=False).where(_T.id == bindparam("id")))
_BY_MAIN = Prepared(_ticket_query().where(_T.main == bindparam("main")))
_BY_REVOKED = Prepared(
    _ticket_query()
    .join(revoked_codes, revoked_codes.c.ticket == _T.id)
    .where(revoked_codes.c.digest == bindparam("digest"), revoked_codes.c.org == bindparam("org"))
)
_BY_NUMBER = Prepared(
    _ticket_query()
    .join(events, and_(events.c.org == _T.org, events.c.id == _T.event))
    .where(events.c.number == bindparam("event"), _T.number == bindparam("number"))
)
_SECRET = Prepared(
    select(events.c.rotating_secret).where(
        events.c.org == bindparam("org"), events.c.id == bindparam("event")
    )
)
_LIST = Prepared(
    select(
        check_in_lists.c.id, check_in_lists.c.event, check_in_lists.c.name, check_in_lists.c.settings,
        events.c.zone, events.c.starts, events.c.ends,
    )
    .join_from(
        check_in_lists,
        events,
        and_(events.c.org == check_in_lists.c.org, events.c.id == check_in_lists.c.event),
    )
    .where(check_in_lists.c.org == bindparam("org"), check_in_lists.c.id == bindparam("id"))
)  # fmt: skip
_LISTS_OF = Prepared(
    select(check_in_lists.c.id)
    .where(check_in_lists.c.org == bindparam("org"), check_in_lists.c.event == bindparam("event"))
    .order_by(check_in_lists.c.created, check_in_lists.c.id)
)
_S = scans.c
_SCANS = Prepared(
    select(
        _S.op, _S.at, _S.ticket, _S.list, _S.direction, _S.granted, _S.gate, _S.device, _S.forced, _S.undoes
    ).where(_S.org == bindparam("org"), _S.ticket == bindparam("ticket"))
)
_SCAN = Prepared(
    select(
        _S.op,
        _S.at,
        _S.ticket,
        _S.list,
        _S.direction,
        _S.granted,
        _S.reason,
        _S.forced,
        _S.undoes,
        _S.event,
        _S.device,
    ).where(_S.org == bindparam("org"), _S.op == bindparam("op"))
)
_COLUMNS = [column.name for column in scans.columns]
# In words, since both databases know these, and the query builder has none for both.
_ADD = Prepared(
    text(
        f"INSERT INTO scan ({', '.join(_COLUMNS)}) VALUES (:{', :'.join(_COLUMNS)}) "  # noqa: S608
        "ON CONFLICT (org, op) DO NOTHING"
    )
)
_DEVICE_NAME = Prepared(
    select(devices.c.name).where(devices.c.org == bindparam("org"), devices.c.id == bindparam("id"))
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A scan that was recorded before."""

    op: OpId
    at: Instant
    ticket: str
    list: str
    direction: Direction
    granted: bool
    reason: str
    forced: bool
    undoes: str | None
    event: str
    device: str | None


@dataclass(frozen=True, slots=True)
class TypeFace:
    """What the door shows of a ticket type."""

    name: str
    colour: str
    rotating: bool


class DoorStore:
    """The door's view of one organisation within one transaction; fits `domain.lookup.Tickets`."""

    def __init__(self, connection: Connection, org: str) -> None:
        self._connection = connection
        self._org = org
        self.faces: dict[TicketId, TypeFace] = {}
        """The type of every ticket that was looked up."""
        self.contacts: dict[str, str | None] = {}
        """Whose timeline each of them stands in."""

    def by_digest(self, digest: bytes) -> Sequence[Ticket]:
        return self._tickets(_BY_DIGEST, digest=digest)

    def by_revoked(self, digest: bytes) -> Sequence[Ticket]:
        return self._tickets(_BY_REVOKED, digest=digest)

    def by_number(self, event: int, number: int) -> Ticket | None:
        return next(iter(self._tickets(_BY_NUMBER, event=event, number=number)), None)

    def by_id(self, id_: str) -> Ticket | None:
        return next(iter(self._tickets(_BY_ID, id=id_)), None)

    def seen(self, id_: str) -> Ticket:
        """A ticket that is there, only to be looked at."""
        [ticket] = self._tickets(_SEEN, id=id_)
        return ticket

    def addons(self, ticket: Ticket) -> Sequence[Ticket]:
        return self._tickets(_BY_MAIN, main=ticket.id)

    def unseen(self, _code: TicketCode) -> Ticket | None:
        return None

    def rotating_secret(self, ticket: Ticket) -> bytes | None:
        if not self.faces[ticket.id].rotating:
            return None
        row = _SECRET.first(self._connection, org=self._org, event=ticket.event)
        return rotating_code.secret(bytes(row[0]), ticket.number, ticket.generation) if row else None

    def lists(self, ids: Sequence[str]) -> list[CheckInList]:
        """The lists of these ids that exist, each once, in the order asked for."""
        rows = [_LIST.first(self._connection, org=self._org, id=id_) for id_ in dict.fromkeys(ids)]
        return [_list(*row) for row in rows if row is not None]

    def lists_of(self, event: str) -> list[str]:
        """The ids of an event's lists, the oldest first."""
        return [str(row[0]) for row in _LISTS_OF.rows(self._connection, org=self._org, event=event)]

    def scans(self, tickets: Sequence[Ticket]) -> list[Scan]:
        return [
            _scan(row)
            for ticket in tickets
            for row in _SCANS.rows(self._connection, org=self._org, ticket=ticket.id)
        ]

    def recorded(self, op: str) -> Recorded | None:
        row = _SCAN.first(self._connection, org=self._org, op=op)
        return None if row is None else _recorded(row)

    def add(self, **values: object) -> bool:
        """Writes one scan: all columns but `org`. False where its operation was recorded before."""
        return _ADD.run(self._connection, org=self._org, **values) == 1

    def device_name(self, device: str | None) -> str:
        row = _DEVICE_NAME.first(self._connection, org=self._org, id=device) if device else None
        return str(row[0]) if row else ""

    def _tickets(self, query: Prepared, **values: object) -> list[Ticket]:
        found = []
        for row in query.rows(self._connection, org=self._org, **values):
            ticket = _ticket(row)
            self.faces[ticket.id] = TypeFace(row[18], row[19], bool(row[20]))
            self.contacts[ticket.id] = row[22]
            found.append(ticket)
        return found


def _ticket(row: tuple[Any, ...]) -> Ticket:
    return Ticket(
        id=TicketId(row[0]),
        event=EventId(row[1]),
        type=TicketTypeId(row[2]),
        number=row[3],
        generation=row[4],
        state=TicketState(row[5]),
        name=row[6],
        seat=row[7],
        session=row[8],
        order=row[9],
        note=row[10],
        attention=bool(row[11]),
        perks=() if row[12] == "[]" else tuple(orjson.loads(row[12])),
        redeemed=() if row[21] == "[]" else tuple(orjson.loads(row[21])),
        due=row[13],
        currency=row[14],
        valid_from=row[15],
        valid_until=row[16],
        main=row[17],
        session_starts=row[23],
        session_ends=row[24],
    )


def _scan(row: tuple[Any, ...]) -> Scan:
    return Scan(
        op=OpId(row[0]),
        at=Instant(row[1]),
        ticket=TicketId(row[2]),
        list=ListId(row[3]),
        direction=Direction(row[4]),
        granted=bool(row[5]),
        gate=row[6],
        device=DeviceId(row[7]) if row[7] else None,
        forced=bool(row[8]),
        undoes=OpId(row[9]) if row[9] else None,
    )


def _recorded(row: tuple[Any, ...]) -> Recorded:
    return Recorded(
        op=OpId(row[0]),
        at=Instant(row[1]),
        ticket=row[2],
        list=row[3],
        direction=Direction(row[4]),
        granted=bool(row[5]),
        reason=row[6],
        forced=bool(row[7]),
        undoes=row[8],
        event=row[9],
        device=row[10],
    )


@lru_cache(maxsize=1024)
def _list(id_: str, event: str, name: str, settings: str, zone: str, starts: int, ends: int) -> CheckInList:
    """A list from its row; lists change seldom, so the last ones read are kept, by their whole content."""
    made = ListSettings.model_validate_json(settings)
    return CheckInList(
        id=ListId(id_),
        event=EventId(event),
        name=name,
        zone=clock.zone(zone),
        types=frozenset(map(TicketTypeId, made.types)),
        sessions=frozenset(made.sessions),
        gates=frozenset(made.gates),
        include_pending=made.include_pending,
        entry=made.entry,
        addons=made.addons,
        checkout_at=time.fromisoformat(made.checkout_at) if made.checkout_at else None,
        valid_from=made.valid_from,
        valid_until=made.valid_until,
        confirmations=tuple(made.require_confirmation),
        questions=tuple(
            DoorQuestion(q.id, q.text, q.kind, q.required, tuple(q.choices)) for q in made.questions
        ),
        rules=door_rules.read(made.rules) if made.rules is not None else None,
        anchors={"event_start": Instant(starts), "event_end": Instant(ends)},
    )
