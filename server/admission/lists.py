"""Check-in lists: made, changed, dropped."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, delete, insert, select, tuple_, update

from domain import replica
from domain.errors import Conflict, FieldError, Invalid, NotFound
from server.activity.record import Changed, record
from server.admission.schemas import ListIn, ListOut, ListPatch, ListSettings
from server.admission.tables import check_in_lists, scans
from server.auth.caller import Caller
from server.db.constraints import held
from server.db.database import Transaction
from server.events.tables import events
from server.ids import new_id
from server.ticketing.tables import ticket_types

_L = check_in_lists.c


def require_event(connection: Connection, caller: Caller, event: str) -> None:
    """Raises `NotFound` for an event that is not the caller's."""
    found = connection.execute(select(events.c.id).where(events.c.org == caller.org, events.c.id == event))
    if not caller.covers(f"event:{event}") or found.first() is None:
        raise NotFound("there is no such event")


def listed(
    connection: Connection,
    caller: Caller,
    event: str,
    after: tuple[int, str] | None = None,
    limit: int | None = None,
) -> list[ListOut]:
    """The lists of an event, the oldest first; all of them without a limit."""
    require_event(connection, caller, event)
    asked = select(check_in_lists).where(_L.org == caller.org, _L.event == event)
    if after is not None:
        asked = asked.where(tuple_(_L.created, _L.id) > tuple_(*after))
    rows = connection.execute(asked.order_by(_L.created, _L.id).limit(limit))
    return [_list_out(row._mapping) for row in rows]


def get(connection: Connection, caller: Caller, event: str, id_: str, *, lock: bool = False) -> ListOut:
    require_event(connection, caller, event)
    asked = select(check_in_lists).where(_L.org == caller.org, _L.event == event, _L.id == id_)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    if row is None:
        raise NotFound("there is no such check-in list")
    return _list_out(row._mapping)


def add(transaction: Transaction, caller: Caller, event: str, wanted: ListIn) -> ListOut:
    """Makes a list. Raises `Conflict` where the id is taken, `Invalid` for what admits nobody."""
    require_event(transaction.connection, caller, event)
    _check(transaction.connection, caller, event, wanted, wanted.types)
    id_ = wanted.id or new_id(transaction.now)
    with held(f"there is a check-in list {id_!r} already; choose another id", "id_taken"):
        transaction.connection.execute(
            insert(check_in_lists).values(
                org=caller.org, event=event, id=id_, name=wanted.name, settings=_json(wanted),
                created=transaction.now, changed=transaction.now,
            )
        )  # fmt: skip
    _trail(transaction, caller, event, id_, "made")
    return get(transaction.connection, caller, event, id_)


def change(transaction: Transaction, caller: Caller, before: ListOut, patch: ListPatch) -> ListOut:
    """Changes what is given. Raises `Invalid` for what admits nobody."""
    given = {name: getattr(patch, name) for name in patch.model_fields_set if name != "name" or patch.name}
    changed = before.model_copy(update=given)
    _check(transaction.connection, caller, before.event, changed, given.get("types", ()))
    transaction.connection.execute(
        update(check_in_lists)
        .where(_L.org == caller.org, _L.id == before.id)
        .values(name=changed.name, settings=_json(changed), changed=transaction.now)
    )
    said = patch.model_dump(mode="json", by_alias=True, exclude_unset=True)
    _trail(transaction, caller, before.event, before.id, "changed", said)
    return get(transaction.connection, caller, before.event, before.id)


def drop(transaction: Transaction, caller: Caller, event: str, id_: str) -> None:
    """Deletes a list. Raises `Conflict` once something was scanned on it: its records stay."""
    get(transaction.connection, caller, event, id_, lock=True)
    used = select(scans.c.op).where(scans.c.org == caller.org, scans.c.event == event, scans.c.list == id_)
    if transaction.connection.execute(used.limit(1)).first() is not None:
        raise Conflict("scans were made on this list, so it stays; rename it instead", code="list_in_use")
    transaction.connection.execute(delete(check_in_lists).where(_L.org == caller.org, _L.id == id_))
    _trail(transaction, caller, event, id_, "deleted", gone=True)


def _check(
    connection: Connection, caller: Caller, event: str, settings: ListSettings, types: Sequence[str]
) -> None:
    """Raises `Invalid` for a list that would admit nobody, by its times or by `types` that are not there."""
    since, until = settings.valid_from, settings.valid_until
    if since is not None and until is not None and until <= since:
        message = "a list ends to be valid after it begins to"
        raise Invalid(message, errors=[FieldError(("body", "validUntil"), message)])
    there = select(ticket_types.c.id).where(ticket_types.c.org == caller.org, ticket_types.c.event == event)
    known = set(connection.execute(there).scalars()) if types else set()
    unknown = [FieldError(("body", "types", n), f"there is no ticket type {type_!r} in this event")
               for n, type_ in enumerate(types) if type_ not in known]  # fmt: skip
    if unknown:
        raise Invalid(unknown[0].msg, errors=unknown)


def _list_out(row: RowMapping) -> ListOut:
    settings = ListSettings.model_validate_json(row["settings"])
    return ListOut(
        id=row["id"], name=row["name"], event=row["event"], created=row["created"], **dict(settings)
    )


def _json(settings: ListSettings) -> str:
    names = set(ListSettings.model_fields)
    return orjson.dumps(settings.model_dump(mode="json", by_alias=True, include=names)).decode()


def _trail(
    transaction: Transaction,
    caller: Caller,
    event: str,
    id_: str,
    what: str,
    data: Mapping[str, Any] | None = None,
    *,
    gone: bool = False,
) -> None:
    record(
        transaction,
        org=caller.org,
        kind=f"check_in_list.{what}",
        subject=f"check_in_list:{id_}",
        actor=caller.actor,
        data=data,
        changed=[Changed(f"{caller.org}/event:{event}", replica.CHECK_IN_LIST.name, id_, gone)],
    )
