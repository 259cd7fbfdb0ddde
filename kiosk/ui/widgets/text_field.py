"""A line to type in."""

from PySide6.QtWidgets import QLineEdit


def text_field(name: str, said: str, longest: int) -> QLineEdit:
    """What belongs in it is said in its place, and to whoever hears the page; `longest` in characters."""
    made = QLineEdit()
    made.setObjectName(name)
    made.setPlaceholderText(said)
    made.setAccessibleName(said)
    made.setMaxLength(longest)
    return made
