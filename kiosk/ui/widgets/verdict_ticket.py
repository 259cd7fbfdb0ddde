"""Whose ticket a verdict is about: name, ticket type, seat, what to know, what comes with it."""

from collections.abc import Callable

from PySide6.QtWidgets import QBoxLayout, QWidget

from kiosk.ui.text import text
from kiosk.ui.views import TicketView
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.wrap import Wrap


def ticket_card(
    ticket: TicketView, *, here: bool | None, give: Callable[[str], None] | None = None
) -> QWidget:
    """`here` tells who gave the verdict, and is None where nobody doubts it, as of who has just bought; then
    a name that was not said is not missed either. `give` hands a perk out; without it they are only named."""
    card = Card(margin=20, spacing=12)
    if ticket.name or here is not None:
        name = Label(ticket.name or text("verdict.no_name"), "number", wrap=True)
        name.setObjectName("verdictName")
        card.body.addWidget(name)
    facts = Wrap(spacing=12)
    facts.add(Chip(ticket.type, colour=ticket.colour, role="title"))
    for fact, icon in ((ticket.seat, "seat"), (ticket.session, "calendar"), (ticket.order, "ticket")):
        if fact:
            facts.add(Chip(fact, icon_name=icon, role="lead"))
    if here is not None:
        facts.add(_source(here=here), push=True)
    card.body.addLayout(facts)
    _add_notes(card.body, ticket, give)
    return card


def _add_notes(body: QBoxLayout, ticket: TicketView, give: Callable[[str], None] | None) -> None:
    if ticket.note or ticket.attention:
        said = ticket.note or text("verdict.attention")
        tone = "warn" if ticket.attention else "neutral"
        body.addWidget(Chip(said, tone, icon_name="alert" if ticket.attention else "note", role="title"))
    if ticket.perks:
        line = Wrap(spacing=12)
        for place, perk in enumerate(ticket.perks):
            named = Chip(perk, "accent", icon_name="gift", role="lead")
            line.add(_perk(place, perk, give) if give else named)
        body.addLayout(line)


def _perk(place: int, perk: str, give: Callable[[str], None]) -> Button:
    made = Button(text("verdict.perk.give", perk=perk), f"perk:{place}", icon_name="gift")

    def press() -> None:
        made.setEnabled(False)
        give(perk)

    made.clicked.connect(press)
    return made


def _source(*, here: bool) -> Chip:
    """Who gave the verdict."""
    if here:
        return Chip(text("verdict.here"), "warn", icon_name="offline")
    return Chip(text("verdict.server"), icon_name="online")
