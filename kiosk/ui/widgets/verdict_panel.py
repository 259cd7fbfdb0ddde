"""The verdict: fills the page in colour, shape and words."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QFrame, QLineEdit, QScrollArea, QSizePolicy, QWidget

from kiosk.ui import text as words
from kiosk.ui import theme
from kiosk.ui.text import text
from kiosk.ui.views import Answers, QuestionView, RuleView, TicketView, VerdictKind, VerdictView
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, clear, column, row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.focus import move_focus
from kiosk.ui.widgets.label import Label, restyle
from kiosk.ui.widgets.segments import Segments
from kiosk.ui.widgets.verdict_shape import TONES, VerdictShape
from kiosk.ui.widgets.wrap import Wrap

_IN_SIGHT = 4
_ROOMY = 620
"""Height from which there is room for a large sign, in pixels."""


class VerdictPanel(QWidget):
    """Covers the page until it is dismissed. `answered` carries an `Answers`."""

    dismissed = Signal()
    answered = Signal(object)
    force_asked = Signal()
    undo_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("verdict")
        self._page = parent
        self._view = VerdictView(VerdictKind.ADMITTED)
        self._fields: dict[str, QWidget] = {}
        self._shape = VerdictShape()
        self._title, self._sentence = Label("", "display"), Label("", "title", wrap=True)
        self._title.setObjectName("verdictTitle")
        self._sentence.setObjectName("verdictSentence")
        self._detail = QWidget()
        self._details = column(self._detail, spacing=16)
        self._area = Details(self._detail)
        self._buttons = row(spacing=16)
        self._arrange()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    @property
    def asks(self) -> bool:
        """Whether somebody has to answer before it may go by itself."""
        return self._view.kind is VerdictKind.ASK

    @property
    def _low(self) -> bool:
        return self.height() < _ROOMY * theme.current().text_factor

    def show_view(self, view: VerdictView) -> None:
        self._view = view
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
        self.show()
        self.raise_()
        self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """On a low screen, and where there is much to answer, the sign makes room for what it is about."""
        low = self._low
        small = low or self.asks
        self._shape.show_kind(self._view.kind, 84 if low else 104 if small else 190)
        restyle(self._title, role="headline" if small else "display")
        restyle(self._sentence, role="lead" if low else "title")
        edge = 20 if low else 28 if small else 40
        self._body.setContentsMargins(edge, edge, edge, edge)
        self._body.setSpacing(12 if low else 16 if small else 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().colour(TONES[self._view.kind]))
        painter.end()

    def focusNextPrevChild(self, next: bool) -> bool:
        """What lies below the verdict is not to be pressed."""
        return move_focus(self, forward=next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Space) and not self.asks:
            self.dismissed.emit()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.asks:
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
        self._fields = {}
        parts = [_ticket_card(view.ticket, here=view.here)] if view.ticket else []
        if view.kind is VerdictKind.ASK:
            # Where not both have room, what is to be done comes first.
            parts.insert(0 if self._low else len(parts), self._questions(view))
        for part in parts:
            self._details.addWidget(part)
        self._area.setVisible(self._details.count() > 0)
        self._details.addStretch(1)
        self._area.updateGeometry()

    def _questions(self, view: VerdictView) -> QWidget:
        card = Card(spacing=12)
        if view.unpaid and view.ticket:
            amount = words.money(view.ticket.due, view.ticket.currency)
            card.body.addWidget(Label(text("verdict.take", amount=amount), "headline", "warn"))
        for said in view.confirmations:
            card.body.addWidget(_wrapped(said, "title"))
        for question in view.questions:
            field = _field(question)
            self._fields[question.id] = field
            line = row(spacing=16)
            line.addWidget(_wrapped(question.text, "lead"), 1)
            line.addWidget(field, 1)
            card.body.addLayout(line)
        return card

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
        for button in left:
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        for button in right:
            self._buttons.addWidget(button)

    def _answer(self) -> None:
        given = {id_: _value(field) for id_, field in self._fields.items()}
        self.answered.emit(Answers(given, confirmed=True, confirmed_unpaid=self._view.unpaid))


def _title(view: VerdictView) -> str:
    word = view.reason.value if view.reason else view.kind.value
    return text(f"verdict.{word}.title")


def _sentence(view: VerdictView) -> str:
    if view.trouble:
        return view.trouble
    if view.kind is VerdictKind.ADMITTED:
        return view.list_name
    word = view.reason.value if view.reason else view.kind.value
    first = view.first
    return text(
        f"verdict.{word}.sentence",
        when=words.clock(first.at) if first else "–",
        gate=(first.gate if first else "") or "–",
        device=(first.device if first else "") or "–",
        rules=", ".join(map(_rule, view.rules)),
    )


def _rule(rule: RuleView) -> str:
    time = words.clock(rule.time) if rule.time else ""
    return text(rule.key, time=time, **rule.params)


def _ticket_card(ticket: TicketView, *, here: bool) -> QWidget:
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


def _button(key: str, name: str, kind: str, act: object) -> Button:
    made = Button(text(key), name, kind, large=True)
    made.clicked.connect(act)
    return made


def _wrapped(words: str, role: str) -> Label:
    """As high as its lines at the width that it has, not at the least one it could have."""
    made = Label(words, role, wrap=True)
    made.setMinimumHeight(1)
    return made


def _field(question: QuestionView) -> QWidget:
    """Few choices are all in sight."""
    choices = [(choice, choice) for choice in question.choices]
    if question.kind == "boolean":
        choices = [("true", text("verdict.yes")), ("false", text("verdict.no"))]
    field: QWidget = QLineEdit()
    if choices and len(choices) <= _IN_SIGHT:
        field = _Choice(question, choices)
    elif choices:
        field = QComboBox()
        field.addItems(["", *question.choices])
    field.setObjectName(f"answer:{question.id}")
    field.setAccessibleName(question.text)
    return field


class _Choice(Segments):
    """An answer that is one of a few."""

    def __init__(self, question: QuestionView, choices: list[tuple[str, str]]) -> None:
        super().__init__(f"answer:{question.id}", question.text)
        self.answer = ""
        self._all = choices
        self.show_choices(choices, "")
        self.chosen.connect(self._take)

    def _take(self, answer: str) -> None:
        self.answer = answer
        self.show_choices(self._all, answer)


def _value(field: QWidget) -> str:
    match field:
        case _Choice():
            return field.answer
        case QComboBox():
            return field.currentText()
        case QLineEdit():
            return field.text()
    raise TypeError(type(field))


class Details(QScrollArea):
    """As high as what it shows, and scrolled where there is less room."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        layout = self._content.layout()
        if layout is not None and layout.hasHeightForWidth():
            return QSize(240, layout.heightForWidth(self.width()))
        return QSize(240, self._content.sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Words are measured once the style sheet has reached them."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
