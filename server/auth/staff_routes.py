"""Routes of an organisation's staff and of its trail of activity."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from server.activity import trail
from server.activity.tables import activities
from server.activity.trail import ActivityOut
from server.auth import staff_service, store
from server.auth.caller import Allow, Caller
from server.auth.passwords import generated
from server.auth.routes import AccessOf, PasswordsOf
from server.auth.schemas import StaffIn, StaffMade, StaffOut, StaffPatch
from server.auth.staff_service import shown
from server.db.database import Transaction
from server.etags import IfMatch, check, tag
from server.wire import Cursor, Db, Id, Limit, Page, Text, cursor_values, next_cursor

Admin = Annotated[Caller, Depends(Allow(staff="admin"))]


def organization(_org: Annotated[Id, Path(alias="orgId", description="The organisation's id.")]) -> None:
    """Names the organisation in the documentation; `Allow` compares it with the caller's."""


router = APIRouter(
    prefix="/api/organizations/{orgId}", tags=["organization"], dependencies=[Depends(organization)]
)


@router.get("/staff")
async def people(caller: Admin, database: Db, limit: Limit = 50, cursor: Cursor = None) -> Page[StaffOut]:
    """The staff, in the order of their ids. Staff `admin`."""
    after = str(cursor_values(cursor, str)[0]) if cursor else ""
    found = await database.read(lambda c: store.people(c, caller.org, after, limit + 1))
    return Page[StaffOut](
        items=[shown(person) for person in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda person: (person.id,)),
    )


@router.post("/staff", status_code=201)
async def add(
    caller: Admin, database: Db, passwords: PasswordsOf, access: AccessOf, response: Response, new: StaffIn
) -> StaffMade:
    """Adds somebody. Without a password one is made, and answered this once. Staff `admin`."""
    password = new.password or generated()
    digest = await passwords.digest(password)
    person = await database.write(
        lambda transaction: staff_service.add_person(transaction, caller.org, caller.actor, new, digest)
    )
    await access.refresh()
    record = shown(person)
    tag(response, record)
    return StaffMade(**record.model_dump(), password=None if new.password else password)


@router.patch("/staff/{id}")
async def change(
    id: Id,
    caller: Admin,
    database: Db,
    passwords: PasswordsOf,
    access: AccessOf,
    response: Response,
    patch: StaffPatch,
    if_match: IfMatch = None,
) -> StaffOut:
    """Changes a name, permissions or password, or closes an account at once. Staff `admin`."""
    fields = patch.given()
    if patch.password is not None:
        fields["password"] = await passwords.digest(patch.password)

    def job(transaction: Transaction) -> StaffOut:
        person = staff_service.person_of(transaction.connection, caller.org, id)
        check(if_match, shown(person))
        return shown(staff_service.change_person(transaction, person, caller.actor, fields))

    record = await database.write(job)
    await access.refresh()
    tag(response, record)
    return record


@router.get("/audit")
async def audit(
    caller: Admin, database: Db, subject: Text | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[ActivityOut]:
    """The trail of activity, the newest first: who did what, and when. Staff `admin`.

    `subject` keeps what happened to one record, such as `device:01j…`.
    """
    wanted = [activities.c.org == caller.org]
    if subject is not None:
        wanted.append(activities.c.subject == subject)
    return await database.read(lambda c: trail.page(c, wanted, limit, cursor))
