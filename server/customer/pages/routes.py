"""All pages, in the order in which they are matched."""

from server.customer.pages import (
    account,
    checkout,
    events,
    gallery,
    invitations,
    orders,
    static,
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
    account.router,
    static.router,
)
