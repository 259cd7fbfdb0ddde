"""What the attendee's routes depend on: who calls, and what sells."""

from typing import Annotated

from fastapi import Depends, Path, Request
from sqlalchemy import Connection

from domain.errors import Unauthenticated
from server.auth import customer_store
from server.auth.caller import Allow, Caller
from server.auth.customer_store import Customer as Account
from server.customer.holding import adopted
from server.kept_answers import KeptAnswers
from server.ticketing.orders.sales import Sales
from server.ticketing.orders.values import Buyer
from server.wire import Id

PREFIX = "/api/client/events"

Customer = Annotated[Caller, Depends(Allow(customer=True))]
EventId = Annotated[Id, Path(alias="eventId", description="The event's id.")]
TicketId = Annotated[Id, Path(alias="ticketId", description="The ticket's id.")]


async def _holder(request: Request, caller: Customer) -> Caller:
    await adopted(request.app.state.database, caller.id)
    return caller


Holder = Annotated[Caller, Depends(_holder)]
"""A customer who asks for what they hold, or for what is only for who holds something."""


async def _sales(request: Request) -> Sales:
    sales: Sales = request.app.state.sales
    return sales


async def _answers(request: Request) -> KeptAnswers:
    answers: KeptAnswers = request.app.state.answers
    return answers


Selling = Annotated[Sales, Depends(_sales)]
Answers = Annotated[KeptAnswers, Depends(_answers)]


def account(connection: Connection, caller: Caller) -> Account:
    """The caller's account. Raises `Unauthenticated` for one that was closed."""
    known = customer_store.by_id(connection, caller.id)
    if known is None or not known.active:
        raise Unauthenticated("this account was closed; ask the organiser", code="account_closed")
    return known


def buyer(connection: Connection, caller: Caller) -> Buyer:
    """The caller as somebody who orders. Raises `Unauthenticated` for an account that was closed."""
    known = account(connection, caller)
    return Buyer(known.org, known.email, known.name, known.language, known.id)
