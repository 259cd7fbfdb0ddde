"""All routes of service requests, under `/api/crm/reservations`."""

from fastapi import APIRouter

from server.service_requests import paper_routes, request_routes

router = APIRouter()
for part in (request_routes.router, paper_routes.router):
    router.include_router(part)
