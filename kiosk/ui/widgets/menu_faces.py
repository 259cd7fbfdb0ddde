"""Which face the kiosk shows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from kiosk.ui.setup_views import Face, MenuView
from kiosk.ui.text import text
from kiosk.ui.widgets.card import Card, clear, column
from kiosk.ui.widgets.two_line_button import TwoLineButton

_ICONS = {Face.DOOR: "door", Face.DESK: "desk", Face.DISPLAY: "display", Face.WELCOME: "people"}
_SIZE = (300, 76)


class FacesCard(Card):
    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(text("menu.faces"))
        self._shown: tuple[tuple[Face, ...], Face] | None = None
        self._buttons: QVBoxLayout = column(spacing=10)
        self.body.addLayout(self._buttons)

    def show_view(self, view: MenuView) -> None:
        if self._shown == (view.faces, view.face):
            return
        self._shown = (view.faces, view.face)
        clear(self._buttons)
        for face in view.faces:
            self._buttons.addWidget(self._button(face, face is view.face))

    def _button(self, face: Face, holds: bool) -> TwoLineButton:
        kind = "primary" if holds else "secondary"
        made = TwoLineButton(f"face:{face}", kind, _ICONS[face], _SIZE)
        made.show_lines(text(f"menu.face.{face}"), text(f"menu.face.{face}.words"))
        made.clicked.connect(lambda: self.chosen.emit(str(face)))
        return made
