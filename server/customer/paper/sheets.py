"""Sheets of paper: a PDF with a page for each ticket, its code large enough for any scanner."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from server import qr
from server.customer.paper.lettering import Hand, lines, write

_WIDTH, _HEIGHT = A4
_EDGE = 20 * mm
_CODE = 70 * mm
_INK, _QUIET, _LINE = "#16202c", "#5a6675", "#dbe1e8"
_one_at_a_time = Lock()
"""The library keeps its fonts for all documents, and takes no care of threads."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One ticket on paper; `facts` is what it says, each with its name. `code` is None where a picture of
    it lets nobody in.
    """

    organization: str
    event: str
    when: str
    where: str
    facts: Sequence[tuple[str, str]]
    note: str
    code: str | None
    colour: str


def pdf(title: str, sheets: Sequence[Sheet], *, right_to_left: bool) -> bytes:
    """The pages, in the order of the tickets."""
    with _one_at_a_time:
        out = BytesIO()
        canvas = Canvas(out, pagesize=A4, pageCompression=1)
        canvas.setTitle(title)
        canvas.setAuthor(sheets[0].organization)
        canvas.setCreator("Usher")
        for sheet in sheets:
            _page(canvas, sheet, right_to_left)
            canvas.showPage()
        canvas.save()
        return out.getvalue()


def _page(canvas: Canvas, sheet: Sheet, rtl: bool) -> None:
    begin = _WIDTH - _EDGE if rtl else _EDGE
    room, y = _WIDTH - 2 * _EDGE, _HEIGHT - _EDGE
    canvas.setFillColor(sheet.colour)
    canvas.rect(0, _HEIGHT - 6 * mm, _WIDTH, 6 * mm, stroke=0, fill=1)
    y = _write(canvas, begin, y, sheet.organization, Hand(11, False, rtl), room, 1, _QUIET)
    y = _write(canvas, begin, y - 3 * mm, sheet.event, Hand(24, True, rtl), room, 3, _INK)
    y = _write(canvas, begin, y - 1 * mm, sheet.when, Hand(13, False, rtl), room, 2, _INK)
    y = _write(canvas, begin, y, sheet.where, Hand(13, False, rtl), room, 2, _QUIET)
    y -= 6 * mm
    canvas.setStrokeColor(_LINE)
    canvas.line(_EDGE, y, _WIDTH - _EDGE, y)
    top = y - 10 * mm
    if sheet.code is not None:
        _code(canvas, _EDGE if rtl else _WIDTH - _EDGE - _CODE, top - _CODE, sheet.code)
    beside = room - _CODE - 8 * mm if sheet.code is not None else room
    y = top
    for name, value in sheet.facts:
        y = _write(canvas, begin, y - 2 * mm, name, Hand(10, False, rtl), beside, 1, _QUIET)
        y = _write(canvas, begin, y, value, Hand(15, True, rtl), beside, 3, _INK)
    below = min(y, top - _CODE if sheet.code is not None else y) - 10 * mm
    _write(canvas, begin, below, sheet.note, Hand(11, False, rtl), room, 4, _QUIET)


def _write(
    canvas: Canvas, x: float, y: float, text: str, hand: Hand, room: float, most: int, colour: str
) -> float:
    """Writes a text below `y`; answers where it ends."""
    canvas.setFillColor(colour)
    for line in lines(text, hand, room, most) if text else ():
        y -= hand.size * 1.35
        write(canvas, x, y + hand.size * 0.3, line, hand)
    return y


def _code(canvas: Canvas, x: float, y: float, text: str) -> None:
    rows = qr.modules(text)
    side = _CODE / len(rows)
    canvas.setFillColor("#000000")
    path = canvas.beginPath()
    for n, row in enumerate(rows):
        for m, dark in enumerate(row):
            if dark:
                path.rect(x + m * side, y + _CODE - (n + 1) * side, side, side)
    canvas.drawPath(path, stroke=0, fill=1)
