"""The window: one page at a time, the line of how things stand, notices over it."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QMouseEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from kiosk.ui.text import is_right_to_left, language
from kiosk.ui.views import NoticeView, StatusView
from kiosk.ui.widgets.card import column
from kiosk.ui.widgets.focus import move_focus
from kiosk.ui.widgets.notice import Notice
from kiosk.ui.widgets.status_line import StatusLine

HOLD_MS = 2000
"""So long a page that has nothing to press is held until it asks for the menu."""


class Window(QMainWindow):
    """Full screen there is no way out of it but `menu_asked`, behind which stands the PIN."""

    menu_asked = Signal()

    def __init__(self, *, fullscreen: bool) -> None:
        super().__init__()
        self.setWindowTitle("Usher")
        self._locked = fullscreen
        turn()
        self._pages, self._status = QStackedWidget(), StatusLine()
        ground = QWidget()
        body = column(ground, spacing=0)
        body.addWidget(self._pages, 1)
        body.addWidget(self._status)
        self.setCentralWidget(ground)
        self._below: QWidget | None = None
        self._notice = Notice(ground)
        self._status.menu_asked.connect(self.menu_asked)
        QShortcut(QKeySequence("Ctrl+M"), self, self.menu_asked.emit)
        QShortcut(QKeySequence("F10"), self, self.menu_asked.emit)
        self._held = QTimer(self, interval=HOLD_MS, singleShot=True)
        self._held.timeout.connect(self.menu_asked)

    def present(self) -> None:
        """Puts the window on the screen."""
        if self._locked:
            self.showFullScreen()
        else:
            self.resize(1280, 800)
            self.show()

    @property
    def page(self) -> QWidget | None:
        return self._pages.currentWidget()

    def show_page(self, page: QWidget, *, status: bool = True) -> None:
        """Shows a page, and lets go of the one before; what stands over that stays over this."""
        before, self._below = self._below, page
        if before is page:
            return
        covered = self._pages.currentWidget() is not before
        self._pages.insertWidget(0, page)
        if not covered:
            self._pages.setCurrentWidget(page)
        self._status.setVisible(status)
        if before is not None:
            self._pages.removeWidget(before)
            before.deleteLater()

    def show_over(self, page: QWidget) -> None:
        """Shows a page above the one that goes on below it; `take_back` ends that."""
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    def take_back(self, page: QWidget) -> None:
        self._pages.removeWidget(page)
        page.deleteLater()

    def show_language(self) -> None:
        """The words and the way of reading have become others; the page is built anew by who shows it."""
        turn()
        self._status.show_language()

    def show_status(self, view: StatusView) -> None:
        self._status.show_view(view)

    def show_notice(self, view: NoticeView) -> None:
        self._notice.show_view(view)

    def unlock(self) -> None:
        """From now on the window may be closed: somebody gave the PIN."""
        self._locked = False

    def focusNextPrevChild(self, next: bool) -> bool:
        return move_focus(self, forward=next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._notice.place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A display has no line below with a menu in it, and in a lobby often no keyboard."""
        if not self._status.isVisible():
            self._held.start()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held.stop()
        super().mouseReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Whoever makes it small by the keyboard gets it back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and self._locked and self.isMinimized():
            self.showFullScreen()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._locked:
            event.ignore()
            self.menu_asked.emit()
        else:
            super().closeEvent(event)


def turn() -> None:
    """All that stands side by side follows the way in which the language is read."""
    right = is_right_to_left(language())
    ways = Qt.LayoutDirection
    QApplication.setLayoutDirection(ways.RightToLeft if right else ways.LeftToRight)
