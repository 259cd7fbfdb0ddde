"""How things stand with the server: connection, backlog, and what it would not take."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui import text as words
from kiosk.ui.setup_views import MenuView, RejectedView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, Rule, clear, column, row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.label import Label


class SyncCard(Card):
    sync_asked = Signal()

    def __init__(self) -> None:
        super().__init__(text("menu.server"))
        self._state = Chip("", icon_name="online")
        self._facts = Label("", "body", "muted", wrap=True)
        self._trouble = Label("", "strong", "warn", wrap=True)
        self._sync = Button(text("menu.sync"), "syncNow", icon_name="sync")
        self._sync.clicked.connect(self.sync_asked)
        for widget in (self._state, self._facts, self._trouble, self._sync):
            self.body.addWidget(widget)

    def show_view(self, view: MenuView) -> None:
        if view.online:
            self._state.show_words(text("menu.online"), "good", "online")
        else:
            self._state.show_words(text("menu.offline"), "warn", "offline")
        self._facts.setText(joined((_backlog(view.backlog), _heard(view))))
        self._trouble.setText(view.trouble)
        self._trouble.setVisible(bool(view.trouble))
        self._sync.setEnabled(not view.syncing)
        self._sync.set_words(text("menu.syncing") if view.syncing else text("menu.sync"))

    def facts(self) -> str:
        return self._facts.text()


class RejectedCard(Card):
    """`retry_asked` carries the operation."""

    retry_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__(text("menu.rejected"))
        self._shown: tuple[RejectedView, ...] | None = None
        self._rows = column(spacing=12)
        self.body.addLayout(self._rows)

    def show_rejected(self, rejected: tuple[RejectedView, ...]) -> None:
        if rejected == self._shown:
            return
        self._shown = rejected
        clear(self._rows)
        if not rejected:
            self._rows.addWidget(Label(text("menu.rejected.none"), "body", "muted", wrap=True))
        for place, act in enumerate(rejected):
            if place:
                self._rows.addWidget(Rule())
            self._rows.addWidget(self._row(act))

    def _row(self, act: RejectedView) -> QWidget:
        made = QWidget()
        why = act.why or text("menu.rejected.why")
        said = column(spacing=2)
        said.addWidget(Label(act.what, "strong", wrap=True))
        said.addWidget(Label(joined((words.clock(act.at), why)), "body", "muted", wrap=True))
        retry = Button(text("menu.retry"), f"retry:{act.op}", icon_name="sync")
        retry.setAccessibleName(f"{text('menu.retry')}: {act.what}")
        retry.clicked.connect(lambda: self.retry_asked.emit(act.op))
        line = row(made, spacing=12)
        line.addLayout(said, 1)
        line.addWidget(retry)
        return made


def _backlog(count: int) -> str:
    return text("menu.backlog", count=count) if count else text("menu.backlog.none")


def _heard(view: MenuView) -> str:
    heard = view.about.last_exchange
    return text("menu.heard", time=words.clock(heard)) if heard else ""
