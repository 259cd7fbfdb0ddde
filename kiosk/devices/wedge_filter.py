"""Keyboard scanners in the window: scans are taken out of what is typed, wherever the focus is."""

from time import monotonic

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from kiosk.devices.wedge import GAP_SECONDS, Key, Wedge

_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_SHORTCUTS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class WedgeFilter(QObject):
    """Install it on the system's window (`windowHandle()`).

    Keys of a person reach the widget with the focus in their order, hundredths of a second late at most.
    """

    scanned = Signal(str)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._wedge = Wedge()
        self._events: list[QKeyEvent] = []
        self._replaying = False
        self._timer = QTimer(self, singleShot=True, interval=int(GAP_SECONDS * 1_000) + 5)
        self._timer.timeout.connect(self._expire)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._replaying or event.type() != QEvent.Type.KeyPress:
            return False
        if not isinstance(event, QKeyEvent) or event.modifiers() & _SHORTCUTS:
            return False
        ends = event.key() in _ENDS
        if not ends and not (event.text() and event.text().isprintable()):
            return False
        if ends and not self._wedge.holding:
            return False
        return self._take(event, ends)

    def _take(self, event: QKeyEvent, ends: bool) -> bool:
        self._events.append(event.clone())
        verdict = self._wedge.press(Key("" if ends else event.text(), ends), _pressed_at(event))
        self._give_on(len(verdict.typed))
        if verdict.scan is not None:
            self._events.clear()
            self.scanned.emit(verdict.scan)
        self._timer.start()
        return True

    def _expire(self) -> None:
        """The gap is over: whatever is still held was typed by a person."""
        self._give_on(len(self._wedge.give_up().typed))

    def _give_on(self, count: int) -> None:
        """Sends keys that were held back to where they were meant for."""
        keys, self._events = self._events[:count], self._events[count:]
        target = QApplication.focusWidget()
        if target is None:
            return
        self._replaying = True
        try:
            for key in keys:
                QCoreApplication.sendEvent(target, key)
                release = QKeyEvent(QEvent.Type.KeyRelease, key.key(), key.modifiers(), key.text())
                QCoreApplication.sendEvent(target, release)
        finally:
            self._replaying = False


def _pressed_at(event: QKeyEvent) -> float:
    """When the key went down, in seconds: a window that was busy for a moment makes no scanner slow."""
    return event.timestamp() / 1_000 if event.timestamp() else monotonic()
