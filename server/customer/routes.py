"""The attendee's API, in the order in which it is matched: an event's id stands where a word may stand."""

from server.customer import (
    booking_routes,
    buying_routes,
    event_routes,
    gallery_routes,
    participation_routes,
    program_routes,
    stripe_routes,
    ticket_routes,
)

MOST_ASKED = (event_routes.front, buying_routes.router)
"""What very many look at when a sale begins. Each route before one costs it some time."""
ROUTERS = (
    booking_routes.router,
    stripe_routes.router,
    ticket_routes.router,
    participation_routes.router,
    program_routes.router,
    gallery_routes.router,
    event_routes.router,
)
