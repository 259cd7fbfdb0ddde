"""What the steps of a visitor have in common."""

from PySide6.QtWidgets import QLineEdit, QWidget

from kiosk.ui.widgets.button import Button

_LOW = 500
"""Pixels of height below which only the needful is shown."""


class VisitorStep(QWidget):
    """One step, on the page that scrolls it where there is not room for all."""

    @property
    def is_low(self) -> bool:
        holder = self.parentWidget()
        return (holder or self).height() <= _LOW

    def first(self) -> QWidget:
        """What takes the keys."""
        return self


def visitor_field(name: str, words: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setPlaceholderText(words)
    made.setAccessibleName(words)
    made.setProperty("visitor", True)
    return made


def visitor_button(button: Button) -> Button:
    button.setProperty("visitor", True)
    return button
