"""Sheets of paper: a PDF with a page for each ticket, its code large enough for any scanner."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from server.paper.lettering import Hand
from server.paper.page import INK, LINE, QUIET, one_at_a_time, put_code, put_text

_WIDTH, _HEIGHT = A4
_EDGE = 20 * mm
_CODE = 70 * mm


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
    with one_at_a_time:
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
    y = put_text(canvas, begin, y, sheet.organization, Hand(11, False, rtl), room, 1, QUIET)
    y = put_text(canvas, begin, y - 3 * mm, sheet.event, Hand(24, True, rtl), room, 3, INK)
    y = put_text(canvas, begin, y - 1 * mm, sheet.when, Hand(13, False, rtl), room, 2, INK)
    y = put_text(canvas, begin, y, sheet.where, Hand(13, False, rtl), room, 2, QUIET)
    y -= 6 * mm
    canvas.setStrokeColor(LINE)
    canvas.line(_EDGE, y, _WIDTH - _EDGE, y)
    top = y - 10 * mm
    if sheet.code is not None:
        put_code(canvas, _EDGE if rtl else _WIDTH - _EDGE - _CODE, top - _CODE, sheet.code, _CODE)
    beside = room - _CODE - 8 * mm if sheet.code is not None else room
    y = top
    for name, value in sheet.facts:
        y = put_text(canvas, begin, y - 2 * mm, name, Hand(10, False, rtl), beside, 1, QUIET)
        y = put_text(canvas, begin, y, value, Hand(15, True, rtl), beside, 3, INK)
    below = min(y, top - _CODE if sheet.code is not None else y) - 10 * mm
    put_text(canvas, begin, below, sheet.note, Hand(11, False, rtl), room, 4, QUIET)
