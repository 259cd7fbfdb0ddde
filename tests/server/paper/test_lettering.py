"""Lines on paper: how they are broken, and from which side they are read."""

import numpy as np
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from server.paper.lettering import Hand, lines, width, write

HAND, ROOM = Hand(12), 150.0
# No spaces in between, and letters of which not all are in one font.
TEXT = st.text(st.sampled_from("aWi é中한مح٣12(. 😀\u200f"), max_size=60)


def ink(text: str, hand: Hand, x: float = 200) -> np.ndarray:
    """The columns of a page that a line marks, in points."""
    canvas = Canvas("", pagesize=(400, 40))
    write(canvas, x, 15, text, hand)
    page = pypdfium2.PdfDocument(canvas.getpdfdata())[0]
    return np.asarray((page.render(scale=1).to_numpy().min(axis=(0, 2)) < 128).nonzero()[0])


def picture(text: str, hand: Hand) -> np.ndarray:
    """The marks of a line, without what is empty around them."""
    canvas = Canvas("", pagesize=(400, 40))
    write(canvas, 390 if hand.right_to_left else 10, 15, text, hand)
    grey = pypdfium2.PdfDocument(canvas.getpdfdata())[0].render(scale=4).to_numpy().min(axis=2) < 128
    columns = grey.any(axis=0).nonzero()[0]
    return np.asarray(grey[:, columns[0] : columns[-1] + 1])


@given(text=TEXT, most=st.integers(1, 4))
def test_lines_are_no_wider_than_there_is_room_and_no_more_than_asked_for(text: str, most: int) -> None:
    found = lines(text, HAND, ROOM, most)
    assert len(found) <= most
    assert all(width(line, HAND) <= ROOM for line in found)


@given(text=TEXT)
def test_nothing_is_lost_where_there_are_lines_enough(text: str) -> None:
    assert "".join(lines(text, HAND, ROOM, 100)).replace(" ", "") == "".join(text.split())


def test_a_name_that_is_too_long_is_broken_and_what_is_cut_ends_with_dots() -> None:
    assert lines("Wolfeschlegelsteinhausenbergerdorff", HAND, ROOM, 3) == [
        "Wolfeschlegelsteinhausen",
        "bergerdorff",
    ]
    [line] = lines("one two three four five six seven eight", HAND, ROOM, 1)
    assert line.endswith(" …")


def test_a_line_begins_where_it_is_read_from() -> None:
    assert ink("Anna", Hand(12)).min() >= 200
    assert ink("محمد", Hand(12, right_to_left=True)).max() <= 200


@pytest.mark.parametrize("digits", ["2026", "٢٠٢٦"])
def test_numbers_are_read_from_the_left_in_a_line_from_the_right(digits: str) -> None:
    alone = picture(digits, Hand(12))
    within = picture(f"{digits} مايو", Hand(12, right_to_left=True))
    assert (within[:, -alone.shape[1] :] == alone).mean() > 0.97
    turned = picture(digits[::-1], Hand(12))
    assert turned.shape != alone.shape or (turned == alone).mean() < 0.95


def test_joined_letters_have_no_gaps_where_they_overlap() -> None:
    """Bold strokes that overlap are not taken out of each other."""
    word = picture("محمد", Hand(24, bold=True, right_to_left=True))
    line = word[word.sum(axis=1).argmax()]
    marked = line.nonzero()[0]
    assert (np.diff(marked) > 1).sum() <= 1


def test_brackets_open_to_the_side_that_is_read_next() -> None:
    assert bulge("(", Hand(12)) < 0 < bulge(")", Hand(12))
    assert bulge(")", Hand(12, right_to_left=True)) < 0 < bulge("(", Hand(12, right_to_left=True))


def bulge(text: str, hand: Hand) -> float:
    """How far to the right the middle of a mark lies of its ends."""
    rows = [row.nonzero()[0].mean() for row in picture(text, hand) if row.any()]
    return float(rows[len(rows) // 2] - rows[0])
