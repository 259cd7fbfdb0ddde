"""Seats on lease to kiosks: rows of them, and how many they keep from others."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    select,
    update,
)

from domain.clock import Instant
from server.auth.tables import devices
from server.db.prepared import Prepared
from server.ticketing.orders.tables import seat_leases

_L, _D = seat_leases.c, devices.c


@dataclass(frozen=True, slots=True)
class Lease:
    """Seats that one kiosk sells; `seats` None for any number."""

    id: str
    org: str
    event: str
    type: str
    device: str
    seats: int | None
    sold: int
    given: Instant
    expires: Instant

    @property
    def left(self) -> int:
        """How many the kiosk may have in hand still, as far as the server has heard."""
        return max(0, (self.seats or 0) - self.sold)


def _standing(now: Instant | BindParameter[Instant]) -> Sequence[ColumnElement[bool]]:
    """A kiosk that was revoked, or may sell no more, keeps nothing from anybody."""
    return (_L.expires > now, _D.revoked.is_(None), _D.sells, _D.mode == "door")


_LEASED = Prepared(
    select(_L.type, func.sum(_L.seats - _L.sold))
    .join_from(seat_leases, devices, _D.id == _L.device)
    .where(
        _L.org == bindparam("org"),
        _L.event == bindparam("event"),
        _L.seats > _L.sold,
        *_standing(bindparam("now")),
    )
    .group_by(_L.type)
)


def ask_leased(connection: Connection, org: str, event: str, now: Instant) -> Callable[[], Counter[str]]:
    """Asks along with what comes next how many places of each type kiosks keep from others now."""
    rows = _LEASED.soon(connection, org=org, event=event, now=now)
    return lambda: Counter({type_: int(places) for type_, places in rows()})


def standing(connection: Connection, org: str, event: str, now: Instant, device: str) -> list[Lease]:
    """The leases of a kiosk that last."""
    asked = _lasting(org, event, now).where(_L.device == device)
    return list(map(_lease, connection.execute(asked)))


def listed(connection: Connection, org: str, event: str, now: Instant, after: str, limit: int) -> list[Lease]:
    """The leases of an event that last, in the order of their ids."""
    asked = _lasting(org, event, now).where(_L.id > after).limit(limit)
    return list(map(_lease, connection.execute(asked)))


def by_id(connection: Connection, org: str, id_: str) -> Lease | None:
    """The lease, held until the end of the transaction."""
    asked = select(seat_leases).where(_L.id == id_, _L.org == org)
    row = connection.execute(asked.with_for_update()).first()
    return None if row is None else _lease(row)


def add(connection: Connection, lease: Lease) -> None:
    connection.execute(insert(seat_leases).values(**_columns(lease)))


def change(connection: Connection, lease: Lease) -> None:
    connection.execute(update(seat_leases).where(_L.id == lease.id).values(**_columns(lease)))


def _lasting(org: str, event: str, now: Instant) -> Select[Any]:
    return (
        select(seat_leases)
        .join_from(seat_leases, devices, _D.id == _L.device)
        .where(_L.org == org, _L.event == event, *_standing(now))
        .order_by(_L.id)
    )


def _lease(row: Row[Any]) -> Lease:
    return Lease(**{name: row._mapping[name] for name in Lease.__slots__})


def _columns(lease: Lease) -> dict[str, Any]:
    return {name: getattr(lease, name) for name in Lease.__slots__}
