"""Which kiosk this is, and the way out of the program."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QWidget

from kiosk.ui.setup_views import About
from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, row
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.sheet import Sheet

_FACTS = ("device", "organization", "server", "version")


class AboutCard(Card):
    quit_asked = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(text("menu.about"))
        self._sheet = QuitSheet(page)
        self._sheet.sure.connect(self.quit_asked)
        self._facts = {name: Label("", "body", wrap=True) for name in _FACTS}
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        for name, fact in self._facts.items():
            fact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(Label(text(f"menu.about.{name}"), "body", "muted"), fact)
        leave = Button(text("menu.quit"), "quit", icon_name="power")
        leave.clicked.connect(self._sheet.open_sheet)
        self.body.addLayout(form)
        self.body.addWidget(leave)

    def show_about(self, about: About) -> None:
        for name, fact in self._facts.items():
            fact.setText(getattr(about, name) or text("menu.about.unknown"))

    def fact(self, name: str) -> str:
        return self._facts[name].text()


class QuitSheet(Sheet):
    """Quitting stops a kiosk that people rely on: asked twice."""

    sure = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page, text("menu.quit.title"), "quitSheet", width=520)
        self.body.addWidget(Label(text("menu.quit.words"), "body", "muted", wrap=True))
        stay = Button(text("menu.quit.stay"), "quitNot", large=True)
        stay.clicked.connect(self.close_sheet)
        leave = Button(text("menu.quit.now"), "quitNow", "danger", icon_name="power", large=True)
        leave.clicked.connect(self._leave)
        line = row(spacing=12)
        line.addWidget(stay, 1)
        line.addWidget(leave, 1)
        self.body.addLayout(line)

    def _leave(self) -> None:
        self.close_sheet()
        self.sure.emit()
