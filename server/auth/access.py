"""Access: makes tokens and tells from a token who is calling, with every revocation in force."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from sqlalchemy import Connection, Row, func, insert, select

from domain.clock import DAY, SECOND, Instant
from domain.errors import Forbidden, Problem, Unauthenticated
from server.auth.caller import Caller, Role
from server.auth.tables import TokenKey, devices, staff, token_keys
from server.db.database import Clock, Database, Transaction
from server.db.locks import lock
from server.ids import new_id

SCOPE = "auth"
"""What a transaction touches that changes who may do what."""

_ALGORITHM = "Ed25519"
_KEPT = 4096
_PAUSE = 1.0
_log = logging.getLogger("usher.auth")


@dataclass(frozen=True, slots=True)
class _Known:
    caller: Caller
    until: Instant | None
    paired: Instant | None
    """Of a device: at which pairing its token was made."""


@dataclass(frozen=True, slots=True)
class _Device:
    caller: Caller
    paired: Instant


class Access:
    """Keys, devices and staff held in memory, and read again whenever a commit touched `SCOPE`.

    Verifying a signature takes longer than the rest of a scan, so that callers are remembered by
    their token; what a device or a person may do now is looked at every time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._keys = KeySet([])
        self._newest = ""
        self._devices: dict[str, _Device] = {}
        self._staff: dict[str, Caller | None] = {}
        self._reading = asyncio.Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._readings: set[asyncio.Task[None]] = set()
        self._waiting: set[asyncio.Event] = set()
        database.on_commit(self._on_commit)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Makes the first key where there is none, reads what there is, and keeps it as it is committed."""
        self._loop = asyncio.get_running_loop()
        await self._database.write(ensure_key)
        await self.refresh()
        try:
            yield
        finally:
            self._loop = None
            for reading in self._readings:
                reading.cancel()
            await asyncio.gather(*self._readings, return_exceptions=True)

    def now(self) -> Instant:
        return self._clock()

    async def refresh(self) -> None:
        """Holds what is committed by now. One after the other: an older reading never comes last."""
        async with self._reading:
            held = await self._database.read(_read)
            self._keys = KeySet([_jwk(key) for key in held.keys])
            self._newest = held.keys[-1].id if held.keys else ""
            self._devices, self._staff = held.devices, held.staff
        for event in self._waiting:
            event.set()

    @contextmanager
    def waking(self, event: asyncio.Event) -> Iterator[None]:
        """Sets the event whenever somebody may do more or less than before."""
        self._waiting.add(event)
        try:
            yield
        finally:
            self._waiting.discard(event)

    def token(self, subject: str, org: str, role: Role, until: Instant | None, **claims: object) -> str:
        """A signed token; `until` None for one that lives until it is revoked.

        A device's token ends with the pairing that it has now.
        """
        body = {"sub": subject, "org": org, "role": role.value, "iat": self._clock() // SECOND, **claims}
        if until is not None:
            body["exp"] = until // SECOND
        if role is Role.DEVICE and subject in self._devices:
            body["paired"] = self._devices[subject].paired
        header = {"alg": _ALGORITHM, "kid": self._newest}
        return jwt.encode(header, body, self._keys, algorithms=[_ALGORITHM])

    def public_keys(self) -> dict[str, object]:
        """The JWK set that others verify with."""
        return dict(self._keys.as_dict(private=False))

    def caller(self, token: str) -> Caller:
        """Who a token belongs to. Raises `Unauthenticated`."""
        known = self._known.get(token) or self._verify(token)
        if known.until is not None and known.until <= self._clock():
            raise Unauthenticated("this sign-in has ended; sign in again", code="token_expired")
        match known.caller.role:
            case Role.DEVICE:
                return self._device(known)
            case Role.STAFF:
                return self._person(known.caller)
            case _:
                return known.caller

    def device_of(self, token: str) -> Caller:
        """The device that a token was made for, whether or not it is still good. Raises `Forbidden`."""
        try:
            known = self._known.get(token) or self._verify(token)
        except Unauthenticated:
            known = None
        if known is None or known.caller.role is not Role.DEVICE:
            raise Forbidden("this is no token of a device", code="former_unknown")
        return known.caller

    def _device(self, known: _Known) -> Caller:
        device = self._devices.get(known.caller.id)
        if device is None or device.paired != known.paired:
            raise Unauthenticated("this device was revoked; pair it again", code="device_revoked")
        return device.caller

    def _person(self, claimed: Caller) -> Caller:
        person = self._staff.get(claimed.id, claimed)
        if person is None:
            raise Unauthenticated("this account was closed; ask an administrator", code="account_closed")
        return person

    def _verify(self, token: str) -> _Known:
        try:
            claims = jwt.decode(token, self._keys, algorithms=[_ALGORITHM]).claims
            until = Instant(int(claims["exp"]) * SECOND) if "exp" in claims else None
            paired = Instant(int(claims["paired"])) if "paired" in claims else None
            permissions = frozenset(map(str, claims.get("permissions", ())))
            caller = Caller(Role(claims["role"]), str(claims["org"]), str(claims["sub"]), permissions)
        except (JoseError, ValueError, KeyError, TypeError):
            raise Unauthenticated("this token is not one of ours; sign in again") from None
        known = self._known[token] = _Known(caller, until, paired)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return known

    def _on_commit(self, touched: frozenset[str]) -> None:
        loop = self._loop
        if loop is not None and touched & {SCOPE, "*"}:
            with suppress(RuntimeError):  # the loop has just been closed
                loop.call_soon_threadsafe(self._refresh_soon)

    def _refresh_soon(self) -> None:
        reading = asyncio.create_task(self._refresh_surely(), name="access")
        self._readings.add(reading)
        reading.add_done_callback(self._readings.discard)

    async def _refresh_surely(self) -> None:
        """Whoever was revoked while the database was away is turned back as soon as it is there again."""
        while True:
            try:
                return await self.refresh()
            except Problem as problem:
                _log.warning("who may call is not known anew: %s", problem.detail)
            except Exception:
                _log.exception("who may call cannot be read")
            await asyncio.sleep(_PAUSE)


def _set(text: str) -> frozenset[str]:
    return frozenset(orjson.loads(text))


def _jwk(key: TokenKey) -> OKPKey:
    return OKPKey.import_key(key.private, {"kid": key.id, "use": "sig", "alg": _ALGORITHM})


def ensure_key(transaction: Transaction) -> None:
    """Makes the first key where there is none."""
    lock(transaction.connection, "token key")
    if transaction.connection.execute(select(token_keys.c.id).limit(1)).first() is None:
        add_key(transaction)


def renew_key(transaction: Transaction, days: int) -> bool:
    """Makes a new key where the newest is older than so many days; whether it did."""
    lock(transaction.connection, "token key")
    newest = transaction.connection.execute(select(func.max(token_keys.c.created))).scalar()
    due = newest is None or newest <= transaction.now - days * DAY
    if due:
        add_key(transaction)
    return due


def add_key(transaction: Transaction) -> None:
    """Makes a new key, which signs from now on; the older ones still verify what they signed."""
    private = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    transaction.connection.execute(
        insert(token_keys).values(id=new_id(transaction.now), private=private, created=transaction.now)
    )
    transaction.touched.add(SCOPE)


@dataclass(frozen=True, slots=True)
class _Held:
    """`devices` are those that may call; of `staff`, None is somebody who may not any more."""

    keys: list[TokenKey]
    devices: dict[str, _Device]
    staff: dict[str, Caller | None]


def _read(connection: Connection) -> _Held:
    keys = connection.execute(
        select(token_keys).where(token_keys.c.retired.is_(None)).order_by(token_keys.c.created)
    )
    calling = select(devices).where(
        devices.c.paired.is_not(None), devices.c.pairing_until.is_(None), devices.c.revoked.is_(None)
    )
    people = connection.execute(select(staff))
    return _Held(
        [TokenKey(**row._mapping) for row in keys],
        {row.id: _device(row) for row in connection.execute(calling)},
        {row.id: _person(row) if row.active else None for row in people},
    )


def _device(row: Row[Any]) -> _Device:
    caller = Caller(
        Role.DEVICE,
        row.org,
        row.id,
        mode=row.mode,
        scopes=_set(row.scopes),
        lists=_set(row.lists),
        gate=row.gate,
        sells=row.sells,
    )
    return _Device(caller, row.paired)


def _person(row: Row[Any]) -> Caller:
    return Caller(Role.STAFF, row.org, row.id, _set(row.permissions))
