"""Access: makes tokens and tells from a token who is calling, with every revocation in force."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from sqlalchemy import Connection, insert, select

from domain.clock import SECOND, Instant
from domain.errors import Unauthenticated
from server.auth.caller import Caller, Role
from server.auth.tables import Device, TokenKey, devices, token_keys
from server.db.database import Clock, Database, Transaction
from server.ids import new_id

SCOPE = "auth"
"""What a transaction touches that changes who may do what."""

_ALGORITHM = "Ed25519"
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class _Known:
    caller: Caller
    until: Instant | None


class Access:
    """Keys and devices held in memory, and read again whenever a commit touched `SCOPE`.

    Verifying a signature takes longer than the rest of a scan, so that callers are remembered by
    their token; whether a device is revoked is looked at every time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._keys = KeySet([])
        self._newest = ""
        self._devices: dict[str, Device] = {}
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._refreshing: asyncio.Future[None] | None = None
        database.on_commit(self._on_commit)

    async def start(self) -> None:
        """Makes the first key where there is none, and reads what there is."""
        self._loop = asyncio.get_running_loop()
        await self._database.write(_ensure_key)
        await self.refresh()

    async def refresh(self) -> None:
        keys, paired = await self._database.read(_read)
        self._keys = KeySet([_jwk(key) for key in keys])
        self._newest = keys[-1].id
        self._devices = {device.id: device for device in paired}

    def token(self, subject: str, org: str, role: Role, until: Instant | None, **claims: object) -> str:
        """A signed token; `until` None for one that lives until it is revoked."""
        body = {"sub": subject, "org": org, "role": role.value, "iat": self._clock() // SECOND, **claims}
        if until is not None:
            body["exp"] = until // SECOND
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
        if known.caller.role is Role.DEVICE:
            return self._device(known.caller.id)
        return known.caller

    def _device(self, id_: str) -> Caller:
        device = self._devices.get(id_)
        if device is None or device.revoked is not None:
            raise Unauthenticated("this device was revoked; pair it again", code="device_revoked")
        return Caller(
            Role.DEVICE,
            device.org,
            device.id,
            mode=device.mode,
            scopes=_set(device.scopes),
            lists=_set(device.lists),
            gate=device.gate,
        )

    def _verify(self, token: str) -> _Known:
        try:
            claims = jwt.decode(token, self._keys, algorithms=[_ALGORITHM]).claims
            until = Instant(int(claims["exp"]) * SECOND) if "exp" in claims else None
            permissions = frozenset(map(str, claims.get("permissions", ())))
            caller = Caller(Role(claims["role"]), str(claims["org"]), str(claims["sub"]), permissions)
        except (JoseError, ValueError, KeyError, TypeError):
            raise Unauthenticated("this token is not one of ours; sign in again") from None
        known = self._known[token] = _Known(caller, until)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return known

    def _on_commit(self, touched: frozenset[str]) -> None:
        if self._loop is not None and touched & {SCOPE, "*"} and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._refresh_soon)

    def _refresh_soon(self) -> None:
        self._refreshing = asyncio.ensure_future(self.refresh())


def _set(text: str) -> frozenset[str]:
    return frozenset(orjson.loads(text))


def _jwk(key: TokenKey) -> OKPKey:
    return OKPKey.import_key(key.private, {"kid": key.id, "use": "sig", "alg": _ALGORITHM})


def _ensure_key(transaction: Transaction) -> None:
    if transaction.connection.execute(select(token_keys.c.id).limit(1)).first() is None:
        add_key(transaction)


def add_key(transaction: Transaction) -> None:
    """Makes a new key, which signs from now on."""
    private = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    transaction.connection.execute(
        insert(token_keys).values(id=new_id(transaction.now), private=private, created=transaction.now)
    )
    transaction.touched.add(SCOPE)


def _read(connection: Connection) -> tuple[list[TokenKey], list[Device]]:
    keys = connection.execute(
        select(token_keys).where(token_keys.c.retired.is_(None)).order_by(token_keys.c.created)
    )
    paired = connection.execute(select(devices).where(devices.c.paired.is_not(None)))
    return [TokenKey(**row._mapping) for row in keys], [Device(**row._mapping) for row in paired]
