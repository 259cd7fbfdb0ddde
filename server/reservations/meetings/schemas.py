"""What the routes of meetings take and give."""

from typing import Annotated

from pydantic import Field

from server.reservations.schemas import Name
from server.wire import At, Id, In, Out


class MeetingIn(In):
    reservation_id: Id


class TokenIn(In):
    """`name` is how others see the person; without one, as they are known. `guest`: for the customer, to be
    handed on."""

    meeting_id: Id
    name: Name = ""
    guest: bool = False


class ValidateIn(In):
    token: Annotated[str, Field(min_length=1, max_length=4000)]


class MeetingOut(Out):
    """`url` opens the room for the caller, whom `token` lets in until `expires`."""

    id: str
    reservation_id: str
    provider: str
    room_url: str
    url: str
    token: str
    expires: At


class EntryOut(Out):
    """Who may enter, and until when. `valid` is false once that has passed, or the reservation is over."""

    valid: bool
    meeting_id: str
    reservation_id: str
    name: str
    host: bool
    until: At
