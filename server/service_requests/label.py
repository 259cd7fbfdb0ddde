"""The label that is stuck on a device: its number for people, its code for scanners."""

from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from server.formats import is_right_to_left
from server.paper.lettering import Hand
from server.paper.page import INK, QUIET, one_at_a_time, put_code, put_text

_WIDTH, _HEIGHT = 89 * mm, 36 * mm
"""A usual size of labels on a roll."""
_EDGE, _CODE = 3 * mm, 30 * mm


@dataclass(frozen=True, slots=True)
class Label:
    place: str
    number: str
    device: str
    customer: str
    taken: str
    code: str


def pdf(label: Label, language: str) -> bytes:
    """One page of a label's size."""
    with one_at_a_time:
        out = BytesIO()
        canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT), pageCompression=1)
        canvas.setTitle(f"{label.number} {label.device}")
        canvas.setCreator("Usher")
        _draw(canvas, label, is_right_to_left(language))
        canvas.showPage()
        canvas.save()
        return out.getvalue()


def _draw(canvas: Canvas, label: Label, rtl: bool) -> None:
    put_code(canvas, _EDGE if rtl else _WIDTH - _EDGE - _CODE, (_HEIGHT - _CODE) / 2, label.code, _CODE)
    x, room = (_WIDTH - _EDGE if rtl else _EDGE), _WIDTH - 2 * _EDGE - _CODE
    y = _HEIGHT - _EDGE
    y = put_text(canvas, x, y, label.place, Hand(7, False, rtl), room, 1, QUIET)
    y = put_text(canvas, x, y, label.number, Hand(22, True, rtl), room, 1, INK)
    y = put_text(canvas, x, y, label.device, Hand(9, True, rtl), room, 2, INK)
    y = put_text(canvas, x, y, label.customer, Hand(8, False, rtl), room, 1, INK)
    put_text(canvas, x, y, label.taken, Hand(7, False, rtl), room, 1, QUIET)
