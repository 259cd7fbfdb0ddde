"""What is asked before a guest is admitted, and what was answered."""

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from kiosk.ui import text as words
from kiosk.ui.text import text
from kiosk.ui.views import QuestionView, VerdictView
from kiosk.ui.widgets.card import Card, row
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.segments import Segments

_IN_SIGHT = 4
"""Up to so many choices all stand side by side."""


class Questions(Card):
    """Money to take, what to confirm, a field for each question."""

    def __init__(self, view: VerdictView) -> None:
        super().__init__(spacing=12)
        self._fields = {question.id: _field(question) for question in view.questions}
        if view.unpaid and view.ticket:
            amount = words.money(view.ticket.due, view.ticket.currency)
            self.body.addWidget(Label(text("verdict.take", amount=amount), "headline", "warn"))
        for said in view.confirmations:
            self.body.addWidget(_wrapped(said, "title"))
        for question in view.questions:
            line = row(spacing=16)
            line.addWidget(_wrapped(question.text, "lead"), 1)
            line.addWidget(self._fields[question.id], 1)
            self.body.addLayout(line)

    def answers(self) -> dict[str, str]:
        """By question; empty where none was given."""
        return {id_: _value(field) for id_, field in self._fields.items()}


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
