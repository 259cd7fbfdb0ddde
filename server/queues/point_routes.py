"""Routes of service points themselves, and of the blocks of numbers that kiosks lease."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from server.auth.caller import Allow, Caller
from server.db.database import Transaction
from server.etags import IfMatch, etag
from server.queues import numbers, service_points
from server.queues.dependencies import PREFIX, Clerk, Onlooker, PathId
from server.queues.schemas import LeaseIn, LeaseOut, PointChange, PointIn, PointOut
from server.queues.values import Point
from server.wire import Config, Cursor, Db, Limit, Now, Page

router = APIRouter(prefix=f"{PREFIX}/service-point", tags=["service points"])
leases = APIRouter(prefix="/api/sync", tags=["sync"])

HoursCheck = Callable[[Transaction, Point], None]
"""Raises `Invalid` where what it knows of does not fit a service point's new hours."""
Kiosk = Annotated[Caller, Depends(Allow(modes={"desk", "welcome"}))]


@router.get("/get")
async def get_all(
    caller: Onlooker, db: Db, config: Config, now: Now, limit: Limit = 50, cursor: Cursor = None
) -> Page[PointOut]:
    """Service points by name, with today's figures. Staff with `desk`, devices their own."""
    return await db.read(lambda c: service_points.page(c, caller, limit, cursor, now(), config.base_url))


@router.get("/get/{id}")
async def get_one(
    id_: PathId, caller: Onlooker, db: Db, config: Config, now: Now, response: Response
) -> PointOut:
    """A service point, with today's figures. Staff with `desk`, devices their own."""
    found = await db.read(lambda c: service_points.one(c, caller, id_, now(), config.base_url))
    return _tagged(response, found)


@router.post("/create", status_code=201)
async def create(body: PointIn, caller: Clerk, db: Db, config: Config, response: Response) -> PointOut:
    """Makes a service point with its counters. Staff with `desk`."""

    def job(transaction: Transaction) -> PointOut:
        return _out(transaction, service_points.create(transaction, caller.org, caller.actor, body), config)

    return _tagged(response, await db.write(job))


@router.put("/update")
async def update(
    request: Request,
    body: PointChange,
    caller: Clerk,
    db: Db,
    config: Config,
    response: Response,
    if_match: IfMatch = None,
    force: Annotated[bool, Query(description="Also where it closes at times that are booked.")] = False,
) -> PointOut:
    """Changes what the body names. Staff with `desk`.

    `422` for hours in which something that can be booked there would have no time any more. `409`
    `bookings_ahead` where it would be closed at a time that is booked, unless forced: then those who booked
    are still expected.
    """
    checks: Sequence[HoursCheck] = request.app.state.hours_checks

    def job(transaction: Transaction) -> PointOut:
        changed = service_points.change(transaction, caller, body, if_match, config.base_url, force)
        if service_points.HOURS & body.model_fields_set:
            for check in checks:
                check(transaction, changed)
        return _out(transaction, changed, config)

    return _tagged(response, await db.write(job))


@router.delete("/delete/{id}", status_code=204)
async def delete(
    id_: PathId,
    caller: Clerk,
    db: Db,
    force: Annotated[
        bool, Query(description="Move out whoever is still there, as expired, and cancel what is booked.")
    ] = False,
) -> None:
    """Deletes a service point; refused while people are there (`people_waiting`) or are to come
    (`bookings_ahead`), unless forced. Who has booked is told. Staff with `desk`."""
    await db.write(lambda transaction: service_points.drop(transaction, caller, id_, force))


@leases.post("/leases", status_code=201)
async def lease(body: LeaseIn, caller: Kiosk, db: Db) -> LeaseOut:
    """A block of numbers that this device alone may give out, also offline. Devices of desk, welcome."""
    return await db.write(lambda transaction: numbers.lease(transaction, caller, body))


def _out(transaction: Transaction, point: Point, config: Config) -> PointOut:
    return service_points.out(transaction.connection, point, transaction.now, config.base_url)


def _tagged(response: Response, point: PointOut) -> PointOut:
    response.headers["ETag"] = etag(service_points.without_figures(point))
    return point
