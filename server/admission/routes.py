"""Routes of the door: `/api/events/check-in` and what belongs to it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from domain.clock import Instant
from domain.errors import NotFound
from domain.ids import OpId
from domain.ticket import perks_left
from server.admission import lists, perks, reports, service
from server.admission.answers import verdict_out
from server.admission.schemas import (
    CheckIn,
    CheckInById,
    Figures,
    Found,
    ListIn,
    ListOut,
    ListPatch,
    PerkIn,
    PerkOut,
    ScanOut,
    Undo,
    UndoOut,
    VerdictOut,
)
from server.admission.store import DoorStore
from server.auth.caller import Allow, Caller
from server.db.database import Transaction
from server.ids import new_id
from server.operations import take_turns
from server.wire import Cursor, Db, Id, Limit, Now, Page

router = APIRouter(prefix="/api/events", tags=["door"])

AtTheDoor = Annotated[Caller, Depends(Allow(staff="door", modes={"door"}))]
Organiser = Annotated[Caller, Depends(Allow(staff="events"))]
Watcher = Annotated[Caller, Depends(Allow(staff="door", modes={"door", "display"}))]


@router.post("/check-in", response_model=VerdictOut)
async def check_in(scan: CheckIn, caller: AtTheDoor, db: Db, now: Now) -> Response:
    """Decides one scan. Staff with `door`, devices of the door.

    The same `opId` again answers as the first time and records nothing new. With `simulate` nothing is
    recorded. `ask` is answered by sending the scan again, with the answers.
    """
    request = service.Request(
        op=scan.op_id,
        at=_scan_time(scan.scanned_at, now()),
        lists=scan.lists,
        code=scan.code,
        direction=scan.direction,
        gate=scan.gate or caller.gate,
        force=scan.force,
        simulate=scan.simulate,
        answers=scan.answers,
        confirmed=scan.confirmed,
        confirmed_unpaid=scan.confirm_unpaid,
    )
    outcome = await db.write(lambda transaction: service.check_in(transaction, caller, request))
    return Response(verdict_out(outcome).model_dump_json(by_alias=True), media_type="application/json")


@router.post("/check-in/{ticketId}")
async def check_in_by_id(ticketId: Id, scan: CheckInById, caller: AtTheDoor, db: Db, now: Now) -> VerdictOut:  # noqa: N803
    """Admits one ticket by its id, as found by search. Staff with `door`, devices of the door.

    Without `lists`, on all lists of the ticket's event.
    """
    at = _scan_time(scan.scanned_at, now())
    op = scan.op_id or new_id(at)

    def job(transaction: Transaction) -> service.Outcome:
        # In the order in which everybody takes them: the operation, then its tickets.
        take_turns(transaction.connection, caller.org, [op])
        ticket = DoorStore(transaction.connection, caller.org).by_id(ticketId)
        if ticket is None or not caller.covers(f"event:{ticket.event}"):
            raise NotFound("there is no such ticket")
        every = [list_.id for list_ in lists.all_lists(transaction.connection, caller, ticket.event)]
        request = service.Request(
            op=op,
            at=at,
            lists=scan.lists or every,
            ticket=ticketId,
            direction=scan.direction,
            gate=scan.gate or caller.gate,
            force=scan.force,
            simulate=scan.simulate,
            answers=scan.answers,
            confirmed=scan.confirmed,
            confirmed_unpaid=scan.confirm_unpaid,
        )
        return service.check_in(transaction, caller, request)

    return verdict_out(await db.write(job))


@router.post("/check-in/{opId}/undo")
async def undo(opId: Id, body: Undo, caller: AtTheDoor, db: Db, now: Now) -> UndoOut:  # noqa: N803
    """Takes an admission back; the history keeps both. Staff with `door`, devices of the door."""
    at = _scan_time(body.at, now())
    new = body.op_id or new_id(at)
    done = await db.write(
        lambda transaction: service.undo(transaction, caller, opId, new, at, body.reason, offline=False)
    )
    return UndoOut(op_id=new, undoes=opId, at=done)


@router.post("/check-in/{ticketId}/perks")
async def redeem(ticketId: Id, body: PerkIn, caller: AtTheDoor, db: Db, now: Now) -> PerkOut:  # noqa: N803
    """Hands out a perk of a ticket, once. Staff with `door`, devices of the door.

    The same `opId` again answers as the first time. `409 perk_redeemed` says when it was handed out, and
    where; `409 ticket_state` for a ticket that is void.
    """
    at, op = _scan_time(body.at, now()), OpId(body.op_id)
    done = await db.write(lambda t: perks.redeem(t, caller, ticketId, body.perk, op, at))
    return PerkOut(
        op_id=op,
        ticket_id=ticketId,
        perk=done.handed.perk,
        at=done.handed.at,
        left=list(perks_left(done.ticket.perks, done.ticket.redeemed)),
        redeemed=list(done.ticket.redeemed),
        duplicate=done.duplicate,
    )


@router.get("/{eventId}/check-in/search")
async def search(
    eventId: Id,  # noqa: N803
    q: Annotated[str, Query(min_length=3, max_length=200)],
    caller: AtTheDoor,
    db: Db,
    limit: Limit = 50,
) -> Page[Found]:
    """Tickets by the beginnings of words of name, e-mail, order number. Staff with `door`, devices."""
    return await db.read(lambda connection: reports.search(connection, caller, eventId, q, limit))


@router.get("/{eventId}/check-in/stats")
async def stats(eventId: Id, caller: Watcher, db: Db, now: Now) -> Figures:  # noqa: N803
    """Figures of the door, list by list. Staff with `door`, devices."""
    return await db.read(lambda connection: reports.figures(connection, caller, eventId, now()))


@router.get("/{eventId}/check-in/history", response_model=Page[ScanOut])
async def history(
    eventId: Id,  # noqa: N803
    request: Request,
    caller: Annotated[Caller, Depends(Allow(staff="door"))],
    db: Db,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ScanOut] | Response:
    """Every scan, granted or refused, newest first; with `Accept: text/csv` all of them as CSV. Staff."""
    if "text/csv" in request.headers.get("accept", ""):
        lines = await db.read(lambda c: list(reports.history_csv(c, caller, eventId)))
        return StreamingResponse(iter(lines), media_type="text/csv; charset=utf-8")
    return await db.read(lambda connection: reports.history(connection, caller, eventId, limit, cursor))


@router.get("/{eventId}/check-in/lists")
async def get_lists(eventId: Id, caller: AtTheDoor, db: Db) -> Page[ListOut]:  # noqa: N803
    """The check-in lists of an event. Staff with `door`, devices."""
    return Page(items=await db.read(lambda connection: lists.all_lists(connection, caller, eventId)))


@router.post("/{eventId}/check-in/lists", status_code=201)
async def add_list(eventId: Id, body: ListIn, caller: Organiser, db: Db) -> ListOut:  # noqa: N803
    """Makes a check-in list. Staff with `events`."""
    return await db.write(lambda transaction: lists.add(transaction, caller, eventId, body))


@router.patch("/{eventId}/check-in/lists/{listId}")
async def change_list(eventId: Id, listId: Id, body: ListPatch, caller: Organiser, db: Db) -> ListOut:  # noqa: N803
    """Changes what a check-in list admits. Staff with `events`."""
    return await db.write(lambda transaction: lists.change(transaction, caller, eventId, listId, body))


@router.delete("/{eventId}/check-in/lists/{listId}", status_code=204)
async def drop_list(eventId: Id, listId: Id, caller: Organiser, db: Db) -> None:  # noqa: N803
    """Deletes a check-in list on which nothing was scanned. Staff with `events`."""
    await db.write(lambda transaction: lists.drop(transaction, caller, eventId, listId))


def _scan_time(given: Instant | None, now: Instant) -> Instant:
    """The scanner's own time, unless its clock runs ahead."""
    return now if given is None else min(given, now)
