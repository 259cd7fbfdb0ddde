"""The verdict: fills the page in colour, shape and words."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui import text as words
from kiosk.ui import theme
from kiosk.ui.text import text
from kiosk.ui.views import Answers, PhraseView, VerdictKind, VerdictView
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column, row
from kiosk.ui.widgets.details import Details
from kiosk.ui.widgets.focus import move_focus
from kiosk.ui.widgets.label import Label, restyle
from kiosk.ui.widgets.verdict_questions import Questions
from kiosk.ui.widgets.verdict_shape import TONES, VerdictShape
from kiosk.ui.widgets.verdict_sold import SoldCard
from kiosk.ui.widgets.verdict_ticket import ticket_card

_ROOMY = 620
"""Height from which there is room for a large sign, in pixels."""
_TAP = 600
"""Milliseconds in which a second tap belongs to the first, which sold the ticket."""


class VerdictPanel(QWidget):
    """Covers the page until it is dismissed. `answered` carries an `Answers`, `perk_asked` a ticket and what
    is handed out of it."""

    dismissed = Signal()
    answered = Signal(object)
    force_asked = Signal()
    undo_asked = Signal()
    perk_asked = Signal(str, str)
    print_asked = Signal()
    sale_back_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("verdict")
        self._page = parent
        self._view = VerdictView(VerdictKind.ADMITTED)
        self._questions: Questions | None = None
        self._sold: SoldCard | None = None
        self._shape = VerdictShape()
        self._title, self._sentence = Label("", "display"), Label("", "title", wrap=True)
        self._title.setObjectName("verdictTitle")
        self._sentence.setObjectName("verdictSentence")
        self._detail = QWidget()
        self._details = column(self._detail, spacing=16)
        self._area = Details(self._detail)
        self._buttons = row(spacing=16)
        self._tapped = QTimer(self, singleShot=True, interval=_TAP)
        self._tapped.timeout.connect(lambda: self._take_taps(taken=True))
        self._arrange()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    @property
    def asks(self) -> bool:
        """Whether somebody has to answer before it may go by itself."""
        return self._view.kind is VerdictKind.ASK

    @property
    def stays(self) -> bool:
        """Whether it waits for a person."""
        return self.asks or self._view.sold is not None

    @property
    def _low(self) -> bool:
        return self.height() < _ROOMY * theme.current().text_factor

    def show_view(self, view: VerdictView) -> None:
        self._view, self._questions, self._sold = view, None, None
        tone = f"on_{TONES[view.kind]}"
        self.setGeometry(self._page.rect())
        self._fit()
        self._title.setText(_title(view))
        self._sentence.setText(_sentence(view))
        for label in (self._title, self._sentence):
            label.set_tone(tone)
        self._show_detail(view)
        self._show_buttons(view)
        self.setAccessibleName(f"{self._title.text()}. {self._sentence.text()}")
        self._take_taps(taken=view.sold is None)
        self.show()
        self.raise_()
        self.setFocus()

    def _take_taps(self, *, taken: bool) -> None:
        """A finger that taps twice where the money was taken means no perk that lies there now."""
        self._tapped.stop() if taken else self._tapped.start()
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for part in self.findChildren(QWidget, options=direct):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not taken)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """On a low screen, and where there is much to answer, the sign makes room for what it is about."""
        low = self._low
        small = low or self.asks or self._view.sold is not None
        self._shape.show_kind(self._view.kind, 84 if low else 104 if small else 190)
        restyle(self._title, role="headline" if small else "display")
        restyle(self._sentence, role="lead" if low else "title")
        edge = 20 if low else 28 if small else 40
        self._body.setContentsMargins(edge, edge, edge, edge)
        self._body.setSpacing(12 if low else 16 if small else 24)
        if self._sold:
            self._sold.fit(low=low)
        self._order()

    def _order(self) -> None:
        """Where not both have room, what is to be done comes before who it is."""
        if self._questions and self._view.ticket:
            place = 0 if self._low else 1
            if self._details.indexOf(self._questions) != place:
                self._details.removeWidget(self._questions)
                self._details.insertWidget(place, self._questions)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().colour(TONES[self._view.kind]))
        painter.end()

    def focusNextPrevChild(self, next: bool) -> bool:
        """What lies below the verdict is not to be pressed."""
        return move_focus(self, forward=next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        known = event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Space)
        if known and not self.asks and not self._tapped.isActive():
            self.dismissed.emit()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.stays:
            self.dismissed.emit()
        event.accept()

    def _arrange(self) -> None:
        head = row(spacing=36)
        said = column(spacing=4)
        said.addStretch(1)
        said.addWidget(self._title)
        said.addWidget(self._sentence)
        said.addStretch(1)
        head.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addLayout(said, 1)
        self._body = column(self, margin=40, spacing=24)
        self._body.addStretch(1)
        self._body.addLayout(head)
        self._body.addWidget(self._area)
        self._body.addStretch(1)
        self._body.addLayout(self._buttons)

    def _show_detail(self, view: VerdictView) -> None:
        clear(self._details)
        parts: list[QWidget] = []
        self._sold = SoldCard(view.sold) if view.sold else None
        if self._sold:
            self._sold.fit(low=self._low)
            parts.append(self._sold)
        if view.ticket:
            here = None if view.sold else view.here
            parts.append(ticket_card(view.ticket, here=here, give=self._giver(view)))
        self._questions = Questions(view) if view.kind is VerdictKind.ASK else None
        if self._questions:
            parts.append(self._questions)
        for part in parts:
            self._details.addWidget(part)
        self._area.setVisible(self._details.count() > 0)
        self._details.addStretch(1)
        self._order()
        self._area.updateGeometry()

    def _show_buttons(self, view: VerdictView) -> None:
        clear(self._buttons)
        left: list[Button] = []
        right: list[Button] = []
        if view.kind is VerdictKind.ASK:
            right = [
                _button("verdict.cancel", "verdictCancel", "secondary", self.dismissed.emit),
                _button("verdict.confirm", "verdictConfirm", "primary", self._answer),
            ]
        else:
            right = [_button("verdict.next", "verdictNext", "secondary", self.dismissed.emit)]
        if view.may_force:
            left.append(_button("verdict.force", "verdictForce", "secondary", self.force_asked.emit))
        if view.may_undo:
            left.append(_button("verdict.undo", "verdictUndo", "secondary", self.undo_asked.emit))
        if view.sold:
            left.append(_button("sale.take_back", "saleBack", "secondary", self.sale_back_asked.emit))
        if view.sold and view.sold.may_print:
            left.append(_button("sale.print", "verdictPrint", "secondary", self.print_asked.emit))
        for button in left:
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        for button in right:
            self._buttons.addWidget(button)

    def _giver(self, view: VerdictView) -> Callable[[str], None] | None:
        """Perks are handed out to who comes in."""
        ticket = view.ticket
        if ticket is None or view.kind is not VerdictKind.ADMITTED:
            return None
        return lambda perk: self.perk_asked.emit(ticket.id, perk)

    def _answer(self) -> None:
        given = self._questions.answers() if self._questions else {}
        self.answered.emit(Answers(given, confirmed=True, confirmed_unpaid=self._view.unpaid))


def _title(view: VerdictView) -> str:
    word = view.reason.value if view.reason else view.kind.value
    return text(f"verdict.{word}.title")


def _sentence(view: VerdictView) -> str:
    if view.trouble:
        return view.trouble
    if view.kind is VerdictKind.ADMITTED:
        return text("sale.done") if view.sold else view.list_name
    if view.first:
        return text("verdict.already_in.first", first=_joined(view.first))
    word = view.reason.value if view.reason else view.kind.value
    return text(f"verdict.{word}.sentence", rules=_joined(view.rules) or text("rule.other"))


def _joined(phrases: Iterable[PhraseView]) -> str:
    """Each once."""
    return ", ".join(dict.fromkeys(map(_said, phrases)))


def _said(phrase: PhraseView) -> str:
    shown = words.moment if phrase.another_day else words.clock
    return text(phrase.key, time=shown(phrase.time) if phrase.time else "", **phrase.params)


def _button(key: str, name: str, kind: str, act: object) -> Button:
    made = Button(text(key), name, kind, large=True)
    made.clicked.connect(act)
    return made
