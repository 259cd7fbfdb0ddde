"""Signing and verifying an organisation's ticket codes; the layout is `domain.ticket_code`'s.

A code is stored nowhere. Ed25519 signs the same bytes to the same signature, so that a code is made
again when somebody asks for it; the ticket's digest tells which key had signed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, bindparam, func, insert, select

from domain import ticket_code
from domain.clock import Instant
from domain.errors import Conflict, NotFound
from domain.ticket_code import TicketCode, Verify
from server.activity import record
from server.activity.record import Changed
from server.auth.tables import organizations
from server.db.database import Transaction
from server.db.locks import lock
from server.db.prepared import Prepared
from server.events.tables import events
from server.ticketing.tables import ticket_keys


@dataclass(frozen=True, slots=True)
class Printed:
    """What a ticket's code says but for the key: numbers, generation, validity; `foreign` in its place
    where another system made the code."""

    event: int
    ticket: int
    type: int
    generation: int = 0
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    foreign: str | None = None


@dataclass(frozen=True, slots=True)
class SigningKey:
    number: int
    private: bytes

    def code(self, printed: Printed) -> str:
        """The text of a signed code. Raises `ValueError` for a number outside 0 to 2³²-1."""
        said = TicketCode(
            self.number,
            printed.event,
            printed.ticket,
            printed.type,
            printed.generation,
            printed.valid_from,
            printed.valid_until,
        )
        return ticket_code.encode(said, _private(self.private).sign)


_PUBLIC = Prepared(
    select(ticket_keys.c.number, ticket_keys.c.public).where(ticket_keys.c.org == bindparam("org"))
)


def signing_keys(connection: Connection, org: str) -> tuple[SigningKey, ...]:
    """The organisation's keys, the newest first; empty before its first ticket."""
    rows = connection.execute(
        select(ticket_keys.c.number, ticket_keys.c.private)
        .where(ticket_keys.c.org == org)
        .order_by(ticket_keys.c.number.desc())
    )
    return tuple(SigningKey(row.number, row.private) for row in rows)


def ticket_code_of(keys: Sequence[SigningKey], printed: Printed, digest: bytes) -> str:
    """The code whose digest is `digest`. Raises `Conflict` where the key that signed it is gone."""
    if printed.foreign is not None:
        return printed.foreign
    for key in keys:
        code = key.code(printed)
        if ticket_code.digest(code) == digest:
            return code
    raise Conflict(
        "the key that signed this ticket's code is not here: reissue the ticket", code="ticket_key_missing"
    )


def verify(connection: Connection, org: str) -> Verify:
    """Whether a key of the organisation signed a message, None for a key that it does not have; holds
    the public keys as they are now."""
    public = {number: bytes(key) for number, key in _PUBLIC.rows(connection, org=org)}

    def verified(number: int, message: bytes, signature: bytes) -> bool | None:
        key = public.get(number)
        return None if key is None else _signed(key, message, signature)

    return verified


def present_key(transaction: Transaction, org: str, actor: str) -> SigningKey:
    """The key that signs now; made where the organisation has none yet."""
    return _newest(transaction.connection, org) or _first(transaction, org, actor)


def rotate(transaction: Transaction, org: str, actor: str) -> int:
    """Makes a new key, which signs from now on; codes signed before stay good. Returns its number."""
    _lock(transaction.connection, org)
    return _add(transaction, org, actor).number


def _newest(connection: Connection, org: str) -> SigningKey | None:
    return next(iter(signing_keys(connection, org)), None)


def _first(transaction: Transaction, org: str, actor: str) -> SigningKey:
    _lock(transaction.connection, org)
    return _newest(transaction.connection, org) or _add(transaction, org, actor)


def _lock(connection: Connection, org: str) -> None:
    found = connection.execute(
        select(organizations.c.id).where(organizations.c.id == org).with_for_update()
    ).first()
    if found is None:
        raise NotFound("there is no such organisation")


def _add(transaction: Transaction, org: str, actor: str) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    number = _next_number(transaction.connection)
    key = SigningKey(number, private.private_bytes_raw())
    public = private.public_key().public_bytes_raw()
    transaction.connection.execute(
        insert(ticket_keys).values(
            org=org, number=number, private=key.private, public=public, created=transaction.now
        )
    )
    scopes = transaction.connection.execute(select(events.c.id).where(events.c.org == org)).scalars()
    record.record(
        transaction,
        org=org,
        kind="ticket_key.made",
        subject=f"ticket_key:{number}",
        actor=actor,
        changed=[Changed(f"{org}/event:{event}", "ticket_key", str(number)) for event in scopes],
    )
    return key


def _next_number(connection: Connection) -> int:
    """The number after the highest of all organisations."""
    lock(connection, "ticket_key")
    highest = connection.execute(select(func.max(ticket_keys.c.number))).scalar()
    return 1 if highest is None else int(highest) + 1


@lru_cache(maxsize=256)
def _private(raw: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(raw)


def _signed(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        _public(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=1024)
def _public(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)
