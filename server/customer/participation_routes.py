"""Routes to take part: choose sessions, answer invitations, see who else is there."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from sqlalchemy import Connection

from server.auth.limits import RateLimit
from server.customer import standing
from server.customer.dependencies import PREFIX, Customer, EventId, Holder, account
from server.customer.participation_answers import attendee, participation
from server.customer.participation_schemas import Attendee, Invitation, Participation
from server.db.database import Transaction
from server.events.participants import invitations, service, store
from server.events.participants.schemas import ChoiceIn, ResponseIn
from server.events.participants.store import Participant
from server.wire import Cursor, Db, Id, Limit, Page, cursor_values, next_cursor

router = APIRouter(prefix=PREFIX, tags=["attendees"])

# A whole company may answer from one address.
ANSWER = RateLimit("invitation", "120/minute", "30/minute")
ParticipantId = Annotated[Id, Path(alias="participantId", description="The participation's id.")]
Token = Annotated[str, Path(max_length=100, description="The end of the address that was mailed.")]


@router.get("/participation/mine")
async def mine(caller: Customer, db: Db, limit: Limit = 50, cursor: Cursor = None) -> Page[Participation]:
    """The caller's participations and invitations with the sessions chosen, the latest first. Customers."""
    before = str(cursor_values(cursor, str)[0]) if cursor else None

    def query(connection: Connection) -> Page[Participation]:
        contact = account(connection, caller).contact or ""
        found = store.of_person(connection, caller.org, contact, before, limit + 1)
        return Page[Participation](
            items=[participation(connection, each) for each in found[:limit]],
            next_cursor=next_cursor(found, limit, lambda each: (each.id,)),
        )

    return await db.read(query)


@router.post("/participation/{participantId}/respond")
async def respond(participant_id: ParticipantId, caller: Customer, db: Db, body: ResponseIn) -> Participation:
    """Answers an invitation; whoever accepts may choose sessions at once, all or nothing. Customers.

    Another answer replaces the first. `409`: `participation_state`, `event_state`, `event_over`, and as for
    choosing `session_full`, `sessions_overlap`, `session_over`, with which in `sessions`.
    """

    def job(transaction: Transaction) -> Participation:
        connection = transaction.connection
        contact = account(connection, caller).contact or ""
        found = service.own(connection, caller.org, contact, participant_id)
        return participation(connection, service.respond(transaction, found, body, caller.actor))

    return await db.write(job)


@router.get("/participation/invited/{token}", dependencies=[Depends(ANSWER)])
async def invitation(token: Token, db: Db) -> Invitation:
    """An invitation, for whoever has its link. Public."""
    return await db.read(lambda c: _invitation(c, invitations.by_token(c, token)))


@router.post("/participation/invited/{token}/respond", dependencies=[Depends(ANSWER)])
async def answer(token: Token, request: Request, db: Db, body: ResponseIn) -> Invitation:
    """Answers an invitation by its link, as `respond` does for who has an account. Public."""
    ANSWER.of(request, token)

    def job(transaction: Transaction) -> Invitation:
        found = invitations.by_token(transaction.connection, token, lock=True)
        changed = service.respond(transaction, found, body, f"contact:{found.contact}")
        return _invitation(transaction.connection, changed)

    return await db.write(job)


@router.put("/{eventId}/participation")
async def take_part(event_id: EventId, caller: Holder, db: Db, body: ChoiceIn) -> Participation:
    """Chooses the sessions to be in, all of them anew, all or nothing. Customers with a ticket that lets them
    in, or with an invitation that they accepted; others get `403 not_taking_part`.

    `409`: `session_full`, `sessions_overlap`, `session_over`, with which in `sessions`; `event_state`,
    `event_over`. `422 session_unknown`. A seat that one has is kept, however full its session is.
    """

    def job(transaction: Transaction) -> Participation:
        part = standing.take_part(transaction, caller, event_id, body)
        return participation(transaction.connection, part)

    return await db.write(job)


@router.get("/{eventId}/participants")
async def participants(
    event_id: EventId, caller: Holder, db: Db, limit: Limit = 50, cursor: Cursor = None
) -> Page[Attendee]:
    """Who takes part and lets others know, and no more of them than they let know. Customers who take part
    themselves; others get `403 not_taking_part`."""
    after = str(cursor_values(cursor, str)[0]) if cursor else ""

    def query(connection: Connection) -> Page[Attendee]:
        standing.standing(connection, caller, event_id).check()
        found = store.visible(connection, caller.org, event_id, after, limit + 1)
        chosen = store.chosen(connection, [named.participant.id for named in found])
        return Page[Attendee](
            items=[attendee(named, chosen[named.participant.id]) for named in found[:limit]],
            next_cursor=next_cursor(found, limit, lambda named: (named.participant.id,)),
        )

    return await db.read(query)


def _invitation(connection: Connection, participant: Participant) -> Invitation:
    named = store.named(connection, participant.id)
    return Invitation(participation=participation(connection, participant), name=named.name if named else "")
