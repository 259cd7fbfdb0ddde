"""A row that goes on in the next line where it is full."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem


class Wrap(QLayout):
    """Takes widgets. Those added with `grow` share what is left of their line; `push` moves one, and what
    follows it in the line, to the far end. Mirrors where reading runs from the right."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 8) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        self._items: list[QLayoutItem] = []
        self._grow: set[QWidget] = set()
        self._push: set[QWidget] = set()

    def add(self, widget: QWidget, *, grow: bool = False, push: bool = False) -> None:
        if grow:
            self._grow.add(widget)
        if push:
            self._push.add(widget)
        self.addChildWidget(widget)
        self.addItem(QWidgetItem(widget))

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._items):
            return None
        taken = self._items.pop(index)
        self._grow.discard(taken.widget())
        self._push.discard(taken.widget())
        return taken

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        return sum(map(_height, lines)) + self.spacing() * max(0, len(lines) - 1)

    def sizeHint(self) -> QSize:
        """All in one line."""
        items = self._shown()
        width = sum(item.sizeHint().width() for item in items) + self.spacing() * max(0, len(items) - 1)
        return QSize(width, _height(items))

    def minimumSize(self) -> QSize:
        items = self._shown()
        return QSize(max((item.minimumSize().width() for item in items), default=0), _height(items))

    def setGeometry(self, box: QRect) -> None:
        super().setGeometry(box)
        top = box.top()
        for line in self._lines(box.width()):
            height = _height(line)
            self._place(line, QRect(box.left(), top, box.width(), height))
            top += height + self.spacing()

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._shown():
            needs = item.sizeHint().width()
            if not lines or needs > left:
                lines.append([])
                left = width
            lines[-1].append(item)
            left -= needs + self.spacing()
        return lines

    def _place(self, line: list[QLayoutItem], box: QRect) -> None:
        spare = box.width() - sum(i.sizeHint().width() for i in line) - self.spacing() * (len(line) - 1)
        growing = [item for item in line if item.widget() in self._grow]
        share, x = max(0, spare) // max(1, len(growing)), box.left()
        for item in line:
            if item.widget() in self._push and not growing:
                x, spare = x + max(0, spare), 0
            width = min(item.sizeHint().width() + (share if item in growing else 0), box.width())
            height = item.sizeHint().height()
            spot = QRect(x, box.top() + (box.height() - height) // 2, width, height)
            item.setGeometry(self._mirrored(spot, box))
            x += width + self.spacing()

    def _mirrored(self, spot: QRect, box: QRect) -> QRect:
        owner = self.parentWidget()
        if owner is None or owner.layoutDirection() is Qt.LayoutDirection.LeftToRight:
            return spot
        return spot.translated(box.left() + box.right() - spot.left() - spot.right(), 0)


def _height(items: list[QLayoutItem]) -> int:
    return max((item.sizeHint().height() for item in items), default=0)
