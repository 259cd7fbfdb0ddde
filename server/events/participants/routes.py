"""Routes of invitations: `/api/organizations/{orgId}/events/{eventId}/invitations`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from sqlalchemy import Connection

from server.auth.staff_routes import organization
from server.db.database import Transaction
from server.events.participants import invitations, store
from server.events.participants.invitations import invitation_of, shown
from server.events.participants.schemas import InvitationOut, InvitationsIn, InvitationsOut
from server.events.participants.states import State
from server.events.participants.store import Named
from server.events.routes import EventId, Organiser
from server.events.service import event_of
from server.wire import Cursor, Db, Id, Limit, Page, cursor_values, next_cursor

router = APIRouter(
    prefix="/api/organizations/{orgId}/events/{eventId}/invitations",
    tags=["events"],
    dependencies=[Depends(organization)],
)

InvitationId = Annotated[Id, Path(alias="invitationId", description="The participant's id.")]


@router.get("")
async def listed(
    event_id: EventId,
    caller: Organiser,
    database: Db,
    state: State | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[InvitationOut]:
    """Who was invited and what they answered, in the order in which they were. Staff `events`."""
    after = str(cursor_values(cursor, str)[0]) if cursor else ""

    def query(connection: Connection) -> list[Named]:
        event_of(connection, caller.org, event_id)
        return store.invited(connection, caller.org, event_id, state, after, limit + 1)

    found = await database.read(query)
    return Page[InvitationOut](
        items=[shown(named) for named in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda named: (named.participant.id,)),
    )


@router.post("", status_code=201)
async def invite(event_id: EventId, caller: Organiser, database: Db, body: InvitationsIn) -> InvitationsOut:
    """Invites addresses and contacts, all or none; each gets a mail with a link. Staff `events`.

    Who was invited already or takes part gets no second mail. `409 event_state` unless the event is
    published, `409 event_over`.
    """
    items = await database.write(
        lambda t: invitations.invite(t, caller.org, event_id, caller.actor, body.emails, body.contacts)
    )
    return InvitationsOut(items=items)


@router.post("/{invitationId}/remind")
async def remind(
    event_id: EventId, invitation_id: InvitationId, caller: Organiser, database: Db
) -> InvitationOut:
    """Mails an invitation again that was not answered. Staff `events`."""

    def job(transaction: Transaction) -> InvitationOut:
        connection = transaction.connection
        found = invitation_of(connection, caller.org, event_id, invitation_id)
        return _shown(connection, invitations.remind(transaction, found).id)

    return await database.write(job)


@router.delete("/{invitationId}", status_code=204)
async def withdraw(event_id: EventId, invitation_id: InvitationId, caller: Organiser, database: Db) -> None:
    """Takes an invitation back, whatever was answered: its link and its seats are gone. Staff `events`."""

    def job(transaction: Transaction) -> None:
        found = invitation_of(transaction.connection, caller.org, event_id, invitation_id)
        invitations.withdraw(transaction, found, caller.actor)

    await database.write(job)


def _shown(connection: Connection, id_: str) -> InvitationOut:
    named = store.named(connection, id_)
    assert named is not None
    return shown(named)
