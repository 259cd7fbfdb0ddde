"""Joining a line: by phone, at a kiosk, through staff, after the fact, or from another service point."""

from dataclasses import dataclass, replace
from typing import assert_never

from sqlalchemy import Connection

from domain import clock, service_point
from domain.clock import MINUTE, Instant
from domain.errors import Conflict, FieldError, Invalid
from domain.ids import EntryId, ServicePointId
from domain.queue import Entry, Event, State, join_time, label
from domain.service_point import Category, Refusal
from server.activity.record import Changed, record
from server.auth.caller import Caller
from server.db.database import Transaction
from server.ids import new_id
from server.queues import moves, numbers, store
from server.queues.line import Line, line
from server.queues.values import Person, Place, Point

_SAME_VISIT = 15 * MINUTE
STILL_HERE = (State.WAITING, State.CALLED, State.HELD)


@dataclass(frozen=True, slots=True)
class Joiner:
    """Who joins for what. `priority` None: the class of the category. `arrived`: is on the spot."""

    person: Person
    category: str | None = None
    priority: str | None = None
    arrived: bool = True


@dataclass(frozen=True, slots=True)
class Issued:
    """A number that a kiosk gave out by itself, for a local day, not before `since`."""

    number: str
    day: str
    since: Instant


@dataclass(frozen=True, slots=True)
class Entered:
    """A new entry in its line; no line for what is heard of later. `new`: there was none of this person."""

    place: Place
    there: Line | None = None
    new: bool = True


def by_phone(transaction: Transaction, point: Point, joiner: Joiner, known_by: Person) -> Entered:
    """The entry that whoever is `known_by` this has here already, else a new one. The service point must be
    locked.

    Raises `Conflict` where nobody may join by phone now, `Invalid` for what is missing.
    """
    known = already_here(transaction.connection, point, known_by, transaction.now)
    if known is not None:
        return Entered(known, new=False)
    there = line(transaction.connection, point, transaction.now)
    check_self_join(there)
    _check_required(point, joiner.person)
    return enter(transaction, there, joiner, "public")


def check_self_join(line: Line) -> None:
    """Raises `Conflict` where visitors cannot join by themselves now; staff still can add them."""
    settings = line.point.settings
    why = service_point.refusal(settings, line.opening, line.length)
    match why:
        case None:
            return
        case Refusal.OFF:
            raise Conflict("please join at the desk: this line takes no joins by itself", code=why)
        case Refusal.CLOSED:
            opens = service_point.opens(settings, line.point.where, line.at)
            hour = f" until {clock.local(opens, line.point.where):%A %H:%M}" if opens else ""
            raise Conflict(f"this service point is closed{hour}", code=why, more={"opensAt": _at(opens)})
        case Refusal.CLOSING:
            raise Conflict(
                "the wait is longer than this service point is open today: please ask at the desk",
                code=why,
                more={"closesAt": _at(service_point.closes(settings, line.point.where, line.at))},
            )
        case Refusal.FULL:
            raise Conflict("this line is full: please come back a little later", code=why)
        case _:
            assert_never(why)


def already_here(connection: Connection, point: Point, person: Person, now: Instant) -> Place | None:
    """The entry of somebody with the same phone, e-mail or browser who joined a short while ago."""
    known = store.alike(connection, point, person, STILL_HERE)
    return next((place for place in known if now - place.entry.joined < _SAME_VISIT), None)


def join(
    transaction: Transaction,
    point: Point,
    joiner: Joiner,
    actor: str,
    *,
    entry_id: str | None = None,
    at: Instant | None = None,
    issued: Issued | None = None,
) -> Place:
    """A new entry at the end of its line, with its number. The service point must be locked.

    `issued` and `at` are given for what has happened already: then `at` alone decides the place.
    """
    there = line(transaction.connection, point, transaction.now)
    return enter(transaction, there, joiner, actor, entry_id=entry_id, at=at, issued=issued).place


def enter(
    transaction: Transaction,
    before: Line,
    joiner: Joiner,
    actor: str,
    *,
    entry_id: str | None = None,
    at: Instant | None = None,
    issued: Issued | None = None,
) -> Entered:
    """The same as `join`, where the line is known already."""
    point = before.point
    category = _category(point, joiner.category, issued)
    now = transaction.now if at is None else at
    joined = join_time(now, point.joined) if issued is None else Instant(max(now, issued.since))
    given = issued or _next_number(transaction, point, category, joined)
    return _enter(
        transaction,
        before,
        Place(
            entry=Entry(
                id=EntryId(entry_id or new_id(transaction.now)),
                service_point=ServicePointId(point.id),
                number=given.number,
                category=category.id,
                joined=_place_in_time(point, joiner.person, joined),
                sequence=point.sequence + 1,
                changed=joined,
                priority=_class(point, joiner, category),
                arrived=joiner.arrived,
            ),
            org=point.org,
            visit="",
            day=given.day,
            issued=numbers.issued(given.day, given.number),
            person=joiner.person,
        ),
        joined,
        actor,
    )


def find_both(
    transaction: Transaction, org: str, id_: str, target: str, caller: Caller | None
) -> tuple[Point, Place, Point]:
    """An entry, its service point and another one, both locked, always in the same order."""
    seen = store.place(transaction.connection, id_, org)
    if seen is not None and target < seen.entry.service_point:
        store.point(transaction.connection, org, target, lock=True)
    point, place = moves.find(transaction, org, id_, caller)
    return point, place, store.point(transaction.connection, org, target, lock=True)


def transfer(
    transaction: Transaction,
    point: Point,
    place: Place,
    target: Point,
    category: str | None,
    wanted: moves.Wanted,
    new: str | None = None,
) -> Place:
    """The entry at another service point: the same number and visit, from the instant at which it left.

    Both service points must be locked. Raises `Conflict` and `Invalid` as `moves.act` does.
    """
    moves.check_version(place, wanted.version)
    left = moves.decide(point, place, wanted)
    named = category or (place.entry.category if target.settings.category(place.entry.category) else None)
    kind = numbers.category_of(target, named)
    before = moves.settle(transaction, point, place, left, "transferred", wanted.actor)
    if target.id == point.id:
        target = store.point(transaction.connection, point.org, point.id)
    joined = join_time(left.changed, target.joined)
    entry = Entry(
        id=EntryId(new or new_id(transaction.now)),
        service_point=ServicePointId(target.id),
        number=place.entry.number,
        category=kind.id,
        joined=joined,
        sequence=target.sequence + 1,
        changed=left.changed,
        priority=kind.priority if category else place.entry.priority,
        arrived=place.entry.arrived,
    )
    day = clock.local_day(joined, target.where)
    leg = store.last_leg(transaction.connection, before).leg + 1
    after = Place(entry=entry, org=target.org, visit=before.visit, day=day, person=before.person, leg=leg)
    there = line(transaction.connection, target, transaction.now)
    return _enter(transaction, there, after, joined, wanted.actor).place


def undo(transaction: Transaction, point: Point, place: Place, at: Instant, actor: str) -> Place:
    """Takes the last transition back; of a transfer, also the entry that it made, while nobody called it."""
    if place.entry.state is State.TRANSFERRED and place.entry.prior is not None:
        _call_back(transaction, place, at, actor)
    return moves.undo_last(transaction, point, place, at, actor)


def _call_back(transaction: Transaction, place: Place, at: Instant, actor: str) -> None:
    """The later leg of the visit is transferred back, for good."""
    later = store.last_leg(transaction.connection, place)
    target = store.point(transaction.connection, later.org, later.entry.service_point, lock=True)
    later = store.last_leg(transaction.connection, place)
    if later.entry.state is not State.WAITING or later.entry.changed != place.entry.changed:
        raise Conflict(
            f"{later.entry.number} has moved on at {target.name}: undo that first",
            code="moved_on",
            more=moves.found_state(place),
        )
    back = moves.decide(target, later, moves.Wanted(Event.TRANSFER, at, actor))
    moves.settle(transaction, target, later, replace(back, prior=None), "transferred", actor)


def _enter(transaction: Transaction, before: Line, new: Place, joined: Instant, actor: str) -> Entered:
    """Keeps a new entry, counts it, and keeps what was foretold to it, to be compared with what comes."""
    point = before.point
    store.advance(transaction, point, sequence=new.entry.sequence, joined=max(joined, point.joined or joined))
    heard_of_later = transaction.now - new.entry.changed > MINUTE
    there = None if heard_of_later else before.joined_by(new)
    foretold = there.forecast(new) if there else None
    kept = store.add(transaction, replace(new, visit=new.visit or new.entry.id, forecast=foretold), actor)
    record(
        transaction,
        org=point.org,
        kind="queue.joined",
        subject=f"queue_entry:{kept.entry.id}",
        actor=actor,
        data={
            "servicePoint": point.id,
            "number": kept.entry.number,
            "category": kept.entry.category,
            "visit": kept.visit,
        },
        changed=[Changed(point.scope, "queue_entry", kept.entry.id)],
    )
    return Entered(kept, there)


def _next_number(transaction: Transaction, point: Point, category: Category, joined: Instant) -> Issued:
    day = clock.local_day(joined, point.where)
    number = label(category.letter, numbers.take(transaction, point, category.letter, day))
    return Issued(number, day, joined)


def _category(point: Point, id_: str | None, issued: Issued | None) -> Category:
    """A number that was given out stands, also for a category that is no more."""
    if issued is not None and id_ is not None and point.settings.category(id_) is None:
        return Category(id_, issued.number[:1])
    return numbers.category_of(point, id_)


def _place_in_time(point: Point, person: Person, joined: Instant) -> Instant:
    """Where bookings wait by their time, whoever has one stands where that time is."""
    booked = None if point.settings.bookings_first else person.booked
    return joined if booked is None else booked


def _class(point: Point, joiner: Joiner, category: Category) -> str:
    if joiner.priority is not None:
        return joiner.priority
    first = joiner.person.booked is not None and point.settings.bookings_first and point.rules.quota
    return point.rules.quota[0] if first else category.priority


def _check_required(point: Point, person: Person) -> None:
    missing = [name for name in sorted(point.settings.requires) if not getattr(person, name)]
    if missing:
        raise Invalid(
            f"this line asks for your {' and '.join(missing)}",
            errors=[FieldError(("body", name), "is needed here") for name in missing],
        )


def refuse_taken(connection: Connection, entry_id: str | None) -> None:
    """Raises `Conflict` where the id that a client made for a new entry is another one's."""
    if entry_id is not None and store.place(connection, entry_id) is not None:
        raise Conflict("the id of the new entry is taken: make another one", code="id_taken")


def plain_phone(text: str) -> str:
    """A phone number as it is compared: without blanks and signs between the digits."""
    return "".join(char for char in text if char.isdigit() or char == "+")


def _at(instant: Instant | None) -> str | None:
    return None if instant is None else clock.rfc3339(instant)
