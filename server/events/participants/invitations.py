"""Invitations: sent by the organiser, answered by whoever has the link, taken back."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import Connection, select

from domain.errors import Conflict, FieldError, Invalid, NotFound
from server.auth.tokens import new_token
from server.contacts.book import contact_for
from server.contacts.tables import contacts
from server.db.database import Transaction
from server.events.participants import store
from server.events.participants.schemas import InvitationOut, Invited
from server.events.participants.service import open_event, participant_of, step
from server.events.participants.states import TRANSITIONS, Act, State
from server.events.participants.store import Named, Participant
from server.events.service import event_of
from server.events.store import Event
from server.messaging.post import post
from server.texts import spoken

KIND = "participation.invited"
_C = contacts.c


def invite(
    transaction: Transaction, org: str, event: str, actor: str, emails: Iterable[str], ids: Collection[str]
) -> list[Invited]:
    """Invites these addresses and contacts, each once: not again who was invited or takes part.

    Raises `NotFound` where there is no such event, `Conflict` where it is not published or over, `Invalid`
    for contacts that there are not or that have no address.
    """
    found = open_event(transaction, event_of(transaction.connection, org, event))
    addressed = {*ids, *_known(transaction.connection, org, ids)}
    # In one order for everybody, so that no two wait for each other.
    people = [contact_for(transaction, org, actor, email=email) for email in sorted(set(emails))]
    return [_invite(transaction, found, contact, actor) for contact in sorted({*people, *addressed})]


def remind(transaction: Transaction, participant: Participant) -> Participant:
    """Mails an invitation again. Raises `Conflict` where it was answered or taken back."""
    event = open_event(transaction, event_of(transaction.connection, participant.org, participant.event))
    if participant.state is not State.INVITED:
        raise Conflict(
            f"this participation is {participant.state}: there is no answer to wait for",
            code="participation_state",
            more={"state": participant.state.value},
        )
    changed = replace(participant, invited=transaction.now)
    store.change(transaction.connection, changed)
    _mail(transaction, event, changed)
    return changed


def withdraw(transaction: Transaction, participant: Participant, actor: str) -> None:
    """Takes an invitation back, whatever was answered; its link serves no more. Raises `Conflict`."""
    changed = step(transaction, participant, Act.WITHDRAW, actor)
    store.change(transaction.connection, replace(changed, token=None))


def invitation_of(connection: Connection, org: str, event: str, id_: str) -> Participant:
    """Somebody who was invited to this event, locked. Raises `NotFound`."""
    found = store.by_id(connection, org, id_, lock=True)
    if found is None or found.event != event or found.invited is None:
        raise NotFound("there is no invitation with this id")
    return found


def by_token(connection: Connection, token: str, *, lock: bool = False) -> Participant:
    """Whose invitation a link is. Raises `NotFound` for one that was taken back, too."""
    found = store.by_token(connection, token, lock=lock)
    if found is None:
        raise NotFound("there is no such invitation, or it was taken back")
    return found


def shown(named: Named) -> InvitationOut:
    participant = named.participant
    return InvitationOut(
        id=participant.id,
        contact=participant.contact,
        name=named.name,
        email=named.email,
        state=participant.state,
        invited=participant.invited,
        answered=participant.answered,
    )


def _known(connection: Connection, org: str, ids: Collection[str]) -> set[str]:
    """These contacts. Raises `Invalid` with the place of each that cannot be invited."""
    asked = select(_C.id).where(_C.org == org, _C.id.in_(ids), _C.email.is_not(None))
    known = set(connection.execute(asked).scalars())
    message = "there is no contact with this id that has an e-mail address"
    wrong = [FieldError(("body", "contacts", n), message) for n, id_ in enumerate(ids) if id_ not in known]
    if wrong:
        raise Invalid(f"{message}; nobody was invited", code="contact_unknown", errors=wrong)
    return known


def _invite(transaction: Transaction, event: Event, contact: str, actor: str) -> Invited:
    participant, new = participant_of(transaction, event.org, event.id, contact, state=State.CANCELLED)
    send = new or Act.INVITE in TRANSITIONS[participant.state]
    if send:
        changed = step(transaction, participant, Act.INVITE, actor)
        participant = replace(changed, token=new_token(), invited=transaction.now, answered=None)
        store.change(transaction.connection, participant)
        _mail(transaction, event, participant)
    named = store.named(transaction.connection, participant.id)
    assert named is not None
    return Invited(**shown(named).model_dump(), sent=send)


def _mail(transaction: Transaction, event: Event, participant: Participant) -> None:
    person = transaction.connection.execute(
        select(_C.email, _C.name, _C.language).where(_C.id == participant.contact)
    ).one()
    post(
        transaction,
        org=event.org,
        kind=KIND,
        cause=f"{KIND} {participant.id} {participant.invited}",
        to=person.email,
        name=person.name,
        language=spoken(person.language or next(iter(event.languages), "en")),
        about={"participant": participant.id},
        event=event.id,
        contact=participant.contact,
    )
