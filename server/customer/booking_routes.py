"""The attendee's dashboard: what the caller has reserved, coming and past."""

from fastapi import APIRouter

from server.auth.caller import Caller
from server.customer import bookings
from server.customer.booking_schemas import Booking, Bookings, HeldOrder, OwnPart
from server.customer.bookings import Booked
from server.customer.dependencies import PREFIX, Holder
from server.customer.ticket_answers import own_event, own_ticket
from server.wire import Db, Limit, Now

router = APIRouter(prefix=PREFIX, tags=["attendees"])


@router.get("/booking")
async def booked(caller: Holder, db: Db, now: Now, limit: Limit = 50) -> Bookings:
    """The caller's reservations across events: tickets, unpaid orders, participations. Customers.

    `limit` events of each kind at most.
    """
    at = now()
    coming, past = await db.read(lambda c: bookings.read(c, caller.org, caller.id, at, limit))
    return Bookings(
        coming=[_out(each, caller) for each in coming], past=[_out(each, caller) for each in past]
    )


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
