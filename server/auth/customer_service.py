"""Customers' accounts: asked for by anybody, made and changed only by who follows a link that was mailed.

Until then a stranger's request leaves nothing behind but a link that ends by itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from domain.clock import MINUTE, Instant
from domain.errors import Forbidden, Gone
from server.activity.record import record
from server.auth import accounts, customer_store, store
from server.auth.accounts import Account
from server.auth.customer_store import Customer, Link
from server.auth.tokens import digest, new_token
from server.db.database import Transaction
from server.db.locks import lock
from server.ids import new_id
from server.messaging.post import post

LINK_TIME = 30 * MINUTE
LINK, UNKNOWN = "customer.link", "customer.unknown"
"""Kinds of mail: a link to follow; that there is no account with this address."""

Proven = Callable[[Transaction, Customer], None]
"""What a feature does each time an address is proven to be a customer's, in the same transaction."""


def register(
    transaction: Transaction, org: str, email: str, *, name: str, language: str, password: str
) -> None:
    """Mails a link that makes the account, or changes it where there is one. `password` is a digest."""
    _mail_link(transaction, org, email, name=name, language=language, password=password)


def ask_link(transaction: Transaction, org: str, email: str, language: str) -> None:
    """Mails a link that signs in, or, where there is no account, a mail that says so."""
    customer = customer_store.by_email(transaction.connection, org, email)
    if customer is not None and customer.active:
        _mail_link(transaction, org, email, name="", language=customer.language, password=None)
        return
    cause = f"{UNKNOWN} {new_id(transaction.now)}"
    post(transaction, org=org, kind=UNKNOWN, cause=cause, to=email, language=language)


def ask_entry(transaction: Transaction, org: str, email: str, language: str) -> None:
    """Mails a link that signs in, and makes the account where there is none: who buys needs none before."""
    _mail_link(transaction, org, email, name="", language=language, password=None)


def follow(transaction: Transaction, token: str, proven: Iterable[Proven]) -> Account:
    """The account of a link's address, which is proven now.

    Raises `Gone` for a link that serves no more or never was one, `Forbidden` for an account that was closed.
    """
    connection = transaction.connection
    link = customer_store.link(connection, digest(token), lock=True)
    if link is None or not link.open(transaction.now):
        raise Gone("this link was used before or has ended: ask for a new one", code="link_ended")
    customer_store.use_link(connection, link.digest)
    customer = prove(transaction, link, proven)
    account = accounts.of_customer(customer)
    if account is None:
        raise Forbidden("this account was closed; ask the organiser", code="account_closed")
    return account


def prove(transaction: Transaction, link: Link, proven: Iterable[Proven] = ()) -> Customer:
    """The customer of a link whose address is proven, made where there is none, with what the link sets."""
    connection = transaction.connection
    lock(connection, f"{link.org}/customer {link.email}")
    known = customer_store.by_email(connection, link.org, link.email)
    customer = _with(known or _new(link, transaction.now), link, transaction.now)
    if known is None:
        customer_store.add(connection, customer)
    elif customer != known:
        customer_store.change(connection, customer)
    for tell in proven:
        tell(transaction, customer)
        customer = customer_store.by_id(connection, customer.id) or customer
    _record(transaction, customer, known)
    return customer


def _mail_link(
    transaction: Transaction, org: str, email: str, *, name: str, language: str, password: str | None
) -> None:
    """Without the name: what a stranger typed is not to stand in somebody's mail."""
    known = customer_store.by_email(transaction.connection, org, email)
    token = new_token()
    until = Instant(transaction.now + LINK_TIME)
    link = Link(digest(token), org, email, name, language, password, until)
    customer_store.add_link(transaction.connection, link)
    post(
        transaction,
        org=org,
        kind=LINK,
        cause=f"{LINK} {link.digest}",
        to=email,
        language=language,
        about={"token": token},
        contact=known.contact if known else None,
    )


def _new(link: Link, now: Instant) -> Customer:
    return Customer(
        id=new_id(now),
        org=link.org,
        email=link.email,
        name=link.name,
        password=None,
        language=link.language,
        contact=None,
        verified=None,
        active=True,
        created=now,
    )


def _with(customer: Customer, link: Link, now: Instant) -> Customer:
    """The customer with what a link sets."""
    return replace(
        customer,
        name=link.name or customer.name,
        language=link.language or customer.language,
        password=link.password or customer.password,
        verified=customer.verified or now,
    )


def _record(transaction: Transaction, customer: Customer, known: Customer | None) -> None:
    """Writes down what became of the account. A new password ends every sign-in with the old one."""
    subject = f"customer:{customer.id}"
    kinds = [] if known else ["customer.made"]
    if known and known.password != customer.password:
        store.revoke_subject(transaction.connection, subject)
        kinds.append("customer.password_changed")
    for kind in kinds:
        record(
            transaction,
            org=customer.org,
            kind=kind,
            subject=subject,
            actor=subject,
            contact=customer.contact,
        )
