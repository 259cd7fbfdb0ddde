"""What is known of a device that is here, as a column of words."""

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from domain.service_request import Decision, State
from kiosk.ui import text as words
from kiosk.ui.request_views import EstimateView, NoteView, RequestView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.card import Card, row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.label import Label

_TONES = {
    State.INTAKE: "accent",
    State.WAITING_APPROVAL: "warn",
    State.WAITING_PARTS: "warn",
    State.READY: "good",
    State.VOID: "bad",
}


def facts(view: RequestView) -> Iterator[QWidget]:
    """The most important first."""
    ground = QWidget()
    line = row(ground)
    line.addWidget(state_chip(view))
    line.addStretch()
    yield ground
    yield Label(view.problem, "lead", wrap=True)
    photos = text("request.photos", count=view.photos) if view.photos else ""
    condition = text("request.condition_is", said=view.condition) if view.condition else ""
    things = text("request.with", said=", ".join(view.accessories)) if view.accessories else ""
    for told, tone in (
        ((condition, things, photos), "ink"),
        ((view.name, view.phone, view.email), "muted"),
        ((promise_words(view),), "accent"),
    ):
        if said := joined(told):
            yield Label(said, "body", tone, wrap=True)
    yield from _costs(view)
    for note in view.notes:
        yield _noted(note)


def state_chip(view: RequestView) -> Chip:
    """Where it stands; that nobody waits for an answer any more is more than that."""
    offer = view.estimate
    if view.state is State.WAITING_APPROVAL and offer is not None and not view.asked:
        return Chip(text("request.declined" if offer.decision else "request.ran_out"), "bad")
    return Chip(text(f"request.state.{view.state}"), _TONES.get(view.state, "neutral"))


def promise_words(view: RequestView) -> str:
    """When it is to be ready, as far as that is promised."""
    if view.promised is None:
        return ""
    key = "request.promised.waits" if view.waits else "request.promised"
    return text(key, when=words.moment(view.promised))


def range_words(low: int, high: int, currency: str) -> str:
    """What the customer is told that it costs: one amount or two, in minor units."""
    most = words.money(high, currency)
    if low == high:
        return most
    return text("request.estimate.range", low=words.money(low, currency), high=most)


def _costs(view: RequestView) -> Iterator[QWidget]:
    offer = view.estimate
    if offer is not None:
        said, tone = _estimate(offer, view)
        yield Label(said, "strong", tone, wrap=True)
    if view.over:
        yield Label(over_words(view), "strong", "bad", wrap=True)
    elif view.total and offer is None:
        yield Label(text("request.costs", amount=words.money(view.total, view.currency)), "strong")


def over_words(view: RequestView) -> str:
    return text("request.over", amount=words.money(view.total, view.currency))


def _estimate(of: EstimateView, view: RequestView) -> tuple[str, str]:
    """What became of it, and its tone."""
    amount = range_words(of.low, of.high, view.currency)
    if of.decision is not None:
        approved = of.decision is Decision.APPROVED
        said = text("request.estimate.approved" if approved else "request.estimate.declined", amount=amount)
        return joined((said, of.by, words.moment(of.at), of.reason)), "good" if approved else "bad"
    until = words.moment(of.until) if of.until else ""
    if of.expired:
        return text("request.estimate.expired", amount=amount, when=until), "bad"
    if not view.asked:
        return text("request.estimate.unsent", amount=amount), "ink"
    valid = text("request.estimate.until", when=until) if until else ""
    return joined((text("request.estimate.asked", amount=amount), valid)), "warn"


def _noted(note: NoteView) -> Card:
    made = Card(flat=True, margin=12, spacing=2)
    made.body.addWidget(Label(note.text, "body", wrap=True))
    seen = text("request.note.seen") if note.public else ""
    made.body.addWidget(Label(joined((words.moment(note.at), seen)), "caption", "muted"))
    return made
