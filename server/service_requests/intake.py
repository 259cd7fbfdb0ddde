"""A device is taken in: it gets a number to read out, a code for its label, a link for its owner."""

from dataclasses import dataclass, replace
from secrets import token_urlsafe

from domain.clock import Instant
from domain.errors import Unauthenticated
from domain.service_request import Promise, State
from server.auth import customer_store
from server.auth.caller import Caller, Role
from server.contacts.book import contact_for
from server.db.database import Transaction
from server.ids import new_id, readable
from server.queues import store as queues
from server.service_requests import changes, photos, store
from server.service_requests.schemas import IntakeIn
from server.service_requests.values import Customer, Device, Request

CODE = "SR-"
"""Begins the codes of labels, so that a scanner knows them from tickets."""
_LETTERS = 10
"""Fifty bits."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken in, from whom, and what they say of it."""

    service_point: str
    customer: Customer
    device: Device
    problem: str
    condition: str = ""
    accessories: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    signature: str | None = None
    currency: str = "EUR"
    promised: Instant | None = None
    assignee: str | None = None


def said(transaction: Transaction, caller: Caller, body: IntakeIn) -> Taken:
    """What a caller says, as far as it is heard. Raises `Unauthenticated` for an account that was closed."""
    who = Customer(body.customer.name, body.customer.email, body.customer.phone, body.customer.language)
    taken = Taken(
        body.service_point,
        _own(transaction, caller, who),
        Device(**body.device.model_dump()),
        body.problem,
        body.condition,
        tuple(body.accessories),
        tuple(body.photos),
        body.signature,
    )
    if not is_desk(caller):
        return taken
    return replace(taken, currency=body.currency, promised=body.promised, assignee=body.assignee)


def is_desk(caller: Caller) -> bool:
    """Whether the caller works here, and is no customer nor a kiosk of theirs."""
    return caller.role is Role.STAFF or caller.mode == "desk"


def take_in(transaction: Transaction, org: str, actor: str, new: Taken, id_: str | None = None) -> Request:
    """Raises `NotFound` for a service point that is not there, `Invalid` for photos or staff."""
    point = queues.point(transaction.connection, org, new.service_point)
    if new.assignee is not None:
        changes.check_assignee(transaction.connection, org, new.assignee)
    now = transaction.now
    made = Request(
        id=id_ or new_id(now),
        org=org,
        service_point=point.id,
        sequence=store.next_sequence(transaction, org, point.id),
        code=_code(transaction),
        secret=token_urlsafe(18),
        state=State.INTAKE,
        since=now,
        customer=known(transaction, org, actor, new.customer),
        device=new.device,
        problem=new.problem,
        condition=new.condition,
        accessories=new.accessories,
        currency=new.currency,
        parts=(),
        labour=(),
        assignee=new.assignee,
        promise=Promise(new.promised),
        estimate=0,
        version=1,
        created=now,
        changed=now,
    )
    store.add(transaction, made)
    photos.tie(transaction, made, new.photos, actor)
    if new.signature is not None:
        photos.tie(transaction, made, [new.signature], actor, signature=True)
    changes.note_down(transaction, made, "made", actor, device=str(made.device))
    changes.tell(transaction, made, "received")
    return made


def _own(transaction: Transaction, caller: Caller, said: Customer) -> Customer:
    """A customer who has signed in is whom their account says. Raises `Unauthenticated` for a closed one."""
    if caller.role is not Role.CUSTOMER:
        return said
    account = customer_store.by_id(transaction.connection, caller.id)
    if account is None or not account.active:
        raise Unauthenticated("this account was closed; ask the organiser", code="account_closed")
    return Customer(
        name=said.name or account.name,
        email=account.email,
        phone=said.phone,
        language=said.language or account.language or "en",
        contact=account.contact,
    )


def known(transaction: Transaction, org: str, actor: str, said: Customer) -> Customer:
    """With their place in the contact book, where they left an address."""
    said = replace(said, language=said.language or "en")
    if said.contact is not None or not said.email:
        return said
    contact = contact_for(transaction, org, actor, email=said.email, name=said.name, language=said.language)
    return replace(said, contact=contact)


def _code(transaction: Transaction) -> str:
    while True:
        code = CODE + readable(_LETTERS)
        if not store.code_taken(transaction.connection, code):
            return code
