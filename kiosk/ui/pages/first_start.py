"""The first start: from nothing to a kiosk that knows its server."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from kiosk.ui import theme
from kiosk.ui.setup_views import FirstStartView
from kiosk.ui.text import text
from kiosk.ui.views import Health
from kiosk.ui.widgets.camera_picture import CameraPicture
from kiosk.ui.widgets.card import Card, row
from kiosk.ui.widgets.error_line import ErrorLine
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.setup_choose import ChooseWay
from kiosk.ui.widgets.setup_code import TypeCode
from kiosk.ui.widgets.setup_local import LocalForm
from kiosk.ui.widgets.setup_progress import Progress

_LEAST_FOR_TWO = 900
"""Pixels of width at text factor 1 from which the picture stands beside the form."""

_CARD, _ROOMY, _LOWEST = 560, 780, 480
_LEAST = 360
_ANY = 16_777_215
"""As Qt writes that a widget may be of any width."""

_WAYS = QHBoxLayout.Direction


class FirstStartPage(QWidget):
    """`invitation_entered` carries the server's address and the code as typed, `local_chosen` a `LocalSetup`.
    What the camera reads comes to the program by itself; here is only its picture. The staff PIN that both
    ways ask for has a page of its own."""

    invitation_entered = Signal(str, str)
    local_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self._choose, self._type, self._local = ChooseWay(), TypeCode(), LocalForm()
        self._progress = Progress()
        self._forms = QStackedWidget()
        self._asked: QWidget = self._choose
        self._error = ErrorLine("setupError")
        self._product = Label(text("setup.product"), "strong", "accent")
        self._camera = CameraPicture()
        self._arrange()
        self._connect()

    def show_view(self, view: FirstStartView) -> None:
        """While there is a step the page shows how far it is; else it goes on where the person was."""
        self._type.offer(view.server)
        self._choose.show_camera(view.camera)
        self._progress.show_view(view)
        self._error.show_words(view.error)
        self._camera.show_health(*(_SEES if view.camera else (Health.ABSENT, text("setup.camera.none"))))
        shown = self._asked if view.step is None else self._progress
        if self._forms.currentWidget() is not shown:
            self._forms.setCurrentWidget(shown)
        self._place()

    def show_picture(self, picture: QImage) -> None:
        self._camera.show_picture(picture, ())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < _ROOMY * theme.current().text_factor
        self._local.set_low(low)
        self._product.setVisible(not low)
        page, card = (12, 20) if low else (28, 32)
        self._line.setContentsMargins(page, page, page, page)
        self._card.body.setContentsMargins(card, card, card, card)
        self._place()

    def minimumSizeHint(self) -> QSize:
        """As low as it can be, whatever it is now."""
        return QSize(_LEAST, _LOWEST)

    def _go(self, form: QWidget) -> None:
        self._asked = form
        self._error.show_words("")
        self._forms.setCurrentWidget(form)
        self._place()

    def _place(self) -> None:
        """The picture shows where something is to be scanned, and there is room."""
        factor = theme.current().text_factor
        tall = self.height() > self.width()
        room = self.height() if tall else self.width()
        seen = room >= _LEAST_FOR_TWO * factor and self._forms.currentWidget() is self._choose
        self._camera.setVisible(seen)
        above = tall and seen
        self._line.setDirection(_WAYS.BottomToTop if above else _WAYS.LeftToRight)
        middle = Qt.AlignmentFlag(0) if seen else Qt.AlignmentFlag.AlignVCenter
        self._line.setAlignment(self._card, middle)
        self._card.setMaximumWidth(_ANY if above else round(_CARD * factor))

    def _connect(self) -> None:
        self._choose.type_chosen.connect(self._go_type)
        self._choose.local_chosen.connect(self._go_local)
        self._type.back.connect(self._go_choose)
        self._local.back.connect(self._go_choose)
        self._type.entered.connect(self.invitation_entered)
        self._local.chosen.connect(self.local_chosen)

    def _go_choose(self) -> None:
        self._go(self._choose)

    def _go_type(self) -> None:
        self._go(self._type)
        self._type.begin()

    def _go_local(self) -> None:
        self._go(self._local)
        self._local.begin()

    def _arrange(self) -> None:
        for form in (self._choose, self._type, self._local, self._progress):
            self._forms.addWidget(form)
        self._card = Card(margin=32, spacing=16)
        self._card.body.addWidget(self._product)
        self._card.body.addWidget(self._error)
        self._card.body.addWidget(self._forms, 1)
        self._line = row(self, margin=28, spacing=28)
        self._line.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._line.addStretch(1)
        self._line.addWidget(self._card, 100)
        self._line.addWidget(self._camera, 120)
        self._line.addStretch(1)


_SEES = (Health.READY, "")
