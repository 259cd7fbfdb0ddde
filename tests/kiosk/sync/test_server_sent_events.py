"""Server-sent events out of bytes that come in pieces."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk.sync.server_sent_events import Event, Parser

_WIRE = (
    b"retry: 2000\n\n"
    b": still here\n\n"
    b'id: 7\nevent: change\ndata: {"a":\ndata:  1}\n\n'
    b"data: plain\r\n\r\n"
    b"event: change\nid: 8\ndata: \xc3\xa9\n\n"
)
_EVENTS = [
    Event("change", '{"a":\n 1}', "7"),
    Event("message", "plain"),
    Event("change", "é", "8"),
]


def test_comments_and_wishes_are_no_events() -> None:
    assert Parser().feed(_WIRE) == _EVENTS


@given(st.lists(st.integers(0, len(_WIRE)), max_size=8))
def test_however_the_bytes_are_cut_the_events_are_the_same(cuts: list[int]) -> None:
    parser, edges = Parser(), [0, *sorted(cuts), len(_WIRE)]
    pieces = [_WIRE[a:b] for a, b in pairwise(edges)]
    assert [event for piece in pieces for event in parser.feed(piece)] == _EVENTS


@given(st.lists(st.binary(), max_size=5))
def test_any_bytes_are_read_without_a_fault(pieces: list[bytes]) -> None:
    parser = Parser()
    for piece in pieces:
        parser.feed(piece)
