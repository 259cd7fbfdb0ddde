"""A hand for demonstrations and tests: presses, types and takes pictures as told on standard input.

One JSON object a line; each is answered by one line on standard output with the same `id`:

    {"do": "press", "name": "callNext"}         presses what a person sees under that object name
    {"do": "type", "name": "searchField", "text": "ana"}
    {"do": "scan", "code": "…"}                 as a keyboard scanner would
    {"do": "picture", "path": "door.png"}       saves what the window shows
    {"do": "size", "width": 1280, "height": 800}
    {"do": "theme", "theme": "dark"}            as the staff menu would
    {"do": "see"}                               the texts that are to be seen, by object name
    {"do": "quit"}

Nothing here reaches past the window: what a person cannot press, this cannot press.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget


class CannotDo(Exception):
    """The message says why."""


class Remote(QObject):
    """Reads orders on a thread of its own, and carries them out on the window's thread."""

    _ordered = Signal(object)

    def __init__(self, window: QWidget, scanned: Callable[[str], None], theme: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._scanned, self._theme = window, scanned, theme
        self._ordered.connect(self._carry_out, Qt.ConnectionType.QueuedConnection)
        Thread(target=self._listen, name="remote", daemon=True).start()

    def tell(self, **event: object) -> None:
        """Something that happened, as a line of its own, without an `id`."""
        print(json.dumps(event, ensure_ascii=False), flush=True)

    def _listen(self) -> None:
        for line in sys.stdin:
            if line.strip():
                self._ordered.emit(json.loads(line))
        self._ordered.emit({"do": "quit"})

    @Slot(object)
    def _carry_out(self, order: dict[str, object]) -> None:
        try:
            answer = self._do(order)
        except CannotDo as fault:
            answer = {"error": str(fault)}
        self.tell(id=order.get("id"), **answer)

    def _do(self, order: dict[str, object]) -> dict[str, object]:
        match order:
            case {"do": "press", "name": str(name)}:
                self._button(name).click()
            case {"do": "type", "name": str(name), "text": str(text)}:
                self._field(name).setText(text)
            case {"do": "scan", "code": str(code)}:
                self._scanned(code)
            case {"do": "picture", "path": str(path)}:
                return {"saved": self._picture(Path(path))}
            case {"do": "size", "width": int(width), "height": int(height)}:
                self._window.resize(width, height)
            case {"do": "theme", "theme": str(name)}:
                self._theme(name)
            case {"do": "see"}:
                return {"texts": self._texts()}
            case {"do": "quit"}:
                QApplication.quit()
            case _:
                raise CannotDo(f"there is no such order: {order}")
        return {}

    def _button(self, name: str) -> QAbstractButton:
        found = [b for b in self._window.findChildren(QAbstractButton, name) if b.isVisible()]
        if not found:
            raise CannotDo(f"no button {name!r} is to be seen")
        if not found[0].isEnabled():
            raise CannotDo(f"the button {name!r} cannot be pressed now")
        return found[0]

    def _field(self, name: str) -> QLineEdit:
        found = [f for f in self._window.findChildren(QLineEdit, name) if f.isVisible()]
        if not found:
            raise CannotDo(f"no field {name!r} is to be seen")
        return found[0]

    def _picture(self, path: Path) -> str:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self._window.grab().save(str(path)):
            raise CannotDo(f"{path} could not be written")
        return str(path)

    def _texts(self) -> dict[str, str]:
        labels = self._window.findChildren(QLabel)
        return {
            label.objectName(): label.text() for label in labels if label.isVisible() and label.objectName()
        }
