"""`post`: the one way to owe somebody a mail, in the caller's transaction."""

from collections.abc import Mapping

import orjson
from sqlalchemy import bindparam, insert, select

from server.db.database import Transaction
from server.db.locks import lock
from server.db.prepared import Prepared
from server.ids import new_id
from server.messaging.tables import mails

SCOPE = "mail"
"""What a transaction touches that owes somebody a mail."""
_M = mails.c
_HAD = Prepared(select(_M.id).where(_M.org == bindparam("org"), _M.cause == bindparam("cause")))
_ADD = Prepared(insert(mails))


def post(
    transaction: Transaction,
    *,
    org: str,
    kind: str,
    cause: str,
    to: str,
    name: str = "",
    language: str = "en",
    about: Mapping[str, object] | None = None,
    event: str | None = None,
    contact: str | None = None,
) -> bool:
    """Owes a mail, which is composed and sent once this is committed; False where this cause had its mail.

    `kind` names the composer that knows what it says; `about` is what the composer needs, as JSON.
    """
    lock(transaction.connection, f"{org}/mail {cause}")
    if _HAD.first(transaction.connection, org=org, cause=cause) is not None:
        return False
    _ADD.later(
        transaction.connection,
        id=new_id(transaction.now),
        org=org,
        kind=kind,
        cause=cause,
        recipient=to,
        name=name,
        language=language,
        about=orjson.dumps(about or {}).decode(),
        event=event,
        contact=contact,
        due=transaction.now,
        created=transaction.now,
    )
    transaction.touched.add(SCOPE)
    return True
