"""All pages of reservations, in the order in which they are matched."""

from server.reservations.pages import book, booking

ROUTERS = (booking.router, book.router)
