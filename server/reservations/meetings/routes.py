"""Routes of video meetings."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from server.auth.caller import Allow, Caller
from server.queues.dependencies import PREFIX
from server.reservations.meetings.schemas import EntryOut, MeetingIn, MeetingOut, TokenIn, ValidateIn
from server.reservations.meetings.service import Meetings
from server.wire import Now

router = APIRouter(prefix=f"{PREFIX}/meeting", tags=["meetings"])

TakingPart = Annotated[Caller, Depends(Allow(staff="desk", customer=True))]


async def _meetings(request: Request) -> Meetings:
    meetings: Meetings = request.app.state.meetings
    return meetings


Rooms = Annotated[Meetings, Depends(_meetings)]


@router.post("/create", status_code=201)
async def create(
    body: MeetingIn, caller: TakingPart, rooms: Rooms, response: Response, now: Now
) -> MeetingOut:
    """Opens a video room for a reservation, and lets the caller in. Staff with `desk`; customers for their
    own.

    Whoever asks again gets the same room with `200`. `409` `meetings_off` where no provider is set up,
    `410` `meeting_over`.
    """
    made, new = await rooms.create(caller, body.reservation_id, now())
    response.status_code = 201 if new else 200
    return made


@router.post("/token")
async def token(body: TokenIn, caller: TakingPart, rooms: Rooms, now: Now) -> MeetingOut:
    """A token that lets the caller in, until 15 minutes after the end. Staff with `desk`; customers for
    their own. `410` `meeting_over`."""
    return await rooms.token(caller, body, now())


@router.post("/validate")
async def validate(body: ValidateIn, caller: TakingPart, rooms: Rooms, now: Now) -> EntryOut:
    """Tells whom a token lets in and until when. Staff with `desk`, customers."""
    return await rooms.validate(caller, body.token, now())
