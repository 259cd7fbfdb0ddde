"""What the routes of the queues depend on: who calls, for which organisation, on which version."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request, Response

from domain.errors import Invalid, Unauthenticated
from domain.ids import ID_PATTERN
from domain.queue import Event
from server.auth.caller import Allow, Caller, Role, bearer
from server.db.database import Transaction
from server.etags import IfMatch
from server.queues import moves
from server.queues.answers import around, entry_out
from server.queues.schemas import EntryOut
from server.queues.values import Place
from server.wire import Config, Db

PREFIX = "/api/crm/reservations"

AT_THE_DESK = Allow(staff="desk", modes={"desk"})
NEAR_THE_DESK = Allow(staff="desk", modes={"desk", "welcome"})
AtTheDesk = Annotated[Caller, Depends(AT_THE_DESK)]
NearTheDesk = Annotated[Caller, Depends(NEAR_THE_DESK)]
Onlooker = Annotated[Caller, Depends(Allow(staff="desk", modes={"desk", "welcome", "display"}))]
Clerk = Annotated[Caller, Depends(Allow(staff="desk"))]
PathId = Annotated[str, Path(alias="id", pattern=ID_PATTERN)]
PointId = Annotated[str, Path(alias="servicePoint", pattern=ID_PATTERN)]


async def _known_joiner(request: Request) -> Caller | None:
    if "authorization" not in request.headers:
        return None
    known: Caller = request.app.state.access.caller(bearer(request))
    return await NEAR_THE_DESK(request) if known.role in (Role.STAFF, Role.DEVICE) else None


async def _organization(
    request: Request,
    orgid: Annotated[str | None, Header(pattern=ID_PATTERN, description="The organisation.")] = None,
    org: Annotated[
        str | None, Query(alias="orgid", pattern=ID_PATTERN, description="The organisation, in a link.")
    ] = None,
) -> str | None:
    """As the header, the link or a token names it; None lets the oldest service point of an id answer."""
    named = orgid or org
    if named is None and "authorization" in request.headers:
        try:
            return str(request.app.state.access.caller(bearer(request)).org)
        except Unauthenticated:
            return None
    return named


KnownJoiner = Annotated[Caller | None, Depends(_known_joiner)]
Organization = Annotated[str | None, Depends(_organization)]


class Desk:
    """Moves entries, and tells what became of them."""

    def __init__(self, db: Db, config: Config, response: Response, if_match: IfMatch = None) -> None:
        self._db, self._base_url, self._response = db, config.base_url, response
        self._if_match = if_match

    async def act(
        self,
        caller: Caller,
        event: Event,
        id_: str,
        version: int | None,
        *,
        counter: str | None = None,
        force: bool = False,
        outcome: str = "",
        note: str = "",
    ) -> EntryOut:
        seen = self.version(version)

        def job(transaction: Transaction) -> Place:
            point, place = moves.find(transaction, caller.org, id_, caller)
            wanted = moves.Wanted(
                event, transaction.now, caller.actor, counter, force, seen, outcome=outcome, note=note
            )
            return moves.act(transaction, point, place, wanted)

        return await self.run(job)

    async def run(self, job: Callable[[Transaction], Place], *, lane: str = "") -> EntryOut:
        """What the job leaves, with its ETag."""

        def told(transaction: Transaction) -> EntryOut:
            place = job(transaction)
            there = around(transaction.connection, place, transaction.now)
            return entry_out(there, place, self._base_url)

        made = await self._db.write(told, lane=lane)
        self._response.headers["ETag"] = f'"{made.version}"'
        return made

    def version(self, given: int | None) -> int | None:
        """The version that the caller saw: in its body, or as `If-Match`."""
        if given is not None or self._if_match is None or self._if_match.strip() == "*":
            return given
        text = self._if_match.strip().removeprefix("W/").strip('"')
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Invalid("If-Match is not the ETag of a queue entry", code="etag_malformed")
        return int(text)


AtWork = Annotated[Desk, Depends()]
