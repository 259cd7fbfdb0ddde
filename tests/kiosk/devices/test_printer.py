"""Tickets on paper: drawn as large as the paper allows, and absent where there is no printer."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication

from kiosk.devices.printer import Paper, SystemPrinter, draw

PAPER = Paper("General admission", ("Grace Hopper", "€49.00", "K7Q2M4XP"), "WK7Q2M4XPA9BTHC3RZ6DEN8FJU")


def printer(file: Path, size: QPageSize) -> QPrinter:
    """One that prints into a file."""
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(file))
    made.setPageSize(size)
    return made


@pytest.mark.parametrize(
    "size", [QPageSize(QPageSize.PageSizeId.A4), QPageSize(QSizeF(80, 200), QPageSize.Unit.Millimeter)]
)
def test_a_ticket_is_printed_on_one_page(qapp: QApplication, tmp_path: Path, size: QPageSize) -> None:
    file = tmp_path / "ticket.pdf"
    assert draw(printer(file, size), PAPER)
    written = file.read_bytes()
    assert written.startswith(b"%PDF")
    assert written.count(b"/Type /Page\n") == 1


def test_it_is_drawn_on_whatever_thread_waits_for_the_printer(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "ticket.pdf"
    with ThreadPoolExecutor(1) as thread:
        made = printer(file, QPageSize(QPageSize.PageSizeId.A4))
        assert thread.submit(draw, made, PAPER).result(20)
    assert file.read_bytes().count(b"/Type /Page\n") == 1


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_takes_nothing_says_so(qapp: QApplication, tmp_path: Path) -> None:
    assert not draw(printer(tmp_path / "no" / "folder" / "x.pdf", QPageSize(QPageSize.PageSizeId.A4)), PAPER)


def test_where_there_is_no_printer_there_is_none(qapp: QApplication) -> None:
    there = not QPrinterInfo.defaultPrinter().isNull()
    assert SystemPrinter().present() is there
    if not there:
        assert not SystemPrinter().print(PAPER)
