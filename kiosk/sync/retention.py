"""When an event is over its copy leaves the disk, and so do the scans that the server has; whoever ended in
a line leaves it a day or two later; and what was made for another mode of this device leaves at once."""

from domain.clock import DAY, Instant
from domain.ids import EventId
from domain.sync import Scope
from kiosk.sync.session import Session

KEPT = 3 * DAY
"""How long after its end: doors stay open longer than planned, and somebody may look something up."""

ENDED_KEPT = 2 * DAY
"""Longer than any local day: what a desk says of today needs today's no-shows, and who was served."""

_OVER, _FETCHED, _MODE = "over:", "fetched:", "copies for"


def fetched(session: Session, scope: Scope) -> None:
    """A copy has come, just now."""
    now = session.store.offset.correct(session.now())
    session.store.settings.put(f"{_FETCHED}{scope}", str(now))


async def drop_over(session: Session) -> None:
    """Asked only while the server answers, so that its present word on the end counts."""
    now = session.store.offset.correct(session.now())
    for event in session.store.tickets.catalog().events.values():
        scope = Scope("event", event.id)
        fetched = int(session.store.settings.get(f"{_FETCHED}{scope}", "0"))
        # Who sets a kiosk up for an event of the past wants to see it.
        if fetched <= event.ends + KEPT < now and scope in session.store.copies.scopes():
            await session.work(_drop, session, scope)
    await session.work(session.store.lines.drop_ended, Instant(now - ENDED_KEPT))


def wanted(session: Session) -> set[Scope]:
    """The scopes of this device, without events that are over."""
    kept = session.store.settings
    return {scope for scope in session.credentials.scopes if not kept.get(f"{_OVER}{scope}")}


def is_of_this_mode(session: Session) -> bool:
    """Whether the copies that are here were made for what this device is now: for a door they hold people
    whom a display must not know of."""
    return session.store.settings.get(_MODE, "") == session.credentials.mode


def note_mode(session: Session) -> None:
    if not is_of_this_mode(session):
        session.store.settings.put(_MODE, session.credentials.mode)


def want_all(session: Session) -> None:
    """An administrator set this device up anew: what was over may not be."""
    for scope in session.credentials.scopes:
        session.store.settings.drop(f"{_OVER}{scope}")


def _drop(session: Session, scope: Scope) -> None:
    session.store.settings.put(f"{_OVER}{scope}", "yes")
    session.store.drop(scope)
    session.store.door.forget(EventId(scope.id))
