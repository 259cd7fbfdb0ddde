"""Whose ticket a verdict is about: name, ticket type, seat, what to know, what comes with it."""

from PySide6.QtWidgets import QBoxLayout, QWidget

from kiosk.ui.text import text
from kiosk.ui.views import TicketView
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.wrap import Wrap


def ticket_card(ticket: TicketView, *, here: bool) -> QWidget:
    card = Card(margin=20, spacing=12)
    name = Label(ticket.name or text("verdict.no_name"), "number", wrap=True)
    name.setObjectName("verdictName")
    card.body.addWidget(name)
    facts = Wrap(spacing=12)
    facts.add(Chip(ticket.type, colour=ticket.colour, role="title"))
    for fact, icon in ((ticket.seat, "seat"), (ticket.session, "calendar"), (ticket.order, "ticket")):
        if fact:
            facts.add(Chip(fact, icon_name=icon, role="lead"))
    facts.add(_source(here=here), push=True)
    card.body.addLayout(facts)
    _add_notes(card.body, ticket)
    return card


def _add_notes(body: QBoxLayout, ticket: TicketView) -> None:
    if ticket.note or ticket.attention:
        said = ticket.note or text("verdict.attention")
        tone = "warn" if ticket.attention else "neutral"
        body.addWidget(Chip(said, tone, icon_name="alert" if ticket.attention else "note", role="title"))
    if ticket.perks:
        line = Wrap(spacing=12)
        for perk in ticket.perks:
            line.add(Chip(perk, "accent", icon_name="gift", role="lead"))
        body.addLayout(line)


def _source(*, here: bool) -> Chip:
    """Who gave the verdict."""
    if here:
        return Chip(text("verdict.here"), "warn", icon_name="offline")
    return Chip(text("verdict.server"), icon_name="online")
