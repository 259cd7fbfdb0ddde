"""Grounds that hold things together."""

from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kiosk.ui.widgets.label import Label


class Card(QFrame):
    """A raised ground with a column in it; `flat` is a tinted one without an edge."""

    def __init__(self, title: str = "", *, flat: bool = False, margin: int = 20, spacing: int = 12) -> None:
        super().__init__()
        self.setProperty("card", "flat" if flat else "true")
        self.body = column(self, margin=margin, spacing=spacing)
        if title:
            self.body.addWidget(Label(title, "label", "muted"))


class Rule(QFrame):
    """A thin line between parts."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("rule", "true")
        self.setFixedHeight(1)


def column(owner: QWidget | None = None, *, margin: int = 0, spacing: int = 12) -> QVBoxLayout:
    """A vertical layout with even margins."""
    made = QVBoxLayout(owner) if owner else QVBoxLayout()
    _even(made, margin, spacing)
    return made


def row(owner: QWidget | None = None, *, margin: int = 0, spacing: int = 12) -> QHBoxLayout:
    """A horizontal layout with even margins."""
    made = QHBoxLayout(owner) if owner else QHBoxLayout()
    _even(made, margin, spacing)
    return made


def clear(layout: QBoxLayout) -> None:
    """Takes everything out of a layout and lets it go."""
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner := item.layout(), QBoxLayout):
            clear(inner)


def _even(layout: QBoxLayout, margin: int, spacing: int) -> None:
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
