"""The staff PIN: asked for, chosen where there is none yet, changed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from kiosk.desk.pin import NoPin, Pin, PinAnswer, Right, TooSoon, Wrong
from kiosk.qt.worker import Worker
from kiosk.ui.pages.pin import PinPage
from kiosk.ui.setup_views import PinStep, PinView
from kiosk.ui.window import Window

_IDLE = 60_000
"""Milliseconds without a PIN after which the page goes again: a visitor may have opened it."""


class PinFlow(QObject):
    """`show` is given what is asked for next; `passed` is called once the PIN was given, or a new one is kept
    on the disk."""

    def __init__(
        self, pin: Pin, worker: Worker, show: Callable[[PinView], None], passed: Callable[[], None]
    ) -> None:
        super().__init__()
        self._pin, self._worker, self._show, self._passed = pin, worker, show, passed
        self._step, self._new = PinStep.GIVE, ""

    def ask(self) -> None:
        """For the PIN; where none was set yet, for a new one."""
        self._go(PinStep.GIVE if self._pin.is_set else PinStep.NEW)

    def change(self) -> None:
        """For the PIN of now, and then for a new one."""
        self._go(PinStep.OLD if self._pin.is_set else PinStep.NEW)

    def choose(self) -> None:
        """For a new one, whatever was set before."""
        self._go(PinStep.NEW)

    def entered(self, digits: str) -> None:
        match self._step:
            case PinStep.GIVE | PinStep.OLD:
                self._worker.ask(lambda: self._pin.check(digits), self._checked)
            case PinStep.NEW:
                self._new = digits
                self._go(PinStep.AGAIN)
            case PinStep.AGAIN if digits != self._new:
                self._go(PinStep.NEW, wrong=True)
            case PinStep.AGAIN:
                self._worker.ask(lambda: self._pin.set(digits), lambda _: self._passed())

    def _checked(self, answer: PinAnswer) -> None:
        match answer:
            case Right() if self._step is PinStep.GIVE:
                self._passed()
            case Right() | NoPin():
                self._go(PinStep.NEW)
            case Wrong(wait):
                self._go(self._step, wrong=True, wait=wait)
            case TooSoon(wait):
                self._go(self._step, wait=wait)

    def _go(self, step: PinStep, *, wrong: bool = False, wait: int = 0) -> None:
        self._step = step
        self._show(PinView(step, wrong=wrong, wait=wait))


class PinOver(QObject):
    """The PIN over whatever the window shows. Each way of asking goes on with `passed`; while one is under
    way another is not begun. `idle` milliseconds after the last try the page goes by itself, except where
    somebody sets the kiosk up."""

    def __init__(self, window: Window, pin: Pin, worker: Worker, idle: int = _IDLE) -> None:
        super().__init__()
        self._window, self._pin, self._worker = window, pin, worker
        self._page: PinPage | None = None
        self._flow: PinFlow | None = None
        self._idle = QTimer(self, interval=idle, singleShot=True)
        self._idle.timeout.connect(self._close)
        self._goes = True

    @property
    def is_open(self) -> bool:
        return self._page is not None

    def ask(self, passed: Callable[[], None]) -> None:
        self._open(passed, PinFlow.ask)

    def change(self, passed: Callable[[], None]) -> None:
        self._open(passed, PinFlow.change)

    def choose(self, passed: Callable[[], None]) -> None:
        self._open(passed, PinFlow.choose, goes=False)

    def _open(
        self, passed: Callable[[], None], begin: Callable[[PinFlow], None], *, goes: bool = True
    ) -> None:
        if self._page:
            return
        self._goes = goes

        def done() -> None:
            self._close()
            passed()

        page = self._page = PinPage()
        flow = self._flow = PinFlow(self._pin, self._worker, self._show, done)
        page.entered.connect(flow.entered)
        page.cancelled.connect(self._close)
        self._window.show_over(page)
        begin(flow)

    def _show(self, view: PinView) -> None:
        if self._page:
            self._page.show_view(view)
            if self._goes:
                self._idle.start()

    def _close(self) -> None:
        self._idle.stop()
        if self._page:
            self._window.take_back(self._page)
            self._page = None
