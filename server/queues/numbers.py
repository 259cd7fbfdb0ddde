"""Numbers: given out one by one, or leased to a device by the block, never twice on one local day."""

from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, func, insert, select, update

from domain import clock
from domain.clock import Instant
from domain.errors import Forbidden, Invalid, NotFound
from domain.queue import label
from domain.service_point import Category
from server.activity import record
from server.auth import store as auth
from server.auth.caller import Caller
from server.db.database import Transaction
from server.db.prepared import Prepared
from server.ids import new_id
from server.queues import store
from server.queues.schemas import LeaseIn, LeaseOut
from server.queues.tables import number_leases, queue_entries, queue_numbers
from server.queues.values import Point

BEFORE_LEASES = 500
"""Blocks lie behind this number, so that a line with kiosks that never go offline runs A001, A002, A003."""

n = queue_numbers.c


_DAY = ("org", "service_point", "day", "letter")
_OF = tuple(n[name] == bindparam(f"of_{name}") for name in _DAY)
_LAST = Prepared(select(n.last).where(*_OF))
_FIRST = Prepared(insert(queue_numbers).values({column: bindparam(f"of_{column.name}") for column in n}))
_NEXT = Prepared(update(queue_numbers).where(*_OF).values(last=bindparam("of_last")))
_LEASED = Prepared(
    select(func.max(number_leases.c.last)).where(
        *(number_leases.c[name] == bindparam(f"of_{name}") for name in _DAY)
    )
)


def take(transaction: Transaction, point: Point, letter: str, day: str) -> int:
    """The next number, which nobody else gets. The service point must be locked."""
    of = _of(point, letter, day)
    last = _LAST.first(transaction.connection, **of)
    number = _after(transaction, point, letter, day, last[0] if last else 0)
    (_NEXT if last else _FIRST).later(transaction.connection, **of, of_last=number)
    return number


def issued(day: str, number: str) -> str:
    """What must be unique at a service point."""
    return f"{day}/{number}"


def is_issued(connection: Connection, point: Point, day: str, number: str) -> bool:
    e = queue_entries.c
    query = select(e.id).where(
        e.org == point.org, e.service_point == point.id, e.issued == issued(day, number)
    )
    return connection.execute(query).first() is not None


def lease(transaction: Transaction, caller: Caller, wanted: LeaseIn) -> LeaseOut:
    """Gives a device a block of numbers of today or tomorrow. Raises `NotFound`, `Invalid`."""
    if not caller.covers(f"servicePoint:{wanted.service_point}"):
        raise NotFound("there is no such service point")
    point = store.point(transaction.connection, caller.org, wanted.service_point, lock=True)
    category = category_of(point, wanted.category)
    _check_day(point, wanted.day, transaction.now)
    first = _first_to_lease(transaction, point, category.letter, wanted.day)
    made = LeaseOut(
        lease_id=new_id(transaction.now),
        service_point=point.id,
        category=category.id,
        letter=category.letter,
        day=wanted.day,
        first=first,
        last=first + wanted.size - 1,
    )
    _keep(transaction, caller, made)
    return made


def leased(
    connection: Connection, caller: Caller, point: Point, lease_id: str, number: str
) -> tuple[str, Instant]:
    """The day of a lease that has this number, and when it was given: a lease of the device, or of one that
    its kiosk was before. Raises `Forbidden`."""
    c = number_leases.c
    query = select(c.device, c.letter, c.first, c.last, c.day, c.at).where(
        c.id == lease_id, c.org == caller.org, c.service_point == point.id
    )
    row = connection.execute(query).first()
    mine = row is not None and auth.is_or_was(connection, caller.id, row.device)
    if row is None or not mine or not _within(number, row.letter, row.first, row.last):
        raise Forbidden(f"{number} is of no block of numbers that this device has", code="number_not_leased")
    return row.day, row.at


def category_of(point: Point, id_: str | None) -> Category:
    """The category of that id; without one, the first. Raises `Invalid` with those that there are."""
    categories = point.settings.categories
    found = categories[0] if id_ is None else point.settings.category(id_)
    if found is None:
        ids = ", ".join(category.id for category in categories)
        raise Invalid(f"name a category of this service point: {ids}", code="category_unknown")
    return found


def _after(transaction: Transaction, point: Point, letter: str, day: str, last: int) -> int:
    """Counts on from the last; past the numbers that are kept for leases, beyond every block given out."""
    if last < BEFORE_LEASES:
        return last + 1
    return max(last, _last_leased(transaction, point, letter, day)) + 1


def _first_to_lease(transaction: Transaction, point: Point, letter: str, day: str) -> int:
    last = _LAST.first(transaction.connection, **_of(point, letter, day))
    return max(last[0] if last else 0, BEFORE_LEASES, _last_leased(transaction, point, letter, day)) + 1


def _last_leased(transaction: Transaction, point: Point, letter: str, day: str) -> int:
    found = _LEASED.first(transaction.connection, **_of(point, letter, day))
    return (found and found[0]) or 0


def _of(point: Point, letter: str, day: str) -> dict[str, object]:
    return {"of_org": point.org, "of_service_point": point.id, "of_day": day, "of_letter": letter}


def _within(number: str, letter: str, first: int, last: int) -> bool:
    digits = number[1:]
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        return False
    return first <= int(digits) <= last and number == label(letter, int(digits))


def _check_day(point: Point, day: str, now: Instant) -> None:
    today = date.fromisoformat(clock.local_day(now, point.where))
    days = (today.isoformat(), (today + timedelta(days=1)).isoformat())
    if day not in days:
        raise Invalid(f"numbers are leased for {days[0]} or {days[1]} only", code="day_out_of_range")


def _keep(transaction: Transaction, caller: Caller, made: LeaseOut) -> None:
    transaction.connection.execute(
        insert(number_leases).values(
            id=made.lease_id,
            org=caller.org,
            device=caller.id,
            service_point=made.service_point,
            category=made.category,
            letter=made.letter,
            day=made.day,
            first=made.first,
            last=made.last,
            at=transaction.now,
        )
    )
    record.record(
        transaction,
        org=caller.org,
        kind="numbers.leased",
        subject=f"service_point:{made.service_point}",
        actor=caller.actor,
        data={"letter": made.letter, "day": made.day, "first": made.first, "last": made.last},
    )
