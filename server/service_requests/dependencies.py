"""What the routes of service requests depend on: who calls, which requests they ask for."""

from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy import Connection

from domain.errors import NotFound
from domain.service_request import State
from server.auth.caller import Allow, Caller
from server.events.gallery.pictures import Pictures
from server.service_requests import store
from server.service_requests.store import Filters
from server.service_requests.values import Request as Kept
from server.wire import At, Id, Text

Giver = Annotated[Caller, Depends(Allow(staff="desk", modes={"desk", "welcome"}, customer=True))]


async def _pictures(request: Request) -> Pictures:
    pictures: Pictures = request.app.state.service_request_pictures
    return pictures


async def _filters(
    state: Annotated[list[State], Query(max_length=12)] = [],  # noqa: B006
    assignee: Annotated[Id | None, Query()] = None,
    due: Annotated[At | None, Query(description="Promised by then, neither paused nor done.")] = None,
    customer: Annotated[Text | None, Query(description="A contact's id, or an e-mail address.")] = None,
    number: Annotated[str | None, Query(pattern=r"^[Rr]?[0-9]{1,9}$")] = None,
) -> Filters:
    sequence = int(number.lstrip("Rr")) if number else None
    return Filters(states=state, assignee=assignee, due=due, customer=customer, sequence=sequence)


PicturesOf = Annotated[Pictures, Depends(_pictures)]
Wanted = Annotated[Filters, Depends(_filters)]


def own(connection: Connection, caller: Caller, id_: str, *, lock: bool = False) -> Kept:
    """Raises `NotFound` for a request that is not there, or not at the caller's service points."""
    found = store.request(connection, caller.org, id_, lock=lock)
    check_scope(caller, found.service_point)
    return found


def check_scope(caller: Caller, point: str) -> None:
    if not caller.covers(f"servicePoint:{point}"):
        raise NotFound("there is no such service request or service point")
