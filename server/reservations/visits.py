"""The visit that a reservation is for: it begins with a check-in, and what becomes of it counts here too.

The line knows nothing of reservations: each of them looks after its own visit, and says what it is by now.
"""

from dataclasses import replace

from domain import clock, queue
from domain.clock import DAY, shift
from domain.errors import Conflict
from domain.queue import LIVE
from domain.reservation import AHEAD, Event, State, is_due, of_visit
from server.db.database import Transaction
from server.queues import joining, moves
from server.queues import store as queues
from server.queues.joining import Joiner
from server.queues.stretches import SYSTEM
from server.queues.values import Person, Point
from server.reservations import booking, store
from server.reservations.values import Definition, Reservation

WATCHED = 2 * DAY
"""So long after a check-in the visit may still take back how it ended, without anybody asking."""
_SAID = {
    State.CHECKED_IN: Event.CHECK_IN,
    State.COMPLETED: Event.COMPLETE,
    State.NO_SHOW: Event.NO_SHOW,
    State.CANCELLED: Event.CANCEL,
}


def check_in(transaction: Transaction, of: Definition, kept: Reservation, actor: str) -> Reservation:
    """The person is here, and joins the walk-up line as the service point says. Raises `Conflict`.

    Whom the line has taken back meanwhile has their place already.
    """
    followed = follow(transaction, kept)
    if followed.state is State.CHECKED_IN and kept.state is not State.CHECKED_IN:
        return followed
    booking.check(followed, Event.CHECK_IN)
    point = queues.point(transaction.connection, kept.org, kept.service_point, lock=True)
    if not is_due(kept.starts, transaction.now, point.where):
        day = clock.local_day(kept.starts, point.where)
        raise Conflict(f"this reservation is for {day}: move it first", code="not_today", more={"day": day})
    place = joining.join(transaction, point, _joiner(of, kept, point), actor)
    here = replace(
        followed,
        entry=place.entry.id,
        was=followed.state,
        seen=place.version,
        watched=shift(transaction.now, WATCHED),
    )
    return booking.become(transaction, here, Event.CHECK_IN, actor)


def undo_check_in(transaction: Transaction, of: Definition, kept: Reservation, actor: str) -> Reservation:
    """Somebody else was here: the entry leaves the line, and the reservation is as before.

    Raises `Conflict`: `wrong_transition`, `moved_on` where the person does not just wait any more.
    """
    kept = follow(transaction, kept)
    if kept.state is not State.CHECKED_IN or kept.entry is None:
        raise booking.wrong(kept, "undoing a check-in")
    point, place = moves.find(transaction, kept.org, kept.entry, None)
    if place.entry.state is not queue.State.WAITING:
        raise Conflict(
            f"{place.entry.number} is {place.entry.state} by now: undo that first",
            code="moved_on",
            more=moves.found_state(place),
        )
    moves.act(transaction, point, place, moves.Wanted(queue.Event.LEAVE, transaction.now, actor))
    before = kept.was or State.CONFIRMED
    apart = replace(kept, entry=None, was=None, seen=0, watched=None)
    if before in AHEAD:
        apart = booking.scheduled(transaction, of, apart)
    return booking.turn(transaction, apart, before, "appointment_check_in_undone", actor)


def follow(transaction: Transaction, kept: Reservation) -> Reservation:
    """The reservation as its visit has it by now, also where that went on after an end.

    Its row must be locked. What staff said of it since the visit's last change stands.
    """
    legs, seen = store.legs(transaction.connection, kept)
    if seen == kept.seen:
        return kept
    state, kept = of_visit(legs), replace(kept, seen=seen)
    if state is kept.state:
        store.keep(transaction, kept)
        return kept
    if state is State.CHECKED_IN:
        kept = replace(kept, watched=shift(transaction.now, WATCHED))
    return booking.turn(transaction, kept, state, booking.DONE[_SAID[state]], SYSTEM)


def end(transaction: Transaction, kept: Reservation, event: Event, actor: str) -> Reservation:
    """What staff say became of it; who still stands in line for it does so no more. Raises `Conflict`."""
    booking.check(kept, event)
    left = queue.Event.COMPLETE if event is Event.COMPLETE else queue.Event.NO_SHOW
    if not _take_out(transaction, kept, left, actor):
        raise Conflict("they are being served: complete that, or undo it first", code="being_served")
    _, seen = store.legs(transaction.connection, kept)
    return booking.become(transaction, replace(kept, seen=seen), event, actor)


def drop(transaction: Transaction, kept: Reservation, actor: str) -> None:
    """Deletes a reservation; one that is still to come is cancelled first, so that people hear of it.

    Who waits for it leaves the line; who is being served is served to the end.
    """
    if kept.state in AHEAD:
        kept = booking.become(transaction, kept, Event.CANCEL, actor)
    _take_out(transaction, kept, queue.Event.LEAVE, actor)
    booking.keep(transaction, replace(kept, watched=None), deleted=transaction.now)
    booking.note(transaction, kept, "appointment_deleted", actor)


def _take_out(transaction: Transaction, kept: Reservation, event: queue.Event, actor: str) -> bool:
    """Ends a visit that goes on; False where somebody is being served, which only `COMPLETE` may end.

    Nobody completes who was not served: they leave.
    """
    place = queues.place(transaction.connection, kept.entry, kept.org) if kept.entry else None
    if place is None:
        return True
    here = queues.current_leg(transaction.connection, place)
    point, here = moves.find(transaction, kept.org, here.entry.id, None)
    if here.entry.state not in LIVE:
        return True
    served = queue.State.SERVING in (here.entry.state, here.entry.held_from)
    if served and event is not queue.Event.COMPLETE:
        return False
    if not served and event is queue.Event.COMPLETE:
        event = queue.Event.LEAVE
    if here.entry.state is queue.State.HELD:
        back = moves.Wanted(queue.Event.RESUME, transaction.now, actor)
        here = moves.act(transaction, point, here, back)
    moves.act(transaction, point, here, moves.Wanted(event, transaction.now, actor, force=True))
    return True


def _joiner(of: Definition, kept: Reservation, point: Point) -> Joiner:
    said, category = kept.customer, of.settings.category
    person = Person(
        name=said.name,
        party=kept.seats,
        note=kept.notes[:500],
        phone=joining.plain_phone(said.phone),
        email=said.email,
        language=said.language,
        booked=kept.starts,
    )
    known = category if category and point.settings.category(category) else None
    return Joiner(person, known or point.settings.categories[0].id)
