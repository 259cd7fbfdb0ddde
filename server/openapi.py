"""The OpenAPI document: what the routes say of themselves, and the problems that each may answer."""

from typing import Any

from fastapi import FastAPI

from domain import errors
from domain.errors import Problem

Document = dict[str, Any]

_SAID = {
    errors.Unreadable: "The body cannot be read.",
    errors.Unauthenticated: "Nobody known is calling.",
    errors.Forbidden: "The caller may not.",
    errors.NotFound: "It is not there, or not the caller's.",
    errors.Conflict: "It does not fit to what is there; the answer says what was found.",
    errors.Gone: "It was there; start again.",
    errors.Stale: "Somebody changed it first: read it again.",
    errors.TooLarge: "The body is too large.",
    errors.Unsupported: "The body is of a kind that is not read here.",
    errors.Invalid: "The request says something that cannot be; `errors` names the fields.",
    errors.TooMany: "Too many calls: wait for `Retry-After` seconds.",
    errors.Unavailable: "Not now: try again.",
    errors.StorageFull: "The disk is full, and nothing was saved.",
}
_BY_MAIL = (errors.NotFound, errors.TooMany)
_MORE: dict[str, tuple[type[Problem], ...]] = {
    "/api/sync/snapshot": (errors.StorageFull,),
    "/api/sync/changes": (errors.Gone,),
    "/api/sync/stream": (errors.Gone,),
    "/api/auth/staff/login": (errors.Unauthenticated, errors.TooMany),
    "/api/auth/customer/register": _BY_MAIL,
    "/api/auth/customer/link": _BY_MAIL,
    "/api/auth/customer/session": (errors.Forbidden, errors.Gone, errors.TooMany),
    "/api/auth/customer/login": (errors.Unauthenticated, *_BY_MAIL),
    "/api/client/events/stripe/config": (errors.Conflict,),
    "/api/client/events/stripe/intent": (errors.Gone,),
    "/api/client/events/stripe/checkout-session": (errors.Gone,),
    "/api/client/events/stripe/webhook": (errors.NotFound, errors.TooMany),
    "/api/client/events/tickets/confirm-order": (errors.Gone,),
    "/api/client/events/tickets/claim": (errors.Gone, errors.TooMany),
    "/api/client/events/tickets/{ticketId}/qr": (errors.Conflict,),
    "/api/client/events/tickets/{ticketId}/transfer": (errors.TooMany,),
    "/api/crm/reservations/meeting/token": (errors.Gone,),
    "/api/organizations/{orgId}/events/{eventId}/tickets/{ticketId}": (errors.Conflict,),
    "/api/organizations/{orgId}/events/{eventId}/tickets/{ticketId}/qr": (errors.Conflict,),
    "/api/auth/refresh": (errors.Unauthenticated, errors.TooMany),
    "/api/devices/pair": (errors.NotFound, errors.Gone, errors.TooMany),
    "/api/setup": (errors.Forbidden, errors.TooMany),
    "/metrics": (errors.Unauthenticated, errors.Forbidden, errors.NotFound),
}
"""What cannot be seen from the outside of a route."""
_AGAIN = frozenset({
    "/api/crm/reservations/queue/join",
    "/api/crm/reservations/meeting/create",
    "/api/client/events/tickets/register",
    "/api/client/events/{eventId}/media/upload",
    "/api/client/events/{eventId}/media/upload/{guestId}",
    "/api/organizations/{orgId}/events/{eventId}/media",
})  # fmt: skip
"""Where whoever asks for the same again gets what was made the first time, with `200`."""
_PUBLIC_LINE = (errors.Unauthenticated, errors.Forbidden, errors.NotFound, errors.TooMany)

_PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "A fault in the form of RFC 9457. Further members say what was found.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:usher:problem:not_found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For people: what is wrong, and what to do."},
        "code": {"type": "string", "description": "For machines; it stays the same."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["loc", "msg"],
                "properties": {
                    "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "msg": {"type": "string"},
                },
            },
        },
    },
}


def declare_problems(app: FastAPI) -> None:
    """Makes the document of `app` name, for each route, every problem that it may answer."""
    plain = app.openapi

    def openapi() -> Document:
        document: Document = plain()
        schemas = document["components"]["schemas"]
        if "Problem" not in schemas:
            schemas["Problem"] = _PROBLEM
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            for path, methods in document["paths"].items():
                for method, operation in methods.items():
                    _declare(method, path, operation)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _declare(method: str, path: str, operation: Document) -> None:
    answers = operation["responses"]
    answers.pop("422", None)
    if method == "post" and path in _AGAIN:
        answers["200"] = {**answers["201"], "description": "It was there already."}
    for problem in sorted(_problems(method, path, operation), key=lambda problem: problem.status):
        answers[str(problem.status)] = {
            "description": _SAID[problem],
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _problems(method: str, path: str, operation: Document) -> set[type[Problem]]:
    found: set[type[Problem]] = set()
    parameters = operation.get("parameters", [])
    if "security" in operation:
        found |= {errors.Unauthenticated, errors.Forbidden, errors.NotFound}
    elif path.startswith("/api/crm/reservations/"):
        found |= set(_PUBLIC_LINE)
    elif path.startswith("/api/client/events/"):
        found |= {errors.NotFound, errors.TooMany}
    if parameters or "requestBody" in operation:
        found.add(errors.Invalid)
    if "requestBody" in operation:
        found |= {errors.Unreadable, errors.TooLarge}
        if "multipart/form-data" in operation["requestBody"]["content"]:
            found |= {errors.Unsupported, errors.TooMany}
    if any(parameter["name"] == "if-match" for parameter in parameters):
        found.add(errors.Stale)
    if method != "get":
        found |= {errors.Conflict, errors.StorageFull}
    if path != "/healthz":
        found.add(errors.Unavailable)
    return found | set(_MORE.get(path, ()))
