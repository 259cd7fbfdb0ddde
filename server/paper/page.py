"""What stands on a page: texts below each other, and codes for scanners."""

from threading import Lock

from reportlab.pdfgen.canvas import Canvas

from server import qr
from server.paper.lettering import Hand, lines, write

INK, QUIET, LINE = "#16202c", "#5a6675", "#dbe1e8"
one_at_a_time = Lock()
"""Whoever makes a document holds it: the library keeps its fonts for all documents, and takes no care of
threads."""


def put_text(
    canvas: Canvas, x: float, y: float, text: str, hand: Hand, room: float, most: int, colour: str
) -> float:
    """Writes a text below `y`, in at most so many lines; answers where it ends."""
    canvas.setFillColor(colour)
    for line in lines(text, hand, room, most) if text else ():
        y -= hand.size * 1.35
        write(canvas, x, y + hand.size * 0.3, line, hand)
    return y


def put_code(canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
    """A QR picture, whose left lower corner is given; its quiet zone is part of its size."""
    rows = qr.modules(text)
    side = size / len(rows)
    canvas.setFillColor("#000000")
    path = canvas.beginPath()
    for n, row in enumerate(rows):
        for m, dark in enumerate(row):
            if dark:
                path.rect(x + m * side, y + size - (n + 1) * side, side, side)
    canvas.drawPath(path, stroke=0, fill=1)
