"""The Welcome page: visitors choose a language and what they come for, and get their number."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLineEdit, QScrollArea, QWidget

from kiosk.ui.text import language, set_language, text
from kiosk.ui.welcome_views import NumberView, Seeing, ServiceView, WelcomeView, Wish
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import column, row
from kiosk.ui.widgets.error_line import ErrorLine
from kiosk.ui.widgets.focus import move_focus
from kiosk.ui.widgets.label import ElidedLabel, Label
from kiosk.ui.widgets.welcome_booking import BookingStep
from kiosk.ui.widgets.welcome_details import DetailsStep
from kiosk.ui.widgets.welcome_number import NumberStep
from kiosk.ui.widgets.welcome_start import LanguageStep, ServiceStep
from kiosk.ui.widgets.welcome_step import VisitorStep, visitor_button
from kiosk.ui.window import turn

_MARGIN = 12
_TICK = 1_000
_WARNED = 10
"""So many seconds before it starts over, it says so."""


class WelcomePage(QWidget):
    """One step at a time, built anew in the visitor's language. Untouched for `seconds` it starts over, and
    nothing of what was typed is left.

    `language_chosen` carries a tag, `join_asked` a `Wish`, `check_in_asked` a number as typed; `left` says
    that it starts over. Answers come by `show_number` and `show_trouble`.
    """

    language_chosen = Signal(str)
    join_asked = Signal(object)
    check_in_asked = Signal(str)
    left = Signal()

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self._home, self._seconds, self._quiet = language(), seconds, 0
        self._view, self._seeing = WelcomeView(), Seeing()
        self._step: VisitorStep = LanguageStep()
        self._organization = ElidedLabel("", "strong", "muted")
        self._back = visitor_button(Button(text("welcome.back"), "welcomeBack", "ghost", icon_name="back"))
        self._again = visitor_button(Button(text("welcome.again"), "welcomeAgain", "ghost", icon_name="undo"))
        self._closes = Label("", "strong", "muted", wrap=True)
        self._closes.setObjectName("welcomeCloses")
        self._place = QScrollArea()
        self._trouble = ErrorLine("welcomeTrouble")
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self._tick)
        self._arrange()
        self.start_over()

    @property
    def is_at_start(self) -> bool:
        return isinstance(self._step, LanguageStep)

    def show_view(self, view: WelcomeView) -> None:
        self._view = view
        self._organization.set_whole(view.organization)
        if isinstance(self._step, ServiceStep):
            self._step.show_view(view)

    def show_number(self, view: NumberView) -> None:
        """Shows a number, or what has become of the one that is shown."""
        if not isinstance(self._step, NumberStep):
            step = NumberStep()
            step.done.connect(self.start_over)
            step.show_number(view)
            self._show(step)
        else:
            self._step.show_number(view)

    def show_trouble(self, words: str) -> None:
        """What was asked for was not done; it may be tried again."""
        if isinstance(self._step, BookingStep):
            self._step.try_again()
        elif isinstance(self._step, DetailsStep):
            self._choose_service()
        self._trouble.show_words(f"{words} {text('welcome.ask')}")
        self.stay()
        self._timer.start()

    def show_seeing(self, seeing: Seeing) -> None:
        self._seeing = seeing
        if isinstance(self._step, BookingStep):
            self._step.show_seeing(seeing)

    def show_picture(self, picture: QImage) -> None:
        if isinstance(self._step, BookingStep):
            self._step.show_picture(picture)

    def stay(self) -> None:
        """Somebody is still there."""
        self._quiet = 0
        self._warn()

    def start_over(self) -> None:
        """For the next visitor: in the kiosk's own language, with nothing of the last one."""
        set_language(self._home)
        turn()
        step = LanguageStep()
        step.chosen.connect(self._choose_language)
        self._show(step)
        self._timer.stop()
        self.left.emit()

    def focusNextPrevChild(self, next: bool) -> bool:
        self.stay()
        return move_focus(self, forward=next)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Also beside the buttons; the window hears of it too."""
        self.stay()
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.stay()
        super().keyPressEvent(event)

    def _choose_language(self, tag: str) -> None:
        set_language(tag)
        turn()
        self.language_chosen.emit(tag)
        self._choose_service()

    def _choose_service(self) -> None:
        step = ServiceStep()
        step.chosen.connect(self._ask_details)
        step.booking_chosen.connect(self._ask_booking)
        step.show_view(self._view)
        self._show(step)

    def _ask_details(self, service: ServiceView) -> None:
        step = DetailsStep(service)
        step.given.connect(self._join)
        self._show(step)

    def _ask_booking(self) -> None:
        step = BookingStep()
        step.entered.connect(self.check_in_asked)
        step.show_seeing(self._seeing)
        self._show(step)

    def _join(self, wish: Wish) -> None:
        self.join_asked.emit(wish)

    def _go_back(self) -> None:
        if isinstance(self._step, DetailsStep | BookingStep):
            self._choose_service()
        else:
            self.start_over()

    def _show(self, step: VisitorStep) -> None:
        """Lets go of the step before, with all that was typed in it."""
        self._step = step
        self._trouble.show_words("")
        # Not at once: it may be a button of the step before that was pressed.
        if before := self._place.takeWidget():
            before.deleteLater()
        self._place.setWidget(step)
        for pressed in step.findChildren(QAbstractButton):
            pressed.pressed.connect(self.stay)
        for typed in step.findChildren(QLineEdit):
            typed.textChanged.connect(self.stay)
        self._back.setVisible(not isinstance(step, LanguageStep | NumberStep))
        self._again.setVisible(not isinstance(step, LanguageStep | NumberStep))
        self._back.set_words(text("welcome.back"))
        self._again.set_words(text("welcome.again"))
        self.stay()
        if not isinstance(step, LanguageStep):
            self._timer.start()
            step.first().setFocus()

    def _tick(self) -> None:
        self._quiet += 1
        if self._quiet >= self._seconds:
            self.start_over()
        else:
            self._warn()

    def _warn(self) -> None:
        left = self._seconds - self._quiet
        warns = left <= _WARNED and self._quiet > 0 and not self.is_at_start
        self._closes.setText(text("welcome.closes", count=left) if warns else "")
        self._closes.setVisible(warns)
        self._organization.setVisible(not warns)

    def _arrange(self) -> None:
        self._back.clicked.connect(self._go_back)
        self._again.clicked.connect(self.start_over)
        for button in (self._back, self._again):
            button.pressed.connect(self.stay)
        self._place.setWidgetResizable(True)
        self._place.setFrameShape(QFrame.Shape.NoFrame)
        head = row(spacing=12)
        head.addWidget(self._back)
        head.addWidget(self._organization, 1)
        head.addWidget(self._closes, 1)
        head.addWidget(self._again)
        body = column(self, margin=_MARGIN, spacing=8)
        body.addLayout(head)
        body.addWidget(self._trouble)
        body.addWidget(self._place, 1)
