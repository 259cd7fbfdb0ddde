"""The attendee's dashboard: what the caller has reserved, coming and past."""

from fastapi import APIRouter

from server.auth.caller import Caller
from server.customer import bookings
from server.customer.booking_schemas import Booking, Bookings, HeldOrder, OwnPart
from server.customer.bookings import FIRST, Booked, Spot
from server.customer.dependencies import PREFIX, Holder
from server.customer.ticket_answers import own_event, own_ticket
from server.wire import Cursor, Db, Limit, Now, cursor_values
from server.wire import cursor as new_cursor

router = APIRouter(prefix=PREFIX, tags=["attendees"])


@router.get("/booking")
async def booked(caller: Holder, db: Db, now: Now, limit: Limit = 50, cursor: Cursor = None) -> Bookings:
    """The caller's reservations across events: tickets, unpaid orders, participations. Customers.

    `limit` events to come and as many past ones at most; the next page goes on with both.
    """
    at, after = now(), _after(cursor)
    found = await db.read(lambda c: bookings.read(c, caller.org, caller.id, at, limit + 1, after))
    coming, past = (each[:limit] for each in found)
    more = any(len(each) > limit for each in found)
    return Bookings(
        coming=[_out(each, caller) for each in coming],
        past=[_out(each, caller) for each in past],
        next_cursor=_next(coming, past, after) if more else None,
    )


def _after(text: str | None) -> tuple[Spot, Spot]:
    if text is None:
        return FIRST
    coming, coming_id, past, past_id = cursor_values(text, int, str, int, str)
    return (int(coming), str(coming_id)), (int(past), str(past_id))


def _next(coming: list[Booked], past: list[Booked], after: tuple[Spot, Spot]) -> str:
    """Where both go on: after the last of each, or where it was where there is none."""
    begun, over = (_last(each) or had for each, had in zip((coming, past), after, strict=True))
    return new_cursor(*begun, *over)


def _last(shown: list[Booked]) -> Spot | None:
    return (shown[-1].event.starts, shown[-1].event.id) if shown else None


def _out(booked: Booked, caller: Caller) -> Booking:
    return Booking(
        event=own_event(booked.event),
        tickets=[own_ticket(each, caller.id) for each in booked.tickets],
        orders=[
            HeldOrder(
                order_id=order.id,
                number=order.number,
                total=order.total,
                currency=order.currency,
                expires_at=order.expires,
            )
            for order in booked.orders
        ],
        participation=OwnPart(id=booked.part[0], state=booked.part[1]) if booked.part else None,
    )
