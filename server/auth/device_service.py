"""Devices: made with a code that pairs one kiosk once, changed, revoked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Literal
from urllib.parse import urlencode

import orjson
from sqlalchemy import Connection, Row, insert, or_, select, update

from domain.clock import MINUTE, Instant
from domain.errors import Conflict, Gone, Invalid, NotFound
from server.activity.record import record
from server.auth import readable, store
from server.auth.access import SCOPE
from server.auth.caller import Caller, fits
from server.auth.schemas import DeviceIn, DeviceOut
from server.auth.tables import devices
from server.db.database import Transaction
from server.ids import new_id

PAIRING_TIME = 10 * MINUTE
_D = devices.c
_LISTS = ("scopes", "lists")


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A device as it is kept."""

    id: str
    org: str
    name: str
    mode: str
    scopes: tuple[str, ...]
    lists: tuple[str, ...]
    gate: str
    sells: bool
    platform: str
    created: Instant
    pairing_until: Instant | None = None
    paired: Instant | None = None
    revoked: Instant | None = None
    seen: Instant | None = None
    clock_offset: int | None = None


def make(transaction: Transaction, org: str, actor: str, new: DeviceIn) -> tuple[Kiosk, str]:
    """A device that waits to be paired, and its pairing code, which is kept as a digest only.

    Raises `Invalid` for scopes that are not of its mode.
    """
    _check_scopes(new.mode, new.scopes)
    code = readable.readable(groups=2, letters=4)
    kiosk = Kiosk(
        id=new_id(transaction.now),
        org=org,
        name=new.name,
        mode=new.mode,
        scopes=tuple(new.scopes),
        lists=tuple(new.lists),
        gate=new.gate,
        sells=new.sells,
        platform="",
        created=transaction.now,
        pairing_until=Instant(transaction.now + PAIRING_TIME),
    )
    transaction.connection.execute(insert(devices).values(pairing=_digest(code), **_columns(kiosk)))
    _record(transaction, kiosk, "device.made", actor, {"name": kiosk.name, "mode": kiosk.mode})
    return kiosk, code


def pair_again(transaction: Transaction, kiosk: Kiosk, actor: str) -> tuple[Kiosk, str]:
    """A new code for a device whose kiosk was lost or set up anew; what it was paired with ends at once.

    Raises `Conflict` for a device that was revoked.
    """
    if kiosk.revoked is not None:
        raise Conflict("this device was revoked: make a new one", code="device_revoked")
    code = readable.readable(groups=2, letters=4)
    waiting = replace(kiosk, pairing_until=Instant(transaction.now + PAIRING_TIME))
    _write(transaction.connection, waiting, pairing=_digest(code))
    _record(transaction, waiting, "device.code_made", actor, {"name": kiosk.name})
    return waiting, code


def pair(transaction: Transaction, code: str, name: str | None, platform: str) -> Kiosk:
    """The device of a pairing code, which serves no more from now on.

    Raises `NotFound` for a code that is wrong or was used, `Gone` for one that ran out.
    """
    digest = _digest(code)
    found = transaction.connection.execute(
        select(devices).where(_D.pairing == digest, _D.revoked.is_(None)).with_for_update()
    ).first()
    if found is None:
        raise NotFound(
            "this pairing code is not known or was used: look at it again, or make a new one",
            code="pairing_code_unknown",
        )
    if found.pairing_until <= transaction.now:
        raise Gone("this pairing code has run out: make a new one", code="pairing_code_expired")
    # Each pairing has a moment of its own, by which its token is known.
    moment = Instant(max(transaction.now, (found.paired or 0) + 1))
    kiosk = replace(
        _kiosk(found), name=name or found.name, platform=platform, paired=moment, pairing_until=None
    )
    _write(transaction.connection, kiosk, pairing=None)
    _record(transaction, kiosk, "device.paired", f"device:{kiosk.id}", {"platform": platform})
    return kiosk


def change(transaction: Transaction, kiosk: Kiosk, actor: str, fields: Mapping[str, Any]) -> Kiosk:
    """Raises `Invalid` for scopes that are not of its mode."""
    values: dict[str, Any] = {
        name: tuple(value) if name in _LISTS else value for name, value in fields.items()
    }
    changed = replace(kiosk, **values)
    _check_scopes(changed.mode, changed.scopes)
    _write(transaction.connection, changed)
    _record(transaction, changed, "device.changed", actor, dict(fields))
    return changed


def revoke(transaction: Transaction, kiosk: Kiosk, actor: str) -> None:
    """Ends a device's token at once; revoking twice is revoking once."""
    if kiosk.revoked is None:
        _write(transaction.connection, replace(kiosk, revoked=transaction.now), pairing=None)
        _record(transaction, kiosk, "device.revoked", actor, {"name": kiosk.name})


def succeed(transaction: Transaction, caller: Caller, former: Caller) -> None:
    """A kiosk was another device before: what that one had on lease, and those before it, is its own now.

    Of a device there is one successor at a time, the last that could prove it. Raises `NotFound` for a device
    of another organisation.
    """
    connection = transaction.connection
    before = kiosk_of(connection, caller.org, former.id, lock=True)
    if store.is_or_was(connection, caller.id, before.id):
        return
    connection.execute(
        update(devices)
        .where(_D.org == caller.org, or_(_D.id == before.id, _D.successor == before.id))
        .values(successor=caller.id)
    )
    record(
        transaction,
        org=caller.org,
        kind="device.succeeded",
        subject=f"device:{caller.id}",
        actor=caller.actor,
        data={"former": before.id, "name": before.name},
    )


def kiosk_of(connection: Connection, org: str, id_: str, *, lock: bool = False) -> Kiosk:
    """Raises `NotFound`, for a device of another organisation too. `lock` where it is to be changed."""
    asked = select(devices).where(_D.id == id_, _D.org == org)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    if row is None:
        raise NotFound("there is no device with this id")
    return _kiosk(row)


def kiosks(connection: Connection, org: str, after: str, limit: int) -> list[Kiosk]:
    rows = connection.execute(
        select(devices).where(_D.org == org, _D.id > after).order_by(_D.id).limit(limit)
    )
    return [_kiosk(row) for row in rows]


def shown(kiosk: Kiosk) -> DeviceOut:
    return DeviceOut(
        id=kiosk.id,
        name=kiosk.name,
        mode=kiosk.mode,
        scopes=list(kiosk.scopes),
        lists=list(kiosk.lists),
        gate=kiosk.gate,
        sells=kiosk.sells,
        state=_state(kiosk),
        platform=kiosk.platform,
        created=kiosk.created,
        paired=kiosk.paired,
        revoked=kiosk.revoked,
        seen=kiosk.seen,
        clock_offset=kiosk.clock_offset,
    )


def _check_scopes(mode: str, scopes: Iterable[str]) -> None:
    other = [scope for scope in scopes if not fits(scope, mode)]
    if other:
        raise Invalid(
            f"a device of the mode {mode} has nothing to do with {', '.join(other)}: name other scopes",
            code="scope_not_of_mode",
        )


def _state(kiosk: Kiosk) -> Literal["waiting", "paired", "revoked"]:
    if kiosk.revoked is not None:
        return "revoked"
    return "waiting" if kiosk.paired is None or kiosk.pairing_until is not None else "paired"


def as_set(kiosk: Kiosk) -> DeviceOut:
    """The part of it that people set, of which its ETag tells."""
    return shown(replace(kiosk, seen=None, clock_offset=None))


def pairing_uri(server: str, code: str) -> str:
    """What the pairing QR says."""
    return f"usher://pair?{urlencode({'server': server, 'code': code})}"


def _digest(code: str) -> str:
    return blake2b(readable.plain(code).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _kiosk(row: Row[Any]) -> Kiosk:
    values = {name: row._mapping[name] for name in Kiosk.__slots__}
    return Kiosk(**{**values, **{name: tuple(orjson.loads(values[name])) for name in _LISTS}})


def _columns(kiosk: Kiosk) -> dict[str, Any]:
    values = {name: getattr(kiosk, name) for name in Kiosk.__slots__}
    return {**values, **{name: orjson.dumps(values[name]).decode() for name in _LISTS}}


def _write(connection: Connection, kiosk: Kiosk, **more: object) -> None:
    connection.execute(update(devices).where(_D.id == kiosk.id).values(**_columns(kiosk), **more))


def _record(
    transaction: Transaction, kiosk: Kiosk, kind: str, actor: str, data: Mapping[str, object]
) -> None:
    transaction.touched.add(SCOPE)
    record(transaction, org=kiosk.org, kind=kind, subject=f"device:{kiosk.id}", actor=actor, data=data)
