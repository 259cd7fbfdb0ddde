"""When each device was last heard of, and how far its clock is off: written down once a minute at most."""

from contextlib import suppress
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import update

from domain.clock import MINUTE, Instant
from domain.errors import Problem
from server.auth.caller import Caller, Role
from server.auth.tables import devices
from server.db.database import Database

_EVERY = MINUTE
_FURTHEST = 2**31 - 1
"""The column's end: a clock that is 24 days off is as wrong as one of 1970."""


class Sightings:
    """Belongs to one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._written: dict[tuple[str, bool], Instant] = {}

    async def note(self, caller: Caller, now: Instant, offset: int | None = None) -> None:
        """A device is calling; `offset` is what to add to its clock, in milliseconds, where it was measured.

        Of people it notes nothing. Where it cannot be written, the call goes on.
        """
        key = (caller.id, offset is not None)
        if caller.role is not Role.DEVICE or 0 <= now - self._written.get(key, now - _EVERY) < _EVERY:
            return
        self._written[key] = now
        values: dict[str, int] = {"seen": now}
        if offset is not None:
            values["clock_offset"] = max(-_FURTHEST, min(_FURTHEST, offset))
        change = update(devices).where(devices.c.id == caller.id, devices.c.org == caller.org).values(values)
        with suppress(Problem):
            await self._database.write(lambda transaction: transaction.connection.execute(change).rowcount)


async def _sightings(request: Request) -> Sightings:
    sightings: Sightings = request.app.state.sightings
    return sightings


Seen = Annotated[Sightings, Depends(_sightings)]
