"""Composers of the mails about tickets and orders: what each says now, or that there is nothing to say."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from server import formats, qr
from server.customer.event_answers import event_ics
from server.customer.pages import passes
from server.customer.pages.passes import Pass
from server.customer.paper import tickets as paper
from server.events.service import event_of
from server.events.store import Event
from server.messaging.letters import Attachment, Calendar, Composer, Letter, Owed
from server.texts import spoken, written
from server.ticketing import offers, owning, transfers
from server.ticketing.orders import store
from server.ticketing.orders.states import Money
from server.ticketing.orders.values import Order, Payment

SHOWN = 10
"""So many codes stand in a mail; the paper has them all."""
_WHY = {
    "cancelled": "cancelled",
    "paid_before": "twice",
    "amount": "amount",
    "sold_out": "late",
    "type_gone": "late",
    "sale_over": "over",
    "event_state": "called_off",
}
"""Reasons of `settling`, by the sentence that says them."""
_PAID = (Money.TAKEN, Money.OWED, Money.RETURNED)
"""Whose receipt it is; where money came twice, that for which there are tickets goes first."""


@dataclass(frozen=True, slots=True)
class Said:
    """An event as its readers are told of it."""

    event: Event
    language: str

    def params(self) -> dict[str, object]:
        event = self.event
        when = formats.span(event.starts, event.ends, event.zone, self.language)
        return {"event": written(event.name, self.language), "when": when, "where": event.whereabouts}

    def money(self, amount: int, currency: str) -> str:
        return formats.money(amount, currency, self.language)


def issued(connection: Connection, owed: Owed) -> Letter | None:
    """The tickets of an order that are still the buyer's, or one that was claimed; while they are good."""
    held = [each for each in _passes(connection, owed) if each.good and each.code]
    if not held:
        return None
    said = _said(connection, owed, held[0].ticket.event)
    shown = held[:SHOWN]
    inline = {_picture(each): qr.png(each.code or "") for each in shown if not each.owned.type.rotating}
    order = store.order(connection, owed.org, str(owed.about.get("order", "")))
    params: dict[str, object] = {
        **said.params(),
        "count": len(held),
        "tickets": [_ticket(owed, each, inline) for each in shown],
        "rotating": any(each.owned.type.rotating for each in held),
        "more": len(held) > SHOWN,
        "order": f"{owed.base_url}/order/{order.secret}" if order else None,
    }
    sheets = paper.pdf(owed.organization, said.event, held, said.language)
    file = Attachment(paper.file_name(said.language), "application/pdf", sheets)
    calendar = Calendar(event_ics(said.event, said.language, owed.now, owed.base_url))
    return Letter("ticket.issued", params, inline, (file,), calendar, secret=True)


def paid(connection: Connection, owed: Owed) -> Letter | None:
    """The receipt of an order."""
    order = _order(connection, owed)
    if order is None:
        return None
    found = store.payments_of(connection, [order])[order.id]
    money = next((each for state in _PAID for each in found if each.state is state), None)
    if money is None:
        return None
    said = _said(connection, owed, order.event)
    items = [(i.quantity, i.name, said.money(i.quantity * i.price, order.currency)) for i in order.items]
    return Letter(
        "order.paid",
        {
            **said.params(),
            "number": order.number,
            "total": said.money(order.total, order.currency),
            "items": items,
            "receipt": money.receipt,
            "how": money.method if money.provider == "desk" else "online",
            "paid": formats.moment(money.created, said.event.zone, said.language),
        },
    )


def refunded(connection: Connection, owed: Owed) -> Letter | None:
    """That money goes back, and why."""
    order = _order(connection, owed)
    if order is None:
        return None
    payment, void = _refund(connection, owed, order), _voided(connection, owed, order)
    said = _said(connection, owed, order.event)
    amount, currency = (payment.amount, payment.currency) if payment else (order.total, order.currency)
    reason = str(owed.about.get("reason", ""))
    return Letter(
        "order.refunded",
        {
            **said.params(),
            "number": order.number,
            "amount": said.money(amount, currency),
            "why": None if void else _WHY.get(reason),
            "void": void,
            "back": "desk" if payment and payment.provider == "desk" else "online",
        },
    )


def transfer(connection: Connection, owed: Owed) -> Letter | None:
    """The link to claim a ticket, as long as it is offered."""
    offer = transfers.one(connection, str(owed.about["transfer"]))
    token = transfers.token_of(connection, offer) if offer and offer.state == offers.OFFERED else None
    if offer is None or token is None:
        return None
    owned = owning.by_id(connection, owed.org, offer.ticket)
    said = _said(connection, owed, owned.ticket.event)
    params = {
        **said.params(),
        "giver": str(owed.about["from"]),
        "type": owned.type.name,
        "message": offer.message,
        "link": f"{owed.base_url}/claim/{token}",
    }
    return Letter("ticket.transfer", params, secret=True)


def claimed(connection: Connection, owed: Owed) -> Letter | None:
    """That somebody took what was offered."""
    offer = transfers.one(connection, str(owed.about["transfer"]))
    if offer is None:
        return None
    owned = owning.by_id(connection, owed.org, offer.ticket)
    said = _said(connection, owed, owned.ticket.event)
    return Letter("ticket.claimed", {**said.params(), "taker": offer.email})


def voided(connection: Connection, owed: Owed) -> Letter | None:
    """That a ticket lets nobody in any more, and why: alone, or with its order, for who had it from its
    buyer."""
    owned = owning.by_id(connection, owed.org, str(owed.about["ticket"]))
    params: dict[str, object] = {
        **_said(connection, owed, owned.ticket.event).params(),
        "why": str(owed.about.get("why", "order")),
        "type": owned.type.name,
        "name": owned.ticket.name,
        "seat": owned.ticket.seat,
        "number": owned.ticket.number,
    }
    return Letter("ticket.voided", params)


MAILS: dict[str, Composer] = {
    "ticket.issued": issued,
    "order.paid": paid,
    "order.refunded": refunded,
    "ticket.transfer": transfer,
    "ticket.claimed": claimed,
    "ticket.voided": voided,
}


def _passes(connection: Connection, owed: Owed) -> tuple[Pass, ...]:
    """None of those that are somebody else's by now: a code is told to nobody but who has the ticket."""
    if "ticket" in owed.about:
        owned = owning.by_id(connection, owed.org, str(owed.about["ticket"]))
        return passes.passes(connection, [owned] if owned.ticket.owner == owed.about["owner"] else [])
    order = _order(connection, owed)
    return passes.of_order(connection, order) if order else ()


def _order(connection: Connection, owed: Owed) -> Order | None:
    return store.order(connection, owed.org, str(owed.about.get("order", "")))


def _refund(connection: Connection, owed: Owed, order: Order) -> Payment | None:
    """The payment that goes back: the one that the mail is about, or that of the order."""
    found = store.payments_of(connection, [order])[order.id]
    named = owed.about.get("payment")
    back = (each for each in found if each.state in (Money.OWED, Money.RETURNED))
    return next((each for each in back if named in (None, each.id)), None)


def _voided(connection: Connection, owed: Owed, order: Order) -> bool:
    """Whether there were tickets for what goes back."""
    return "payment" not in owed.about and bool(owning.of_order(connection, order.org, order.id))


def _said(connection: Connection, owed: Owed, event_id: str) -> Said:
    return Said(event_of(connection, owed.org, event_id), spoken(owed.language))


def _ticket(owed: Owed, held: Pass, inline: dict[str, bytes]) -> dict[str, Any]:
    ticket, picture = held.ticket, _picture(held)
    return {
        "name": ticket.name,
        "type": held.owned.type.name,
        "seat": ticket.seat,
        "number": ticket.number,
        "page": f"{owed.base_url}{held.address}" if held.address else None,
        "picture": picture if picture in inline else None,
    }


def _picture(held: Pass) -> str:
    return f"code{held.ticket.number}"
