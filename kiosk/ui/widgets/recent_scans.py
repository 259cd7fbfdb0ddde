"""The last scans of this kiosk, the newest on top."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from kiosk.ui import text as words
from kiosk.ui.text import text
from kiosk.ui.views import RecentRow, VerdictKind
from kiosk.ui.widgets.card import clear, column, row
from kiosk.ui.widgets.glyph import Glyph, Swatch
from kiosk.ui.widgets.label import ElidedLabel, Label

_ICONS = {
    VerdictKind.ADMITTED: ("check", "on_good_soft"),
    VerdictKind.EXIT: ("exit", "on_good_soft"),
    VerdictKind.ASK: ("question", "on_warn_soft"),
    VerdictKind.REFUSED: ("cross", "on_bad_soft"),
}


class RecentScans(QWidget):
    """As many rows as there is room for."""

    def __init__(self, shown: int = 8) -> None:
        super().__init__()
        self._shown, self._rows = shown, ()  # type: int, tuple[RecentRow, ...]
        self._list = column(self, spacing=0)
        self._lines: list[ScanRow] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)

    def show_rows(self, rows: tuple[RecentRow, ...]) -> None:
        if rows[: self._shown] == self._rows and self._list.count():
            return
        self._rows = rows[: self._shown]
        clear(self._list)
        if not rows:
            self._list.addWidget(Label(text("door.recent.empty"), "body", "muted", wrap=True))
        self._lines = [ScanRow(recent) for recent in self._rows]
        for line in self._lines:
            self._list.addWidget(line)
        self._list.addStretch(1)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Words are measured once the style sheet has reached them."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """No row is squeezed: those that have no room are away."""
        left = self.height()
        for line in self._lines:
            left -= line.sizeHint().height()
            line.setVisible(left >= 0)


class ScanRow(QFrame):
    def __init__(self, recent: RecentRow) -> None:
        super().__init__()
        line = row(self, spacing=12)
        line.setContentsMargins(0, 7, 0, 7)
        name = recent.name or text("door.recent.unknown")
        why = text(f"verdict.{recent.reason.value}.title") if recent.reason else recent.type
        why = text("door.recent.undone") if recent.undone else why
        icon_name, colour = ("undo", "muted") if recent.undone else _ICONS[recent.kind]
        line.addWidget(Glyph(icon_name, 22, colour))
        line.addWidget(Label(words.clock(recent.at), "body", "muted"))
        line.addWidget(ElidedLabel(name, "strong"), 4)
        line.addWidget(Swatch("" if recent.reason else recent.colour, 8, 20))
        line.addWidget(ElidedLabel(why, "body", "bad" if recent.reason else "muted"), 3)
        line.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(words.joined([words.clock(recent.at), name, why]))
