"""All pages of attendees, in the order in which they are matched."""

from server.customer.pages import (
    account,
    checkout,
    events,
    gallery,
    invitations,
    orders,
    part,
    tickets,
    transfers,
)

ROUTERS = (
    events.router,
    checkout.router,
    orders.router,
    tickets.router,
    transfers.router,
    invitations.router,
    gallery.router,
    part.router,
    account.router,
)
