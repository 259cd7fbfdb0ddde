"""The system's default printer: a ticket on paper, its code large enough for any scanner."""

from dataclasses import dataclass
from typing import Protocol

import qrcode
from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

_QUIET = 4
_SHARE = 0.45
"""Of the paper's width, up to which a code grows; on a narrow roll it takes what it can get."""
_NARROW = 110
"""Millimetres below which a paper is a roll of receipts."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed: a title, lines below it, a code."""

    title: str
    lines: tuple[str, ...]
    code: str


class Printer(Protocol):
    def present(self) -> bool: ...
    def print(self, paper: Paper) -> bool:
        """Whether the printer took it."""
        ...


class SystemPrinter:
    """Through the system's print queue. What is absent is absent, and stops nothing."""

    def present(self) -> bool:
        return not QPrinterInfo.defaultPrinter().isNull()

    def print(self, paper: Paper) -> bool:
        found = QPrinterInfo.defaultPrinter()
        if found.isNull():
            return False
        printer = QPrinter(found, QPrinter.PrinterMode.HighResolution)
        return draw(printer, paper)


def draw(printer: QPrinter, paper: Paper) -> bool:
    """Draws a page; whether the printer took it."""
    printer.setPageMargins(QMarginsF(8, 8, 8, 8), QPageLayout.Unit.Millimeter)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    page = QRectF(0, 0, printer.width(), printer.height())
    narrow = printer.widthMM() < _NARROW
    side = page.width() if narrow else page.width() * _SHARE
    top = _write(painter, paper.title, page, 0, 20, bold=True)
    _code(painter, paper.code, QRectF(0, top, side, side))
    top += side
    for line in paper.lines:
        top = _write(painter, line, page, top, 14)
    return painter.end()


def _write(
    painter: QPainter, words: str, page: QRectF, top: float, points: int, *, bold: bool = False
) -> float:
    """Words from a height on; where they end."""
    font = QFont(painter.font())
    font.setPointSize(points)
    font.setBold(bold)
    painter.setFont(font)
    box = QRectF(0, top, page.width(), page.height() - top)
    wrapped = Qt.TextFlag.TextWordWrap
    used = painter.boundingRect(box, wrapped, words)
    painter.drawText(box, wrapped, words)
    return top + used.height() * 1.25


def _code(painter: QPainter, text: str, box: QRectF) -> None:
    drawn = qrcode.QRCode(border=_QUIET)
    drawn.add_data(text)
    drawn.make()
    modules = drawn.get_matrix()
    size = int(box.width() // len(modules))
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            if dark:
                left, top = box.left() + column * size, box.top() + row * size
                painter.fillRect(QRectF(left, top, size, size), Qt.GlobalColor.black)
