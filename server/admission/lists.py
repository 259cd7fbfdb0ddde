"""Check-in lists: made, changed, dropped."""

import orjson
from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from domain import replica
from domain.errors import Conflict, NotFound
from server.activity.record import Changed, record
from server.admission.schemas import ListIn, ListOut, ListPatch, ListSettings
from server.admission.tables import check_in_lists, scans
from server.auth.caller import Caller
from server.db.database import Transaction
from server.events.tables import events
from server.ids import new_id

_L = check_in_lists.c


def list_out(row: RowMapping) -> ListOut:
    settings = ListSettings.model_validate_json(row["settings"])
    return ListOut(id=row["id"], name=row["name"], event=row["event"], **dict(settings))


def require_event(connection: Connection, caller: Caller, event: str) -> None:
    """Raises `NotFound` for an event that is not the caller's."""
    found = connection.execute(select(events.c.id).where(events.c.org == caller.org, events.c.id == event))
    if not caller.covers(f"event:{event}") or found.first() is None:
        raise NotFound("there is no such event")


def all_lists(connection: Connection, caller: Caller, event: str) -> list[ListOut]:
    require_event(connection, caller, event)
    rows = connection.execute(
        select(check_in_lists).where(_L.org == caller.org, _L.event == event).order_by(_L.created, _L.id)
    )
    return [list_out(row._mapping) for row in rows]


def add(transaction: Transaction, caller: Caller, event: str, wanted: ListIn) -> ListOut:
    """Makes a list. Raises `Conflict` where the id is taken."""
    require_event(transaction.connection, caller, event)
    id_ = wanted.id or new_id(transaction.now)
    taken = select(_L.id).where(_L.org == caller.org, _L.id == id_)
    if transaction.connection.execute(taken).first() is not None:
        raise Conflict(f"there is a check-in list {id_!r} already; choose another id", code="id_taken")
    transaction.connection.execute(
        insert(check_in_lists).values(
            org=caller.org, event=event, id=id_, name=wanted.name, settings=_json(wanted),
            created=transaction.now, changed=transaction.now,
        )
    )  # fmt: skip
    _trail(transaction, caller, event, id_, "made")
    return get(transaction.connection, caller, event, id_)


def change(transaction: Transaction, caller: Caller, event: str, id_: str, patch: ListPatch) -> ListOut:
    before = get(transaction.connection, caller, event, id_)
    given = patch.model_dump(exclude_unset=True)
    kept = {name: getattr(before, name) for name in ListSettings.model_fields}
    settings = ListSettings.model_validate({**kept, **{k: v for k, v in given.items() if k != "name"}})
    transaction.connection.execute(
        update(check_in_lists)
        .where(_L.org == caller.org, _L.id == id_)
        .values(name=given.get("name") or before.name, settings=_json(settings), changed=transaction.now)
    )
    _trail(transaction, caller, event, id_, "changed")
    return get(transaction.connection, caller, event, id_)


def drop(transaction: Transaction, caller: Caller, event: str, id_: str) -> None:
    """Deletes a list. Raises `Conflict` once something was scanned on it: its records stay."""
    get(transaction.connection, caller, event, id_)
    used = select(scans.c.op).where(scans.c.org == caller.org, scans.c.event == event, scans.c.list == id_)
    if transaction.connection.execute(used.limit(1)).first() is not None:
        raise Conflict("scans were made on this list, so it stays; rename it instead", code="list_in_use")
    transaction.connection.execute(delete(check_in_lists).where(_L.org == caller.org, _L.id == id_))
    _trail(transaction, caller, event, id_, "deleted", gone=True)


def get(connection: Connection, caller: Caller, event: str, id_: str) -> ListOut:
    require_event(connection, caller, event)
    row = connection.execute(
        select(check_in_lists).where(_L.org == caller.org, _L.event == event, _L.id == id_)
    ).first()
    if row is None:
        raise NotFound("there is no such check-in list")
    return list_out(row._mapping)


def _json(settings: ListSettings) -> str:
    names = set(ListSettings.model_fields)
    return orjson.dumps(settings.model_dump(mode="json", by_alias=True, include=names)).decode()


def _trail(
    transaction: Transaction, caller: Caller, event: str, id_: str, what: str, *, gone: bool = False
) -> None:
    record(
        transaction,
        org=caller.org,
        kind=f"check_in_list.{what}",
        subject=f"check_in_list:{id_}",
        actor=caller.actor,
        changed=[Changed(f"{caller.org}/event:{event}", replica.CHECK_IN_LIST.name, id_, gone)],
    )
