"""Made-up values of the Door, for looking at it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from domain.admission import Reason
from domain.ticket import TicketState
from kiosk.ui.sale_views import OfferView, SoldView
from kiosk.ui.views import (
    Bar,
    Connection,
    DoorView,
    FiguresView,
    Health,
    PhraseView,
    QuestionView,
    RecentRow,
    SearchRow,
    SearchView,
    StatusView,
    TicketView,
    VerdictKind,
    VerdictView,
)

NOW = datetime(2026, 5, 10, 18, 42, tzinfo=UTC)
_BLUE, _GOLD, _GREEN = "#3b6fd8", "#b0892b", "#2f8f5b"

TICKET = TicketView("t1", "Amira Özdemir", "VIP", _GOLD, seat="Row B · Seat 14", order="R10442")
NOTED = TicketView(
    "t2", "Jean-Baptiste Lefèvre", "General admission", _BLUE, order="R10017", attention=True,
    note="Wheelchair user: open the side gate", perks=("Free drink", "Backstage tour"),
)  # fmt: skip
UNPAID = TicketView("t3", "Björn Ólafsson", "Workshop", _GREEN, order="R10931", due=4500, currency="EUR")

VERDICTS = {
    "admitted": VerdictView(VerdictKind.ADMITTED, TICKET, may_undo=True, list_name="Main entrance"),
    "admitted-note": VerdictView(
        VerdictKind.ADMITTED, NOTED, may_undo=True, here=True, list_name="Main entrance"
    ),
    "sold": VerdictView(
        VerdictKind.ADMITTED,
        TicketView("t9", "", "General admission", _BLUE, perks=("Free drink",)),
        here=True,
        list_name="Main entrance",
        sold=SoldView("WK7Q2M4XPA9BTHC3RZ6DEN8FJU", "K7Q2M4XP", 4900, "EUR", "cash", may_print=True),
    ),
    "exit": VerdictView(VerdictKind.EXIT, TICKET, may_undo=True),
    "ask": VerdictView(
        VerdictKind.ASK,
        UNPAID,
        unpaid=True,
        questions=(
            QuestionView("age", "Is the guest of age?", "boolean"),
            QuestionView("meal", "Which meal?", "choice", choices=("Vegetarian", "Fish", "Meat")),
        ),
        confirmations=("Check the photo identification.",),
    ),
    "already-in": VerdictView(
        VerdictKind.REFUSED,
        TICKET,
        Reason.ALREADY_IN,
        first=(
            PhraseView("first.at", time=NOW - timedelta(minutes=23)),
            PhraseView("first.gate", {"gate": "North"}),
            PhraseView("first.device", {"device": "Door 2"}),
        ),
        may_force=True,
    ),
    "rules": VerdictView(
        VerdictKind.REFUSED,
        NOTED,
        Reason.RULES,
        (PhraseView("rule.from", time=NOW.replace(hour=18, minute=50)),),
        may_force=True,
    ),
    "unknown": VerdictView(VerdictKind.REFUSED, None, Reason.UNKNOWN),
    "forged": VerdictView(VerdictKind.REFUSED, None, Reason.SIGNATURE, here=True),
}


def door() -> DoorView:
    """An evening at the main entrance."""
    arrivals = (3, 8, 14, 22, 41, 65, 88, 97, 74, 52, 31, 12)
    start = NOW - timedelta(minutes=15 * len(arrivals))
    bars = tuple(Bar(start + timedelta(minutes=15 * n), count) for n, count in enumerate(arrivals))
    people = (
        (VerdictKind.ADMITTED, None, "Amira Özdemir", "VIP", _GOLD),
        (VerdictKind.ADMITTED, None, "Jean-Baptiste Lefèvre", "General admission", _BLUE),
        (VerdictKind.REFUSED, Reason.ALREADY_IN, "Nguyễn Thị Hồng", "Workshop", _GREEN),
        (VerdictKind.ADMITTED, None, "Oluwaseun Adeyemi", "General admission", _BLUE),
        (VerdictKind.REFUSED, Reason.UNKNOWN, "", "", ""),
        (VerdictKind.EXIT, None, "Zoë van den Berg", "VIP", _GOLD),
        (VerdictKind.ADMITTED, None, "Mateusz Wiśniewski", "General admission", _BLUE),
    )
    recent = tuple(
        RecentRow(NOW - timedelta(minutes=n), kind, reason, name, type_, colour, undone=n == 3)
        for n, (kind, reason, name, type_, colour) in enumerate(people)
    )
    figures = FiguresView(2000, 1284, 1107, 37, bars)
    return DoorView("Main entrance", "North", undoable="Amira Özdemir", recent=recent, figures=figures)


OFFERS = (
    OfferView("general", "General admission", _BLUE, 4900, "EUR", 34),
    OfferView("student", "Student", _GREEN, 1900, "EUR", 1),
    OfferView("child", "Child", _GOLD, 0, "EUR", None),
    OfferView("vip", "VIP", _GOLD, 14900, "EUR", 0),
)
OFFERS_HERE = tuple(replace(offer, here=True, left=offer.left and min(offer.left, 5)) for offer in OFFERS)


def search() -> SearchView:
    """Some of those who are called alike."""
    rows = (
        SearchRow(TICKET, inside=True),
        SearchRow(NOTED),
        SearchRow(UNPAID, state=TicketState.PENDING),
        SearchRow(
            TicketView("t4", "Anna Berg", "Staff", "#7a4fc2", order="R11002"), state=TicketState.BLOCKED
        ),
    )
    return SearchView("ann", rows)


def status(**more: object) -> StatusView:
    values: dict[str, object] = {
        "event": "Riverside Summit 2026", "device": "North door", "connection": Connection.ONLINE,
        "camera": Health.READY, "now": NOW, **more,
    }  # fmt: skip
    return StatusView(**values)  # type: ignore[arg-type]


def picture() -> QImage:
    """A hand's phone before the camera, roughly."""
    made = QImage(1280, 720, QImage.Format.Format_RGB888)
    made.fill(QColor("#6f6a62"))
    painter = QPainter(made)
    painter.setPen(Qt.PenStyle.NoPen)
    for box, colour in (
        ((0, 470, 1280, 250), "#59544c"), ((470, 90, 340, 600), "#16181c"), ((486, 130, 308, 500), "#fafafa"),
    ):  # fmt: skip
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(*box, 26, 26)
    painter.setBrush(QColor("#111111"))
    for x in range(20):
        for y in range(20):
            if (x * 7 + y * 13 + x * y) % 3 == 0:
                painter.drawRect(530 + x * 11, 240 + y * 11, 11, 11)
    painter.end()
    return made
