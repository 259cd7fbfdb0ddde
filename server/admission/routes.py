"""Routes of the door: `/api/events/check-in` and what belongs to it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import StreamingResponse

from domain.clock import Instant
from domain.errors import NotFound
from domain.ids import OpId
from domain.ticket import perks_left
from server.admission import history as past
from server.admission import lists, perks, service
from server.admission import search as looking
from server.admission.answers import verdict_out
from server.admission.figures import figures
from server.admission.request import Request
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
from server.admission.service import Outcome
from server.auth.caller import Allow, Caller
from server.db.database import Transaction
from server.direct import DirectRoute
from server.etags import IfMatch, check, tag
from server.ids import new_id
from server.wire import Cursor, Db, Id, Limit, Now, Page, cursor_values, next_cursor

router = APIRouter(prefix="/api/events", tags=["door"])

_READERS = ("door", "events")
AtTheDoor = Annotated[Caller, Depends(Allow(staff="door", modes={"door"}))]
Organiser = Annotated[Caller, Depends(Allow(staff="events"))]
Reader = Annotated[Caller, Depends(Allow(staff=_READERS, modes={"door"}))]
Watcher = Annotated[Caller, Depends(Allow(staff=_READERS, modes={"door", "display"}))]
Auditor = Annotated[Caller, Depends(Allow(staff=_READERS))]


async def check_in(scan: CheckIn, caller: AtTheDoor, db: Db, now: Now) -> Response:
    """Decides one scan. Staff with `door`, devices of the door.

    The same `opId` again answers as the first time and records nothing new. With `simulate` nothing is
    recorded. `ask` is answered by sending the scan again, with the answers.
    """
    request = Request(
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
    verdict = _told(await db.write(lambda transaction: service.check_in(transaction, caller, request)))
    return Response(verdict.model_dump_json(by_alias=True), media_type="application/json")


router.add_api_route(
    "/check-in", check_in, methods=["POST"], response_model=VerdictOut, route_class_override=DirectRoute
)


@router.post("/check-in/{ticketId}")
async def check_in_by_id(
    ticketId: Id,  # noqa: N803
    caller: AtTheDoor,
    db: Db,
    now: Now,
    scan: CheckInById | None = None,
) -> VerdictOut:
    """Admits one ticket by its id, as found by search. Staff with `door`, devices of the door.

    Without `lists`, on all lists of the ticket's event; for a device with lists of its own on those.
    """
    scan = scan or CheckInById()
    at = _scan_time(scan.scanned_at, now())
    request = Request(
        op=scan.op_id or new_id(at),
        at=at,
        lists=scan.lists,
        ticket=ticketId,
        direction=scan.direction,
        gate=scan.gate or caller.gate,
        force=scan.force,
        simulate=scan.simulate,
        answers=scan.answers,
        confirmed=scan.confirmed,
        confirmed_unpaid=scan.confirm_unpaid,
    )
    return _told(await db.write(lambda transaction: service.check_in(transaction, caller, request)))


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
    now: Now,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Found]:
    """Tickets by the beginnings of words of name, e-mail, order number, or of the code. Staff with `door`,
    devices of the door."""
    at = now()
    return await db.read(lambda c: looking.search(c, caller, eventId, q, limit, cursor, at))


@router.get("/{eventId}/check-in/stats")
async def stats(eventId: Id, caller: Watcher, db: Db, now: Now) -> Figures:  # noqa: N803
    """Figures of the door, list by list. Staff with `door` or `events`, devices of door and display."""
    at = now()
    return await db.read(lambda connection: figures(connection, caller, eventId, at))


@router.get(
    "/{eventId}/check-in/history",
    response_model=Page[ScanOut],
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def history(
    eventId: Id,  # noqa: N803
    caller: Auditor,
    db: Db,
    accept: Annotated[str, Header()] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ScanOut] | Response:
    """Every scan, granted or refused, the newest first; with `Accept: text/csv` all of them as CSV, the
    oldest first. Staff with `door` or `events`."""
    if "text/csv" in accept:
        lines = await db.read(lambda c: list(past.history_csv(c, caller, eventId)))
        headers = {"Content-Disposition": f'attachment; filename="check-in-{eventId}.csv"'}
        return StreamingResponse(iter(lines), media_type="text/csv; charset=utf-8", headers=headers)
    return await db.read(lambda connection: past.history(connection, caller, eventId, limit, cursor))


@router.get("/{eventId}/check-in/lists")
async def get_lists(
    eventId: Id,  # noqa: N803
    caller: Reader,
    db: Db,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ListOut]:
    """The check-in lists of an event, the oldest first. Staff with `door` or `events`, devices at doors."""
    values = cursor_values(cursor, int, str) if cursor else None
    after = (int(values[0]), str(values[1])) if values else None
    found = await db.read(lambda connection: lists.listed(connection, caller, eventId, after, limit + 1))
    return Page[ListOut](
        items=found[:limit],
        next_cursor=next_cursor(found, limit, lambda list_: (list_.created, list_.id)),
    )


@router.post("/{eventId}/check-in/lists", status_code=201)
async def add_list(eventId: Id, body: ListIn, caller: Organiser, db: Db, response: Response) -> ListOut:  # noqa: N803
    """Makes a check-in list. A client may choose the id. Staff with `events`."""
    made = await db.write(lambda transaction: lists.add(transaction, caller, eventId, body))
    tag(response, made)
    return made


@router.get("/{eventId}/check-in/lists/{listId}")
async def one_list(eventId: Id, listId: Id, caller: Reader, db: Db, response: Response) -> ListOut:  # noqa: N803
    """One check-in list. Staff with `door` or `events`, devices of the door."""
    found = await db.read(lambda connection: lists.get(connection, caller, eventId, listId))
    tag(response, found)
    return found


@router.patch("/{eventId}/check-in/lists/{listId}")
async def change_list(
    eventId: Id,  # noqa: N803
    listId: Id,  # noqa: N803
    body: ListPatch,
    caller: Organiser,
    db: Db,
    response: Response,
    if_match: IfMatch = None,
) -> ListOut:
    """Changes what a check-in list admits. Staff with `events`."""

    def job(transaction: Transaction) -> ListOut:
        before = lists.get(transaction.connection, caller, eventId, listId, lock=True)
        check(if_match, before)
        return lists.change(transaction, caller, before, body)

    changed = await db.write(job)
    tag(response, changed)
    return changed


@router.delete("/{eventId}/check-in/lists/{listId}", status_code=204)
async def drop_list(eventId: Id, listId: Id, caller: Organiser, db: Db) -> None:  # noqa: N803
    """Deletes a check-in list on which nothing was scanned. Staff with `events`."""
    await db.write(lambda transaction: lists.drop(transaction, caller, eventId, listId))


def _scan_time(given: Instant | None, now: Instant) -> Instant:
    """The scanner's own time, unless its clock runs ahead."""
    return now if given is None else min(given, now)


def _told(outcome: Outcome | NotFound) -> VerdictOut:
    if isinstance(outcome, NotFound):
        raise outcome
    return verdict_out(outcome)
