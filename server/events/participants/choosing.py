"""Choosing sessions: seats are counted in the transaction, under the sessions' own locks."""

from collections.abc import Collection, Sequence
from itertools import combinations

from domain.clock import Instant
from domain.errors import Conflict, FieldError, Invalid
from server.activity.record import record
from server.db.database import Transaction
from server.events.participants import store
from server.events.participants.store import Participant
from server.events.sessions import store as sessions_store
from server.events.sessions.store import Session


def choose(transaction: Transaction, participant: Participant, wanted: Sequence[str], actor: str) -> None:
    """Lets a participant, whose row is locked, be in these sessions and in no others.

    Raises `Invalid` for sessions that there are not, `Conflict` for those that overlap, are over or full,
    with which they are. A seat that one has already is kept, however full its session is.
    """
    connection, org, event = transaction.connection, participant.org, participant.event
    had = set(store.chosen(connection, [participant.id])[participant.id])
    found = sessions_store.some(connection, org, event, set(wanted), lock=True)
    _check_known(wanted, found)
    _check_overlaps(found.values())
    new = [session for id_, session in found.items() if id_ not in had]
    _check_over(new, transaction.now)
    taken = sessions_store.taken(connection, org, event, [session.id for session in new])
    _check_full([session for session in new if _is_full(session, taken[session.id])])
    gone = had - found.keys()
    store.give_up(connection, participant, gone)
    store.choose(connection, participant, [session.id for session in new], transaction.now)
    if new or gone:
        _record(transaction, participant, sorted(found), actor)


def give_up(transaction: Transaction, participant: Participant) -> None:
    """Frees all seats of who does not take part any more."""
    had = store.chosen(transaction.connection, [participant.id])[participant.id]
    store.give_up(transaction.connection, participant, had)


def _check_known(wanted: Sequence[str], found: Collection[str]) -> None:
    unknown = [n for n, id_ in enumerate(wanted) if id_ not in found]
    if unknown:
        message = "this event has no session with this id"
        errors = [FieldError(("body", "sessions", n), message) for n in unknown]
        raise Invalid(f"{message}: {wanted[unknown[0]]!r}", code="session_unknown", errors=errors)


def _check_overlaps(sessions: Collection[Session]) -> None:
    pairs = [
        [first.id, second.id]
        for first, second in combinations(sorted(sessions, key=lambda session: session.starts), 2)
        if second.starts < first.ends
    ]
    if pairs:
        raise Conflict(
            f"nobody can be in two sessions at once: {' and '.join(pairs[0])} overlap",
            code="sessions_overlap",
            more={"sessions": pairs},
        )


def _check_over(new: Sequence[Session], now: Instant) -> None:
    over = [session.id for session in new if session.ends <= now]
    if over:
        raise Conflict(f"over already: {', '.join(over)}", code="session_over", more={"sessions": over})


def _is_full(session: Session, taken: int) -> bool:
    return session.capacity is not None and taken >= session.capacity


def _check_full(full: Sequence[Session]) -> None:
    if full:
        ids = [session.id for session in full]
        raise Conflict(
            f"no seat is left in {', '.join(ids)}: nothing was chosen",
            code="session_full",
            more={"sessions": ids},
        )


def _record(transaction: Transaction, participant: Participant, sessions: list[str], actor: str) -> None:
    record(
        transaction,
        org=participant.org,
        kind="participant.sessions_chosen",
        subject=f"participant:{participant.id}",
        actor=actor,
        data={"event": participant.event, "sessions": sessions},
        contact=participant.contact,
    )
