"""The line that is always there: event, device, connection, what waits to be sent, hardware, clock."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from kiosk.ui import text as words
from kiosk.ui.text import text
from kiosk.ui.views import Connection, Health, StatusView
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.label import ElidedLabel, Label


class StatusLine(QFrame):
    """Shows a `StatusView`; what is as it should be is quiet."""

    menu_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "bar")
        self._shown: StatusView | None = None
        self._event, self._device = ElidedLabel("", "lead"), Label("", "body", "muted")
        self._event.setObjectName("statusEvent")
        self._trouble = ElidedLabel("", "body", "bad")
        self._connection = Chip("", icon_name="online")
        self._rejected, self._camera, self._clock_off = (
            Chip("", "bad", icon_name="alert"),
            Chip("", "warn", icon_name="camera_off"),
            Chip("", "bad", icon_name="clock"),
        )
        self._now = Label("", "lead")
        self._menu = Button("", "menu", "ghost", icon_name="menu", label=text("window.menu"))
        self._menu.clicked.connect(self.menu_asked)
        line = row(self, spacing=12)
        line.setContentsMargins(20, 6, 10, 6)
        line.addWidget(self._event, 3)
        line.addWidget(self._trouble, 2)
        for widget in (
            self._rejected, self._camera, self._clock_off, self._connection, self._device, self._now
        ):  # fmt: skip
            line.addWidget(widget)
        for chip in (self._rejected, self._camera, self._clock_off, self._connection):
            chip.hide()  # until there is something to say
        line.addWidget(self._menu)

    def show_language(self) -> None:
        """Says the same in the words of the language that now holds."""
        self._menu.setAccessibleName(text("window.menu"))
        shown, self._shown = self._shown, None
        if shown:
            self.show_view(shown)

    def show_view(self, view: StatusView) -> None:
        if view == self._shown:
            return
        self._shown = view
        self._event.set_whole(view.event)
        self._device.setText(view.device)
        self._trouble.set_whole(view.trouble)
        self._connection.setVisible(view.connection is not Connection.UNPAIRED)
        self._connection.show_words(*_connection(view))
        self._now.setText(words.clock(view.now) if view.now else "")
        _say(self._rejected, text("status.rejected", count=view.rejected) if view.rejected else "", "bad")
        absent = view.camera in (Health.ABSENT, Health.TROUBLE)
        _say(self._camera, text(f"status.camera.{view.camera.value}") if absent else "", "warn")
        minutes = round(abs(view.clock_off) / 60)
        _say(self._clock_off, text("status.clock_off", count=minutes) if view.clock_off else "", "bad")


def _say(chip: Chip, said: str, tone: str) -> None:
    chip.setVisible(bool(said))
    if said:
        chip.show_words(said, tone)


def _connection(view: StatusView) -> tuple[str, str, str]:
    """Words, tone and icon."""
    match view.connection:
        case Connection.UNPAIRED:
            return "", "neutral", ""
        case Connection.STARTING:
            share = view.fetched
            percent = text("menu.percent", size=round(share * 100)) if share is not None else ""
            return f"{text('status.starting')} {percent}".strip(), "accent", "sync"
        case Connection.ONLINE if view.backlog:
            return text("status.sending", count=view.backlog), "accent", "cloud_up"
        case Connection.ONLINE:
            return text("status.online"), "good", "online"
        case Connection.OFFLINE if view.backlog:
            return text("status.offline_backlog", count=view.backlog), "warn", "offline"
        case Connection.OFFLINE:
            return text("status.offline"), "warn", "offline"
        case Connection.REVOKED:
            return text("status.revoked"), "bad", "lock"
