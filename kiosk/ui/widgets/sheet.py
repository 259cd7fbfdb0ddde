"""Something to decide first: a card over the page, which waits dimmed behind it."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget
from shiboken6 import isValid

from kiosk.ui import theme
from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, column, row
from kiosk.ui.widgets.label import Label

_MARGIN, _ROUND, _DIMMED = 24, 24, 0.6
_LOOK = 5_000
"""So often, in milliseconds, a sheet that others change too looks again."""
_TOLD = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
"""Somebody has said of it whether it is to be seen."""


class Sheet(QWidget):
    """Covers its parent while it is open; Escape, the cross or a touch beside the card closes it.

    Focus stays inside, and goes back to where it was. `body` takes what it shows, and `foot` what stays in
    sight below where there is not room for all of that; the card is `width` pixels wide at text factor 1, or
    as wide as there is room.
    """

    closed = Signal()

    def __init__(self, parent: QWidget, title: str, name: str, width: int = 560) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._page = parent
        self._width = width
        self._before: QWidget | None = None
        self._title = Label(title, "title", wrap=True)
        self.setAccessibleName(title)
        cross = Button("", f"{name}:close", "ghost", icon_name="cross", label=text("sheet.close"))
        cross.clicked.connect(self.close_sheet)
        self._card = Card(margin=_MARGIN, spacing=16)
        self._card.setParent(self)
        self._head = row(spacing=12)
        self._head.addWidget(self._title, 1)
        self._head.addWidget(cross, 0, Qt.AlignmentFlag.AlignTop)
        self._content = QWidget()
        self.body = column(self._content, spacing=12)
        self._card.body.addLayout(self._head)
        self._card.body.addWidget(_scrolling(self._content), 1)
        self._foot = QWidget()
        self.foot = column(self._foot, spacing=12)
        self._foot.hide()
        self._card.body.addWidget(self._foot)
        self._content.installEventFilter(self)
        parent.installEventFilter(self)
        self.hide()

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(title)

    def open_sheet(self, first: QWidget | None = None) -> None:
        """`first` takes the keys; else the first that can."""
        if self.isHidden():
            self._before = QApplication.focusWidget()
        self.show()
        self.raise_()
        _show_new(self._content)
        _show_new(self._foot)
        self._place()
        # Now, lest somebody sees it for a moment as it was before its words were put in.
        for part in (*self.findChildren(QWidget), self):
            QApplication.sendPostedEvents(part, QEvent.Type.LayoutRequest.value)
        target = first or self._next(self._content, forward=True)
        if target:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    @contextmanager
    def filled_anew(self, first: QWidget | None = None) -> Iterator[None]:
        """What is put in meanwhile replaces what was there: the keys go where they were, else to `first`."""
        held = self.focusWidget()
        name = held.objectName() if held else ""
        yield
        self.open_sheet(self.newest(name) or first)

    def newest(self, name: str) -> QWidget | None:
        """What has this name now: what it replaced is there, out of sight, until the window's next turn."""
        found = self.findChildren(QWidget, name) if name else []
        return found[-1] if found else None

    def let_press(self, *, may: bool) -> None:
        """Whether what it shows can be pressed; the cross always can."""
        for part in (self._content, self._foot):
            part.setEnabled(may)

    def look_again(self) -> None:
        """Asks how things stand, where that is shown and others change it too."""

    def look_often(self) -> None:
        """Looks again every few seconds from now on."""
        timer = QTimer(self, interval=_LOOK)
        timer.timeout.connect(self.look_again)
        timer.start()

    def close_sheet(self) -> None:
        if self.isHidden():
            return
        self.hide()
        if self._before and isValid(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None
        self.closed.emit()

    def focusNextPrevChild(self, next: bool) -> bool:
        target = self._next(self.focusWidget() or self, next)
        if target:
            target.setFocus(Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason)
        return target is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        # What is pressed here means nothing to the page behind.
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.close_sheet()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second tap of a finger that meant to open it is none to close it."""
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(_DIMMED)
        painter.fillRect(self.rect(), theme.current().colour("lens"))
        painter.end()

    def _place(self) -> None:
        """The card in the middle, as high as what it shows needs."""
        page = self._page.rect()
        self.setGeometry(page)
        # What it measured may be from before its words had their size.
        self._head.invalidate()
        room = page.adjusted(_ROUND, _ROUND, -_ROUND, -_ROUND)
        width = min(room.width(), round(self._width * theme.current().text_factor))
        inner = width - 2 * _MARGIN
        needed = _height(self._content, inner) + self._head.sizeHint().height() + 2 * _MARGIN + 20
        if self.foot.count():
            self._foot.show()
            needed += _height(self._foot, inner) + self._card.body.spacing()
        box = QRect(0, 0, width, min(room.height(), needed))
        box.moveCenter(page.center())
        self._card.setGeometry(box)

    def _next(self, start: QWidget, forward: bool) -> QWidget | None:
        step = start.nextInFocusChain() if forward else start.previousInFocusChain()
        while step is not None and step is not start:
            if self.isAncestorOf(step) and step.isVisible() and _takes_focus(step):
                return step
            step = step.nextInFocusChain() if forward else step.previousInFocusChain()
        return None


def _show_new(content: QWidget) -> None:
    """What was just put in shows itself at the window's next turn only, and is not measured before."""
    for child in content.children():
        if isinstance(child, QWidget) and not child.testAttribute(_TOLD):
            child.show()


def _takes_focus(widget: QWidget) -> bool:
    by_tab = Qt.FocusPolicy.TabFocus.value
    return widget.isEnabled() and bool(widget.focusPolicy().value & by_tab)


def _height(content: QWidget, width: int) -> int:
    layout = content.layout()
    if layout is not None and layout.hasHeightForWidth():
        return layout.heightForWidth(width)
    return content.sizeHint().height()


def _scrolling(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
