"""The staff menu, behind the PIN."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.ui.setup_views import MenuView
from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import column, row
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.lanes import Lanes
from kiosk.ui.widgets.menu_about import AboutCard
from kiosk.ui.widgets.menu_faces import FacesCard
from kiosk.ui.widgets.menu_settings import SettingsCard
from kiosk.ui.widgets.menu_sync import RejectedCard, SyncCard
from kiosk.ui.widgets.menu_till import TillCard

_LANE, _SMALLEST = 360, QSize(400, 320)


class StaffMenuPage(QWidget):
    """Shows a `MenuView`. `retry_asked` carries an operation, `text_size_chosen` percent, the others ids."""

    face_chosen = Signal(str)
    sync_asked = Signal()
    retry_asked = Signal(str)
    camera_chosen = Signal(str)
    sound_toggled = Signal(bool)
    theme_chosen = Signal(str)
    text_size_chosen = Signal(int)
    language_chosen = Signal(str)
    pin_asked = Signal()
    quit_asked = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self.faces, self.sync, self.rejected = FacesCard(), SyncCard(), RejectedCard()
        self.till = TillCard()
        self.settings, self.about = SettingsCard(self), AboutCard(self)
        self._close = Button(text("menu.close"), "closeMenu", icon_name="back")
        self._arrange()
        self._connect()

    def show_view(self, view: MenuView) -> None:
        self.faces.show_view(view)
        self.sync.show_view(view)
        self.rejected.show_rejected(view.rejected)
        self.till.show_till(view.till)
        self.settings.show_view(view)
        self.about.show_about(view.about)

    def minimumSizeHint(self) -> QSize:
        return _SMALLEST

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self._close.clicked.connect(self.closed)
        self.faces.chosen.connect(self.face_chosen)
        self.sync.sync_asked.connect(self.sync_asked)
        self.rejected.retry_asked.connect(self.retry_asked)
        self.settings.camera_chosen.connect(self.camera_chosen)
        self.settings.sound_toggled.connect(self.sound_toggled)
        self.settings.theme_chosen.connect(self.theme_chosen)
        self.settings.text_size_chosen.connect(self.text_size_chosen)
        self.settings.language_chosen.connect(self.language_chosen)
        self.settings.pin_asked.connect(self.pin_asked)
        self.about.quit_asked.connect(self.quit_asked)

    def _arrange(self) -> None:
        head = row(spacing=16)
        head.addWidget(Label(text("menu.title"), "headline"))
        head.addStretch()
        head.addWidget(self._close)
        parts = (self.faces, self.till, self.sync, self.rejected, self.settings, self.about)
        lanes = Lanes(
            {
                3: ([self.faces, self.about], [self.till, self.sync, self.rejected], [self.settings]),
                2: ([self.faces, self.till, self.sync, self.rejected], [self.settings, self.about]),
                1: (parts,),
            },
            _LANE,
        )
        body = column(self, margin=24, spacing=20)
        body.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        body.addLayout(head)
        body.addWidget(lanes, 1)
