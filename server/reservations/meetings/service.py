"""Rooms made once for each reservation, and tokens for who takes part in it."""

from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from domain.clock import Instant, shift
from domain.errors import Conflict, Gone, NotFound
from domain.reservation import State
from server.activity.record import record
from server.auth import customer_store
from server.auth.caller import Caller, Role
from server.auth.tables import Staff
from server.db.base import table_of
from server.db.database import Database, Transaction
from server.ids import new_id
from server.reservations import store
from server.reservations.meetings.provider import GRACE, Entry, Guest, Provider
from server.reservations.meetings.schemas import EntryOut, MeetingOut, TokenIn
from server.reservations.meetings.tables import meetings
from server.reservations.values import Reservation

_M, _S = meetings.c, table_of(Staff).c
_OVER = (State.CANCELLED, State.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Meeting:
    id: str
    org: str
    reservation: str
    provider: str
    room: str
    address: str
    until: Instant


class Meetings:
    """Asks the provider outside of any transaction; what it was asked for can be asked for again."""

    def __init__(self, database: Database, provider: Provider) -> None:
        self._database, self._provider = database, provider

    async def create(self, caller: Caller, reservation: str, now: Instant) -> tuple[MeetingOut, bool]:
        """The room of a reservation, and whether it is new; with a token for the caller. Raises `Gone`."""
        kept = await self._database.read(lambda c: _own(c, caller, reservation))
        known = await self._database.read(lambda c: _of(c, kept.id))
        room = known.room if known else f"usher-{token_urlsafe(12)}"
        until = _end(kept, now)
        address = await self._provider.open(room, until)

        def job(transaction: Transaction) -> Meeting:
            return _kept(transaction, caller.actor, kept, self._provider.name, room, address, until)

        made = await self._database.write(job)
        guest = await self._database.read(lambda c: _guest(c, caller, kept, ""))
        return await self._admitted(kept, made, guest), known is None

    async def token(self, caller: Caller, wanted: TokenIn, now: Instant) -> MeetingOut:
        """A token for the caller, or for the customer. Raises `Gone` after the end."""
        known, kept = await self._database.read(lambda c: _meeting(c, caller, wanted.meeting_id))
        guest = _customer(kept, wanted.name)
        if not wanted.guest:
            guest = await self._database.read(lambda c: _guest(c, caller, kept, wanted.name))
        return await self._admitted(kept, await self._current(kept, known, now, caller.actor), guest)

    async def enter(self, kept: Reservation, now: Instant) -> str:
        """The address by which the customer of a reservation enters. Raises `NotFound`, `Gone`."""
        known = await self._database.read(lambda c: _of(c, kept.id))
        if known is None or kept.state in _OVER:
            raise NotFound("there is no such meeting")
        current = await self._current(kept, known, now, "public")
        return (await self._admitted(kept, current, _customer(kept, ""))).url

    async def validate(self, caller: Caller, token: str, now: Instant) -> EntryOut:
        """Whom a token lets in. Raises `NotFound` for one that is not ours."""
        entry = await self._provider.entry(token)
        if entry is None:
            raise NotFound("this token lets nobody in here")
        return await self._database.read(lambda c: _entry(c, caller, entry, now))

    async def close(self) -> None:
        await self._provider.close()

    async def _current(self, kept: Reservation, known: Meeting, now: Instant, actor: str) -> Meeting:
        """The room, open until the end of the reservation, which may have moved."""
        until = _end(kept, now)
        if known.until == until:
            return known
        address = await self._provider.open(known.room, until)
        return await self._database.write(
            lambda t: _kept(t, actor, kept, self._provider.name, known.room, address, until)
        )

    async def _admitted(self, kept: Reservation, meeting: Meeting, guest: Guest) -> MeetingOut:
        token = await self._provider.token(meeting.room, guest, meeting.until)
        return MeetingOut(
            id=meeting.id,
            reservation_id=kept.id,
            provider=meeting.provider,
            room_url=meeting.address,
            url=self._provider.link(meeting.address, token),
            token=token,
            expires=meeting.until,
        )


def is_open(connection: Connection, kept: Reservation, now: Instant) -> bool:
    """Whether a reservation has a room that can be entered."""
    known = kept.state not in _OVER and now < shift(kept.ends, GRACE)
    return known and _of(connection, kept.id) is not None


def _end(kept: Reservation, now: Instant) -> Instant:
    """Until when its room is open. Raises `Gone` where that has passed."""
    until = shift(kept.ends, GRACE)
    if until <= now:
        raise Gone("this meeting is over", code="meeting_over")
    return until


def _own(connection: Connection, caller: Caller, id_: str) -> Reservation:
    """Staff meet everybody, customers in their own reservations. Raises `NotFound`, `Conflict`."""
    kept = store.reservation(connection, caller.org, id_)
    if caller.role is Role.CUSTOMER:
        known = customer_store.by_id(connection, caller.id)
        if known is None or known.email != kept.customer.email:
            raise NotFound("there is no such reservation")
    if kept.state in _OVER:
        raise Conflict(f"this reservation is {kept.state}", code="wrong_transition")
    return kept


def _of(connection: Connection, reservation: str) -> Meeting | None:
    row = connection.execute(select(meetings).where(_M.reservation == reservation)).first()
    return None if row is None else _value(row)


def _meeting(connection: Connection, caller: Caller, id_: str) -> tuple[Meeting, Reservation]:
    row = connection.execute(select(meetings).where(_M.org == caller.org, _M.id == id_)).first()
    if row is None:
        raise NotFound("there is no such meeting")
    return _value(row), _own(connection, caller, row.reservation)


def _kept(
    transaction: Transaction,
    actor: str,
    kept: Reservation,
    provider: str,
    room: str,
    address: str,
    until: Instant,
) -> Meeting:
    """The meeting of a reservation; whoever was first has made it."""
    connection = transaction.connection
    store.reservation(connection, kept.org, kept.id, lock=True)
    known = _of(connection, kept.id)
    if known is not None:
        if known.room == room:
            values = {"provider": provider, "address": address, "until": until}
            connection.execute(update(meetings).where(_M.id == known.id).values(values))
        return _of(connection, kept.id) or known
    made = Meeting(new_id(transaction.now), kept.org, kept.id, provider, room, address, until)
    values = {name: getattr(made, name) for name in Meeting.__slots__}
    connection.execute(insert(meetings).values(**values, created=transaction.now))
    record(
        transaction,
        org=kept.org,
        kind="meeting.made",
        subject=f"meeting:{made.id}",
        actor=actor,
        data={"reservation": kept.id, "provider": provider},
        contact=kept.contact,
    )
    return made


def _guest(connection: Connection, caller: Caller, kept: Reservation, name: str) -> Guest:
    """Staff are hosts; customers come as they are known from their booking."""
    if caller.role is Role.CUSTOMER:
        return _customer(kept, name)
    row = connection.execute(select(_S.name, _S.email).where(_S.id == caller.id)).first()
    return Guest(name or (row.name if row else ""), row.email if row else "", host=True)


def _customer(kept: Reservation, name: str) -> Guest:
    return Guest(name or kept.customer.name, kept.customer.email, host=False)


def _entry(connection: Connection, caller: Caller, entry: Entry, now: Instant) -> EntryOut:
    row = connection.execute(select(meetings).where(_M.org == caller.org, _M.room == entry.room)).first()
    if row is None:
        raise NotFound("this token lets nobody in here")
    kept = store.to_tell(connection, row.org, row.reservation)
    over = kept is None or kept.state in _OVER
    return EntryOut(
        valid=now < entry.until and not over,
        meeting_id=row.id,
        reservation_id=row.reservation,
        name=entry.name,
        host=entry.host,
        until=entry.until,
    )


def _value(row: Row[Any]) -> Meeting:
    return Meeting(row.id, row.org, row.reservation, row.provider, row.room, row.address, Instant(row.until))
