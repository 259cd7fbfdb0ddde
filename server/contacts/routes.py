"""Routes of the contact book."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy import ColumnElement, Connection, or_, select

from domain.errors import NotFound
from domain.ids import ID_PATTERN
from server.activity import trail
from server.activity.tables import activities
from server.activity.trail import ActivityOut
from server.auth.caller import Allow, Caller
from server.contacts.tables import contacts
from server.wire import Cursor, Db, Limit, Page

router = APIRouter(prefix="/api/crm/contacts", tags=["contacts"])

NearPeople = Annotated[Caller, Depends(Allow(staff=("support", "events", "desk")))]
PathId = Annotated[str, Path(alias="id", pattern=ID_PATTERN)]
Kind = Annotated[str, Query(pattern=r"^[a-z_]+(\.[a-z_]+)?$", max_length=64)]
_A, _C = activities.c, contacts.c


@router.get("/{id}/timeline")
async def timeline(
    id_: PathId,
    caller: NearPeople,
    db: Db,
    kind: Annotated[list[Kind], Query(max_length=20)] = [],  # noqa: B006
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ActivityOut]:
    """All that happened with a contact, the newest first. Staff `support`, `events` or `desk`.

    `kind` keeps some kinds, such as `ticket.checked_in` or `appointment_moved`, or all about a noun, such as
    `ticket` or `appointment`; it may be repeated.
    """
    wanted = [_A.contact == id_]
    if kind:
        wanted.append(or_(*(_is(one) for one in kind)))

    def query(connection: Connection) -> Page[ActivityOut]:
        known = select(_C.id).where(_C.org == caller.org, _C.id == id_)
        if connection.execute(known).first() is None:
            raise NotFound("there is no such contact")
        return trail.page(connection, wanted, limit, cursor)

    return await db.read(query)


def _is(kind: str) -> ColumnElement[bool]:
    """That kind; of a noun all its kinds, `ticket.issued` as well as `appointment_moved`, but of `ticket`
    none of `ticket_type`."""
    if "." in kind:
        return _A.kind == kind
    told = _A.kind.startswith(f"{kind}_", autoescape=True) & ~_A.kind.contains(".")
    return (_A.kind == kind) | _A.kind.startswith(f"{kind}.", autoescape=True) | told
