"""All pages of service requests."""

from server.service_requests.pages import repair

ROUTERS = (repair.router,)
