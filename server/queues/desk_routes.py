"""Routes by which staff and their devices run a line."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import Connection

from domain import clock, service_point
from domain.clock import Instant
from domain.errors import NotFound
from domain.queue import LIVE, Event, State
from server.auth.caller import Caller
from server.db.database import Transaction
from server.queues import figures, joining, moves, service_points, statistics, store
from server.queues.answers import entry_out, forecast_out
from server.queues.dependencies import PREFIX, AtTheDesk, AtWork, NearTheDesk, PathId, PointId
from server.queues.line import line
from server.queues.schemas import (
    Act,
    CallNext,
    CompleteAct,
    CounterAct,
    CounterOut,
    CounterSet,
    Day,
    EntryOut,
    NoShowAct,
    QualityOut,
    StatisticsOut,
    TransferAct,
    Working,
)
from server.queues.values import Place, Point
from server.wire import Config, Cursor, Db, Limit, Now, cursor, cursor_values

router = APIRouter(prefix=f"{PREFIX}/queue", tags=["queue"])


@router.post("/call-next/{servicePoint}")
async def call_next(point: PointId, caller: AtTheDesk, desk: AtWork, body: CallNext = CallNext()) -> EntryOut:
    """Calls whom the rules pick to a counter. Staff with `desk`, devices of the desk.

    Two counters at one instant get two people. A counter that calls is open from then on.
    """

    def job(transaction: Transaction) -> Place:
        locked = own_point(transaction.connection, caller, point, lock=True)
        wanted = moves.Wanted(Event.CALL, transaction.now, caller.actor, body.counter)
        return moves.call_next(transaction, locked, wanted)

    return await desk.run(job, lane=point)


@router.post("/call/{id}")
async def call(id_: PathId, caller: AtTheDesk, desk: AtWork, body: CounterAct = CounterAct()) -> EntryOut:
    """Calls this one, out of order. Staff with `desk`, devices of the desk."""
    return await desk.act(caller, Event.CALL, id_, body.version, counter=body.counter)


@router.post("/recall/{id}")
async def recall(id_: PathId, caller: AtTheDesk, desk: AtWork, body: CounterAct = CounterAct()) -> EntryOut:
    """Announces again; grace begins anew. Staff with `desk`, devices of the desk."""
    return await desk.act(caller, Event.RECALL, id_, body.version, counter=body.counter)


@router.post("/check-in/{id}")
async def check_in(id_: PathId, caller: NearTheDesk, desk: AtWork, body: Act = Act()) -> EntryOut:
    """Marks that the person is here. Staff with `desk`, devices of desk and welcome."""
    return await desk.act(caller, Event.CHECK_IN, id_, body.version)


@router.post("/start/{id}")
async def start(id_: PathId, caller: AtTheDesk, desk: AtWork, body: CounterAct = CounterAct()) -> EntryOut:
    """Serving begins. Staff with `desk`, devices of the desk."""
    return await desk.act(caller, Event.START, id_, body.version, counter=body.counter)


@router.post("/complete/{id}")
async def complete(
    id_: PathId, caller: AtTheDesk, desk: AtWork, body: CompleteAct = CompleteAct()
) -> EntryOut:
    """Serving ends, with an outcome and a note for staff. Staff with `desk`, devices of the desk."""
    return await desk.act(caller, Event.COMPLETE, id_, body.version, outcome=body.outcome, note=body.note)


@router.post("/no-show/{id}")
async def no_show(id_: PathId, caller: AtTheDesk, desk: AtWork, body: NoShowAct = NoShowAct()) -> EntryOut:
    """Nobody came. Staff with `desk`, devices of the desk.

    Before the end of grace `409 grace_running` with `secondsLeft`, unless `force` is set.
    """
    return await desk.act(caller, Event.NO_SHOW, id_, body.version, force=body.force)


@router.post("/hold/{id}")
async def hold(id_: PathId, caller: AtTheDesk, desk: AtWork, body: Act = Act()) -> EntryOut:
    """Parks somebody, who keeps join time and class. Staff with `desk`, devices of the desk."""
    return await desk.act(caller, Event.HOLD, id_, body.version)


@router.post("/resume/{id}")
async def resume(id_: PathId, caller: AtTheDesk, desk: AtWork, body: Act = Act()) -> EntryOut:
    """Back to where the hold began: to the line, or into service. Staff with `desk`, devices."""
    return await desk.act(caller, Event.RESUME, id_, body.version)


@router.post("/return/{id}")
async def return_(id_: PathId, caller: AtTheDesk, desk: AtWork, body: Act = Act()) -> EntryOut:
    """A no-show comes back: to the front in time, else to the tail. Staff with `desk`, devices."""
    return await desk.act(caller, Event.RETURN, id_, body.version)


@router.post("/transfer/{id}")
async def transfer(id_: PathId, body: TransferAct, caller: AtTheDesk, desk: AtWork) -> EntryOut:
    """Hands somebody over to another service point: same number, same visit. Staff with `desk`, devices.

    Answers the entry there.
    """
    seen = desk.version(body.version)

    def job(transaction: Transaction) -> Place:
        joining.refuse_taken(transaction.connection, body.new_entry_id)
        point, place, target = joining.find_both(transaction, caller.org, id_, body.service_point, caller)
        wanted = moves.Wanted(Event.TRANSFER, transaction.now, caller.actor, version=seen)
        return joining.transfer(transaction, point, place, target, body.category, wanted, body.new_entry_id)

    return await desk.run(job)


@router.post("/undo/{id}")
async def undo(id_: PathId, caller: AtTheDesk, desk: AtWork, body: Act = Act()) -> EntryOut:
    """Takes the last transition back, once. Staff with `desk`, devices of the desk.

    Of a transfer it takes back the entry at the other service point too, as long as that one waits.
    """
    seen = desk.version(body.version)

    def job(transaction: Transaction) -> Place:
        point, place = moves.find(transaction, caller.org, id_, caller)
        moves.check_version(place, seen)
        return joining.undo(transaction, point, place, transaction.now, caller.actor)

    return await desk.run(job)


@router.get("/list/{servicePoint}")
async def working_list(
    point: PointId,
    caller: AtTheDesk,
    db: Db,
    config: Config,
    now: Now,
    state: Annotated[list[State] | None, Query(description="Only these; without it, who is here.")] = None,
    day: Annotated[Day | None, Query(description="Of which day the ended ones are; today's without.")] = None,
    limit: Limit = 200,
    cursor: Cursor = None,
) -> Working:
    """The working list, with what people said of themselves. Staff with `desk`, devices of the desk."""
    states = frozenset(state or LIVE)

    def query(connection: Connection) -> Working:
        of = own_point(connection, caller, point)
        return _working(connection, of, states, day, limit, cursor, now(), config.base_url)

    return await db.read(query)


@router.post("/counter/{servicePoint}")
async def set_counter(point: PointId, body: CounterSet, caller: AtTheDesk, db: Db) -> CounterOut:
    """A counter opens, pauses or closes, and who serves there. Staff with `desk`, devices of the desk."""

    def job(transaction: Transaction) -> CounterOut:
        locked = own_point(transaction.connection, caller, point, lock=True)
        return service_points.set_counter(transaction, locked, caller.actor, body)

    return await db.write(job)


@router.get("/forecast-quality/{servicePoint}")
async def forecast_quality(
    point: PointId, caller: AtTheDesk, db: Db, now: Now, days: Annotated[int, Query(ge=1, le=366)] = 30
) -> QualityOut:
    """How often waits stayed within what was foretold at the join. Staff with `desk`, devices."""
    return await db.read(
        lambda connection: figures.quality(connection, own_point(connection, caller, point), now(), days)
    )


@router.get("/statistics/{servicePoint}")
async def point_statistics(
    point: PointId,
    caller: AtTheDesk,
    db: Db,
    now: Now,
    since: Annotated[Day | None, Query(description="The first local day; a week with the last.")] = None,
    until: Annotated[Day | None, Query(description="The last local day; today without.")] = None,
) -> StatisticsOut:
    """How many were served, how long they waited and were served, by day, hour, category and counter.

    At most 92 days. Staff with `desk`, devices of the desk.
    """
    return await db.read(lambda c: statistics.statistics(c, own_point(c, caller, point), now(), since, until))


def own_point(connection: Connection, caller: Caller, id_: str, *, lock: bool = False) -> Point:
    """Raises `NotFound` for a service point that is not there, or not the caller's."""
    if not caller.covers(f"servicePoint:{id_}"):
        raise NotFound("there is no such service point")
    return store.point(connection, caller.org, id_, lock=lock)


def _working(
    connection: Connection,
    of: Point,
    states: frozenset[State],
    day: str | None,
    limit: int,
    after: str | None,
    now: Instant,
    base_url: str,
) -> Working:
    start = int(cursor_values(after, int)[0]) if after else None
    on = day or clock.local_day(now, of.where)
    found = store.listed(connection, of, [state.value for state in states], on, start, limit + 1)
    there = line(connection, of, now)
    more = cursor(found[limit - 1].entry.sequence) if len(found) > limit else None
    return Working(
        items=[entry_out(there, place, base_url) for place in found[:limit]],
        next_cursor=more,
        state=there.opening,
        closes_at=service_point.closes(of.settings, of.where, now),
        forecast=forecast_out(there.next_forecast),
    )
