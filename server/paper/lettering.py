"""Writing on PDF pages: any language's letters, from left or from right, wrapped to a width.

What Inter has is written as text. Arabic letters join, which PDFs leave to whoever makes them: HarfBuzz
chooses their shapes, and they are drawn. Han, kana and Hangul are written with the reader's own fonts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import category

import uharfbuzz as hb
from bidi.algorithm import get_display
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas

from server.texts import RESOURCES

_DIGITS = "\u0660-\u066d\u06f0-\u06f9"
_ARABIC = "\u0600-\u065f\u066e-\u06ef\u06fa-\u08ff\u200c\u200d\ufb50-\ufdff\ufe70-\ufefc"
_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
_HAN = "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\uff00-\uffef"
_RUNS = re.compile(
    rf"(?P<arabic>[{_ARABIC}]+(?:\s+[{_ARABIC}]+)*)|(?P<digits>[{_DIGITS}]+)|(?P<hangul>[{_HANGUL}]+)"
    rf"|(?P<han>[{_HAN}]+)|(?P<plain>[^{_ARABIC}{_DIGITS}{_HANGUL}{_HAN}]+)"
)
_DRAWN = {"arabic": "rtl", "digits": "ltr"}
_READERS = {"hangul": "HYGothic-Medium", "han": "STSong-Light"}
_LETTERS = ("L", "N", "Z")


@dataclass(frozen=True, slots=True)
class Hand:
    """A size of writing, plain or bold, from the left or from the right."""

    size: float
    bold: bool = False
    right_to_left: bool = False


def write(canvas: Canvas, x: float, y: float, text: str, hand: Hand) -> None:
    """One line. `x` is where it begins: its left end, or its right end where it is read from there."""
    left = x - width(text, hand) if hand.right_to_left else x
    for kind, run in _runs(text, hand):
        if kind in _DRAWN:
            _draw(canvas, left, y, kind, run, hand)
        else:
            canvas.setFont(_font(kind, hand.bold), hand.size)
            canvas.drawString(left, y, run)
        left += _width(kind, run, hand)


def width(text: str, hand: Hand) -> float:
    return sum(_width(kind, run, hand) for kind, run in _runs(text, hand))


def lines(text: str, hand: Hand, room: float, most: int) -> list[str]:
    """The text in lines no wider than `room`; what does not fit into `most` lines is cut with dots."""
    found: list[str] = [""]
    for word in (part for whole in text.split() for part in _parts(whole, hand, room)):
        longer = f"{found[-1]} {word}".strip()
        if width(longer, hand) <= room:
            found[-1] = longer
        else:
            found.append(word)
    if len(found) > most:
        found[most - 1] = _cut(found[most - 1], hand, room)
    return found[:most]


def _parts(word: str, hand: Hand, room: float) -> Iterator[str]:
    """A word, in pieces where it is wider than `room`."""
    while width(word, hand) > room and len(word) > 1:
        fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or width(word[:n], hand) <= room)
        yield word[:fits]
        word = word[fits:]
    yield word


def _cut(line: str, hand: Hand, room: float) -> str:
    """The line with dots at its end."""
    while line and width(f"{line} …", hand) > room:
        line = line[:-1].rstrip()
    return f"{line} …"


def _runs(text: str, hand: Hand) -> Iterator[tuple[str, str]]:
    """Pieces of one script each, in the order in which they stand from left to right."""
    shown = str(get_display(text, base_dir="R" if hand.right_to_left else "L"))
    for match in _RUNS.finditer(shown):
        kind, run = str(match.lastgroup), match.group()
        yield kind, _known(run, hand.bold) if kind == "plain" else run[::-1] if kind == "arabic" else run


def _known(run: str, bold: bool) -> str:
    """Without the pictures and marks for which the font has nothing."""
    glyphs = pdfmetrics.getFont(_font("plain", bold)).face.charToGlyph
    return "".join(char for char in run if ord(char) in glyphs or category(char)[0] in _LETTERS)


def _width(kind: str, run: str, hand: Hand) -> float:
    if kind not in _DRAWN:
        return float(pdfmetrics.stringWidth(run, _font(kind, hand.bold), hand.size))
    font, buffer = _shaped(kind, run, hand.bold)
    advance = sum(position.x_advance for position in buffer.glyph_positions)
    return float(advance * hand.size / font.face.upem)


def _draw(canvas: Canvas, x: float, y: float, kind: str, run: str, hand: Hand) -> None:
    font, buffer = _shaped(kind, run, hand.bold)
    scale, at = hand.size / font.face.upem, x
    path = canvas.beginPath()
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        pen = _Pen(path, at + place.x_offset * scale, y + place.y_offset * scale, scale)
        font.draw_glyph_with_pen(info.codepoint, pen)
        at += place.x_advance * scale
    # Where letters join, their outlines overlap.
    canvas.drawPath(path, stroke=0, fill=1, fillMode=FILL_NON_ZERO)


class _Pen:
    """Draws a glyph's outline on a page."""

    def __init__(self, path: Any, x: float, y: float, scale: float) -> None:
        self._path, self._x, self._y, self._scale = path, x, y, scale
        self._at = (0.0, 0.0)

    def moveTo(self, to: tuple[float, float]) -> None:  # noqa: N802
        self._path.moveTo(*self._placed(to))
        self._at = to

    def lineTo(self, to: tuple[float, float]) -> None:  # noqa: N802
        self._path.lineTo(*self._placed(to))
        self._at = to

    def qCurveTo(self, control: tuple[float, float], to: tuple[float, float]) -> None:  # noqa: N802
        """A PDF has cubic curves only."""
        first = _between(self._at, control)
        self.curveTo(first, _between(to, control), to)

    def curveTo(self, one: tuple[float, float], two: tuple[float, float], to: tuple[float, float]) -> None:  # noqa: N802
        self._path.curveTo(*self._placed(one), *self._placed(two), *self._placed(to))
        self._at = to

    def closePath(self) -> None:  # noqa: N802
        self._path.close()

    def _placed(self, point: tuple[float, float]) -> tuple[float, float]:
        return self._x + point[0] * self._scale, self._y + point[1] * self._scale


def _between(end: tuple[float, float], control: tuple[float, float]) -> tuple[float, float]:
    return end[0] + (control[0] - end[0]) * 2 / 3, end[1] + (control[1] - end[1]) * 2 / 3


def _shaped(kind: str, run: str, bold: bool) -> tuple[hb.Font, hb.Buffer]:
    font, buffer = _arabic(bold), hb.Buffer()
    buffer.add_str(run)
    buffer.guess_segment_properties()
    buffer.direction = _DRAWN[kind]
    hb.shape(font, buffer)
    return font, buffer


@cache
def _arabic(bold: bool) -> hb.Font:
    name = f"NotoSansArabicUI-{'Bold' if bold else 'Regular'}.ttf"
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(RESOURCES / "fonts" / name))))


@cache
def _font(kind: str, bold: bool) -> str:
    """The name of a font that every page knows."""
    if kind in _READERS:
        pdfmetrics.registerFont(UnicodeCIDFont(_READERS[kind]))
        return _READERS[kind]
    name = f"Inter-{'SemiBold' if bold else 'Regular'}"
    pdfmetrics.registerFont(TTFont(name, str(RESOURCES / "public" / "fonts" / f"{name}.ttf")))
    return name
