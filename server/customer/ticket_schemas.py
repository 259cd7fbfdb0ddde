"""An attendee's ticket as its owner sees it."""

from typing import Annotated

from pydantic import Field

from server.wire import At, In, LongText, MailAddress, Out


class OwnType(Out):
    id: str
    name: str
    colour: str


class OwnEvent(Out):
    """Where and when a ticket lets one in."""

    id: str
    name: dict[str, str]
    starts: At
    ends: At
    zone: str
    place: str
    state: str


class Offer(Out):
    """A ticket is offered to somebody, and stays the owner's until it is claimed."""

    email: str
    since: At


class OwnTicket(Out):
    """A ticket. `rotating` tells that its picture changes every half minute; `orderId` is of the order by
    which this caller bought it."""

    id: str
    event: OwnEvent
    type: OwnType
    number: int
    state: str
    name: str
    email: str
    seat: str
    session: str
    perks: list[str]
    rotating: bool
    due: int
    currency: str
    valid_from: At | None
    valid_until: At | None
    order_id: str | None
    offer: Offer | None


class PerkOut(Out):
    perk: str
    redeemed: bool
    at: At | None


class Perks(Out):
    items: list[PerkOut]


class OfferIn(In):
    """To whom a ticket is offered, with a few words."""

    email: MailAddress
    message: Annotated[LongText, Field(max_length=1_000)] = ""


class ClaimIn(In):
    """The token of a claim link."""

    token: Annotated[str, Field(min_length=1, max_length=100)]
