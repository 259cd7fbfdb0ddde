"""All pages of lines, in the order in which they are matched."""

from server.queues.pages import display, join, place

ROUTERS = (place.router, display.router, join.router)
