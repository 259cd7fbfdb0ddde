"""Reservations are held, made, moved and called off, and what becomes of them is told to people."""

from dataclasses import dataclass, replace
from secrets import token_urlsafe

from domain import clock
from domain.clock import MINUTE, Instant, shift
from domain.errors import Conflict, FieldError, Invalid
from domain.reservation import AHEAD, NUMBER_LENGTH, TRANSITIONS, Event, State, after, lapse
from domain.slots import Taken
from server.activity.record import record
from server.contacts.book import contact_for
from server.db.database import Transaction
from server.ids import new_id, readable
from server.messaging.post import post
from server.queues import store as queues
from server.queues.joining import plain_phone
from server.reservations import store, times
from server.reservations.times import Wanted
from server.reservations.values import HOLD, Customer, Definition, Hold, Reservation

DONE = {
    Event.CONFIRM: "appointment_confirmed",
    Event.MOVE: "appointment_moved",
    Event.CHECK_IN: "appointment_checked_in",
    Event.COMPLETE: "appointment_completed",
    Event.CANCEL: "appointment_cancelled",
    Event.NO_SHOW: "appointment_no_show",
}
"""What the contact's timeline says."""
_TOLD = {Event.CONFIRM: "confirmed", Event.MOVE: "moved", Event.CANCEL: "cancelled"}
"""What a mail tells the customer of."""


@dataclass(frozen=True, slots=True)
class Booking:
    """Who books what. `hold` is the id of a hold of theirs."""

    wanted: Wanted
    customer: Customer
    notes: str = ""
    hold: str | None = None


def hold(transaction: Transaction, of: Definition, wanted: Wanted, instead: str | None = None) -> Hold:
    """Keeps a time for five minutes, and lets go of what the same person held. Raises as `times.grant`."""
    if instead is not None:
        store.drop_hold(transaction, instead)
    taken = times.grant(transaction, of, wanted)
    kept = Hold(token_urlsafe(18), of.org, of.id, taken, shift(transaction.now, HOLD))
    store.add_hold(transaction, kept)
    transaction.touched.add(scope(of.org))
    return kept


def make(transaction: Transaction, of: Definition, new: Booking, actor: str) -> Reservation:
    """A new reservation, confirmed unless staff confirm each. Raises as `times.grant`."""
    wanted, mine = _as_held(transaction, of, new)
    taken = times.grant(transaction, of, wanted, but=mine)
    for each in mine:
        store.drop_hold(transaction, each)
    made = scheduled(transaction, of, _made(transaction, of, new, taken, actor))
    store.add(transaction, made)
    note(transaction, made, "appointment_made", actor)
    if made.state is State.CONFIRMED:
        note(transaction, made, DONE[Event.CONFIRM], actor)
    tell(transaction, made, "confirmed" if made.state is State.CONFIRMED else "requested")
    return made


def move(
    transaction: Transaction, of: Definition, kept: Reservation, wanted: Wanted, actor: str
) -> Reservation:
    """Another time, or other staff; its own time does not block it. Raises as `times.grant`, `Conflict`."""
    check(kept, Event.MOVE)
    taken = times.grant(transaction, of, wanted, but=(kept.id,))
    moved = replace(
        kept,
        starts=taken.start,
        ends=taken.end,
        staff=taken.staff,
        before=taken.before,
        after=taken.after,
    )
    return become(transaction, scheduled(transaction, of, moved), Event.MOVE, actor)


def become(transaction: Transaction, kept: Reservation, event: Event, actor: str) -> Reservation:
    """What follows an event; people are told. Raises `Conflict` where it does not fit."""
    state = check(kept, event)
    sequence = kept.sequence + (event in _TOLD)
    changed = turn(transaction, replace(kept, sequence=sequence), state, DONE[event], actor)
    if event in _TOLD:
        tell(transaction, changed, _TOLD[event])
    return changed


def turn(transaction: Transaction, kept: Reservation, state: State, done: str, actor: str) -> Reservation:
    """Another state, and a line in the contact's timeline. Nothing falls due any more once it is over."""
    if state not in AHEAD:
        kept = replace(kept, remind=None, lapses=None)
    changed = keep(transaction, replace(kept, state=state))
    note(transaction, changed, done, actor)
    return changed


def annotate(transaction: Transaction, kept: Reservation, notes: str, actor: str) -> Reservation:
    kept = keep(transaction, replace(kept, notes=notes))
    note(transaction, kept, "appointment_annotated", actor)
    return kept


def keep(transaction: Transaction, changed: Reservation, **more: object) -> Reservation:
    changed = replace(changed, version=changed.version + 1, changed=transaction.now)
    store.keep(transaction, changed, **more)
    transaction.touched.add(scope(changed.org))
    return changed


def cancel_oneself(transaction: Transaction, of: Definition, kept: Reservation) -> Reservation:
    """Raises `Conflict` past the cut-off, or where it is over."""
    check(kept, Event.CANCEL)
    check_cutoff(of, kept, transaction.now)
    return become(transaction, kept, Event.CANCEL, "public")


def remind(transaction: Transaction, kept: Reservation, actor: str, cause: str) -> bool:
    """Owes a reminder, once for each cause; whether there is anybody to remind."""
    over = kept.state not in AHEAD or kept.ends <= transaction.now
    if over or not tell(transaction, kept, "reminder", cause):
        return False
    note(transaction, kept, "appointment_reminded", actor)
    return True


def next_reminder(of: Definition, starts: Instant, now: Instant) -> Instant | None:
    """When the next of the schedule is due."""
    due = (shift(starts, -minutes * MINUTE) for minutes in of.settings.reminder_minutes)
    return min((at for at in due if at > now), default=None)


def scheduled(transaction: Transaction, of: Definition, kept: Reservation) -> Reservation:
    """One that is still to come, with what falls due by itself: reminders, and when it is given up."""
    where = queues.past_point(transaction.connection, of.org, of.service_point).where
    return replace(
        kept,
        remind=next_reminder(of, kept.starts, transaction.now),
        lapses=lapse(kept.starts, kept.ends, where),
    )


def check(kept: Reservation, event: Event) -> State:
    """The state that follows. Raises `Conflict` with the state found and what is allowed."""
    state = after(kept.state, event)
    if state is None:
        raise wrong(kept, event)
    return state


def wrong(kept: Reservation, wanted: str) -> Conflict:
    """Says what was found and what is allowed."""
    fits = sorted(TRANSITIONS[kept.state])
    return Conflict(
        f"this reservation is {kept.state}, so that {wanted} does not fit; it allows"
        f" {', '.join(fits) or 'nothing'}",
        code="wrong_transition",
        more={"state": kept.state, "allowed": fits},
    )


def check_cutoff(of: Definition, kept: Reservation, now: Instant) -> None:
    """Raises `Conflict` where only staff can still change it."""
    last = last_change(of, kept)
    if now > last:
        raise Conflict(
            f"this could be changed until {clock.rfc3339(last)}: please call us", code="cutoff_passed"
        )


def last_change(of: Definition, kept: Reservation) -> Instant:
    """Until when customers may cancel or move it themselves."""
    return shift(kept.starts, -of.settings.cutoff_minutes * MINUTE)


def tell(transaction: Transaction, kept: Reservation, what: str, cause: str | None = None) -> bool:
    """Owes the customer a mail; False where they left no address, or had this one."""
    if not kept.customer.email:
        return False
    return post(
        transaction,
        org=kept.org,
        kind=f"reservation.{what}",
        cause=cause or f"reservation {kept.id} {what} {kept.version}",
        to=kept.customer.email,
        name=kept.customer.name,
        language=kept.customer.language,
        about={"reservation": kept.id},
        contact=kept.contact,
    )


def scope(org: str) -> str:
    """What a transaction touches that changes reservations."""
    return f"{org}/reservations"


def check_somebody(customer: Customer) -> None:
    """Raises `Invalid` where staff have not said who comes."""
    if not (customer.email or customer.phone or customer.name):
        words = "say who comes: a name, a phone number or an e-mail address"
        raise Invalid(words, errors=[FieldError(("body", "customer"), words)])


def check_customer(customer: Customer) -> None:
    """Raises `Invalid` for what somebody who books by themselves must say."""
    missing = [name for name in ("email", "name") if not getattr(customer, name)]
    if missing:
        raise Invalid(
            f"please say your {' and '.join(missing)}",
            errors=[FieldError(("body", "customer", name), "is needed here") for name in missing],
        )


def _as_held(transaction: Transaction, of: Definition, new: Booking) -> tuple[Wanted, tuple[str, ...]]:
    """What was held is granted as it was; another time as anybody gets it."""
    held = store.hold(transaction.connection, new.hold, transaction.now) if new.hold else None
    if held is None or (held.org, held.definition) != (of.org, of.id):
        return new.wanted, ()
    taken, wanted = held.taken, new.wanted
    same = taken.start == wanted.start and wanted.seats <= taken.seats
    if same and wanted.staff in (None, taken.staff):
        wanted = replace(wanted, staff=taken.staff, anywhere=True)
    return wanted, (held.id,)


def _made(transaction: Transaction, of: Definition, new: Booking, taken: Taken, actor: str) -> Reservation:
    customer, now = new.customer, transaction.now
    contact, phone = None, plain_phone(new.customer.phone)
    if customer.email or phone:
        contact = contact_for(
            transaction,
            of.org,
            actor,
            email=customer.email,
            phone=phone,
            name=customer.name,
            language=customer.language,
        )
    return Reservation(
        id=new_id(now),
        org=of.org,
        number=_number(transaction),
        secret=token_urlsafe(18),
        definition=of.id,
        service_point=of.service_point,
        staff=taken.staff,
        starts=taken.start,
        ends=taken.end,
        before=taken.before,
        after=taken.after,
        seats=taken.seats,
        shared=taken.shared,
        state=State.PENDING if of.settings.confirmation == "manual" else State.CONFIRMED,
        customer=customer,
        notes=new.notes,
        contact=contact,
        sequence=0,
        version=1,
        entry=None,
        was=None,
        seen=0,
        watched=None,
        lapses=None,
        remind=None,
        created=now,
        changed=now,
    )


def _number(transaction: Transaction) -> str:
    while True:
        number = readable(NUMBER_LENGTH)
        if not store.number_taken(transaction.connection, number):
            return number


def note(transaction: Transaction, of: Reservation, kind: str, actor: str) -> None:
    """Writes it into the trail, and the contact's timeline."""
    record(
        transaction,
        org=of.org,
        kind=kind,
        subject=of.subject,
        actor=actor,
        data={
            "number": of.number,
            "definition": of.definition,
            "servicePoint": of.service_point,
            "start": clock.rfc3339(of.starts),
            "staff": of.staff,
            "state": of.state,
        },
        contact=of.contact,
    )
    transaction.touched.add(scope(of.org))
