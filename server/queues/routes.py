"""All routes of service points and their queues, under `/api/crm/reservations`; and `/api/sync/leases`."""

from fastapi import APIRouter

from server.queues import desk_routes, point_routes, public_routes

router = APIRouter()
for part in (point_routes.router, public_routes.router, desk_routes.router, point_routes.leases):
    router.include_router(part)
