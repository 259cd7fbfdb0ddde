"""`record`: the one way to write down that something happened, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import bindparam, insert

from server.activity.tables import activities
from server.activity.tables import changes as change_log
from server.db.database import Transaction
from server.db.locks import lock_all
from server.db.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Changed:
    """A row of a replica table that changed (`gone`: that is no more) within a scope."""

    scope: str
    table: str
    key: str
    gone: bool = False


_ACTIVITY = Prepared(
    insert(activities).values(
        {name: bindparam(name) for name in ("org", "at", "kind", "subject", "actor", "data", "contact")}
    )
)
_CHANGE = Prepared(
    insert(change_log).values({name: bindparam(name) for name in ("scope", "name", "key", "gone", "at")})
)
# Below this, a statement each is quicker than the driver's way for many.
_FEW = 8


def record(
    transaction: Transaction,
    *,
    org: str,
    kind: str,
    subject: str,
    actor: str,
    data: Mapping[str, object] | None = None,
    changed: Sequence[Changed] = (),
    contact: str | None = None,
) -> None:
    """Writes one activity and the changes of synced records that it made; a line in a contact's timeline.

    `kind` is `noun.past_participle`, `subject` is `noun:id`, `actor` is `staff:id`, `device:id`,
    `customer:id` or `system`. `data` must be JSON, without secrets.
    """
    _ACTIVITY.later(
        transaction.connection,
        org=org,
        at=transaction.now,
        kind=kind,
        subject=subject,
        actor=actor,
        data=orjson.dumps(data or {}).decode(),
        contact=contact,
    )
    changes(transaction, changed)


def changes(transaction: Transaction, changed: Sequence[Changed]) -> None:
    """Adds to the change log, which is written at the end of the transaction."""
    if changed and not transaction.changes:
        transaction.at_end.append(_write_changes)
    for change in changed:
        transaction.changes.append((change.scope, change.table, change.key, change.gone))
        transaction.touched.add(change.scope)


def _write_changes(transaction: Transaction) -> None:
    """Writes the change log as the last thing before the commit.

    On PostgreSQL a lock per scope, held until the commit, makes sequences of one scope commit in
    order, so that no reader can pass a row that commits late. Sorted, so that no two writers wait for
    each other.
    """
    lock_all(transaction.connection, (change[0] for change in transaction.changes))
    written = dict.fromkeys(transaction.changes)
    rows = (
        {"scope": scope, "name": table, "key": key, "gone": gone, "at": transaction.now}
        for scope, table, key, gone in written
    )
    if len(written) > _FEW:
        _CHANGE.many(transaction.connection, rows)
        return
    for row in rows:
        _CHANGE.later(transaction.connection, **row)
