"""All routes of reservations, under `/api/crm/reservations`."""

from fastapi import APIRouter

from server.reservations import cancel_routes, definition_routes, public_routes, staff_routes
from server.reservations.meetings import routes as meeting_routes

router = APIRouter()
for part in (
    definition_routes.router,
    public_routes.router,
    cancel_routes.router,
    staff_routes.router,
    meeting_routes.router,
):
    router.include_router(part)
