"""The mails that are owed: taken by one server at a time, and what became of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Row, and_, case, func, null, select, update

from domain.clock import DAY, MINUTE, Instant
from server.activity.record import record
from server.db.database import Transaction
from server.messaging.letters import Owed
from server.messaging.tables import mails

LEASE = 5 * MINUTE
"""For so long nobody else takes a mail; a server that stopped over it is not waited for any longer."""

_M = mails.c
NameOf = Callable[[Connection, str], str]
"""The name of an organisation."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail in hand, until `lease`; this is its try number `tries`."""

    owed: Owed
    tries: int
    lease: Instant


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try. `waiting` is tried again at `due`; of a `secret` nothing is kept at the end."""

    state: Literal["sent", "waiting", "failed", "dropped"]
    trouble: str = ""
    due: Instant | None = None
    subject: str = ""
    text: str = ""
    message: bytes | None = None
    secret: bool = False


def claim(transaction: Transaction, limit: int, name_of: NameOf, base_url: str) -> list[Claimed]:
    """Takes mails that are due and in nobody's hands, those first that wait longest."""
    connection, now = transaction.connection, transaction.now
    rows = connection.execute(
        select(mails)
        .where(_M.state == "waiting", _M.due <= now, _M.claimed <= now)
        .order_by(_M.due, _M.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    lease = Instant(now + LEASE)
    if rows:
        taken = update(mails).where(_M.id.in_([row.id for row in rows]))
        connection.execute(taken.values(claimed=lease, tries=_M.tries + 1))
    names = {org: name_of(connection, org) for org in {row.org for row in rows}}
    return [Claimed(_owed(row, names[row.org], now, base_url), row.tries + 1, lease) for row in rows]


def settle(transaction: Transaction, claimed: Claimed, outcome: Outcome) -> bool:
    """Writes down what became of a mail; False where it is in other hands by now."""
    final = outcome.state != "waiting"
    values: dict[str, Any] = {
        "state": outcome.state,
        "trouble": outcome.trouble,
        "subject": outcome.subject,
        "claimed": 0,
    }
    if outcome.due is not None:
        values["due"] = outcome.due
    if outcome.state == "sent":
        values["sent"] = transaction.now
    if final and outcome.secret:
        values["about"] = "{}"
    elif final:
        values |= {"text": outcome.text, "message": outcome.message}
    if transaction.connection.execute(_mine(claimed).values(values)).rowcount == 0:
        return False
    if outcome.state in ("sent", "failed"):
        _record(transaction, claimed.owed, outcome)
    return True


def release(transaction: Transaction, claimed: Sequence[Claimed]) -> None:
    """Gives back mails that were not tried."""
    for each in claimed:
        transaction.connection.execute(_mine(each).values(claimed=0, tries=_M.tries - 1))


def next_due(connection: Connection) -> Instant | None:
    """When the next mail is to be tried; None while nothing waits."""
    free = case((_M.claimed > _M.due, _M.claimed), else_=_M.due)
    found = connection.execute(select(func.min(free)).where(_M.state == "waiting")).scalar()
    return None if found is None else Instant(found)


def forget(transaction: Transaction, days: int) -> None:
    """Drops the mails of so many days ago as they went out; what they said in plain text stays."""
    old = and_(_M.state != "waiting", _M.message.is_not(None), _M.created < transaction.now - days * DAY)
    transaction.connection.execute(update(mails).where(old).values(message=null()))


def _mine(claimed: Claimed) -> Any:
    mine = and_(_M.id == claimed.owed.id, _M.state == "waiting", _M.claimed == claimed.lease)
    return update(mails).where(mine)


def _owed(row: Row[Any], organization: str, now: Instant, base_url: str) -> Owed:
    return Owed(
        id=row.id,
        org=row.org,
        organization=organization,
        kind=row.kind,
        to=row.recipient,
        name=row.name,
        language=row.language,
        about=orjson.loads(row.about),
        event=row.event,
        contact=row.contact,
        now=now,
        base_url=base_url,
    )


def _record(transaction: Transaction, owed: Owed, outcome: Outcome) -> None:
    data = {"kind": owed.kind, "subject": outcome.subject}
    if outcome.trouble:
        data["trouble"] = outcome.trouble
    record(
        transaction,
        org=owed.org,
        kind=f"mail.{outcome.state}",
        subject=f"mail:{owed.id}",
        actor="system",
        data=data,
        contact=owed.contact,
    )
