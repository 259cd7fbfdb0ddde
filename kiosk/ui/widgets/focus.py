"""Where the tab key goes: along the page as one reads it, however late a widget was made."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QMainWindow, QScrollArea, QStackedWidget, QWidget


def move_focus(inside: QWidget, *, forward: bool) -> bool:
    """To the next stop inside a widget, after the last to the first; False where there is none."""
    stops = [stop for stop in in_reading_order(inside) if _takes_focus(stop)]
    if not stops:
        return False
    now = QApplication.focusWidget()
    step = 1 if forward else -1
    # From elsewhere to the first, or backwards to the last.
    place = stops.index(now) + step if now in stops else min(0, step)
    _focus(stops[place % len(stops)], forward=forward)
    return True


def in_reading_order(root: QWidget) -> Iterator[QWidget]:
    """What layouts hold that can be seen, from the first to the last."""
    for child in _children(root):
        if child is not None and child.isVisible():
            yield child
            yield from in_reading_order(child)


def _children(root: QWidget) -> Iterable[QWidget | None]:
    match root:
        case QMainWindow():
            return (root.centralWidget(),)
        case QScrollArea():
            return (root.widget(),)
        case QStackedWidget():
            return (root.currentWidget(),)
    return _held(root.layout())


def _held(layout: QLayout | None) -> Iterator[QWidget]:
    for place in range(layout.count() if layout else 0):
        item = layout.itemAt(place) if layout else None
        if item is not None and (widget := item.widget()) is not None:
            yield widget
        elif item is not None:
            yield from _held(item.layout())


def _takes_focus(widget: QWidget) -> bool:
    return widget.isEnabled() and bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)


def _focus(stop: QWidget, *, forward: bool) -> None:
    reasons = Qt.FocusReason
    stop.setFocus(reasons.TabFocusReason if forward else reasons.BacktabFocusReason)
    holder = stop.parentWidget()
    while holder is not None:
        if isinstance(holder, QScrollArea):
            holder.ensureWidgetVisible(stop)
        holder = holder.parentWidget()
