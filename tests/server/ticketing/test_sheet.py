"""Laws of reading a sheet: whatever a file holds, each of its lines is a ticket or is told as wrong."""

from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Instant
from domain.errors import Invalid, TooLarge
from server.ticketing import sheet
from server.ticketing.types import Tier

VIP = Tier("org", "event", "vip", 1, "VIP", "#3b6fd8", 0, "EUR", None, (), False, Instant(0))
CELLS = st.text(alphabet='vip,;\t"\n\r\x00 é\u2028\ufeff=1', max_size=12)


def outcome(body: bytes) -> sheet.Sheet | None:
    """The sheet; None for a file that is refused as a whole, in words."""
    try:
        return sheet.read(body, [VIP], None)
    except (Invalid, TooLarge):
        return None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(body: bytes) -> None:
    outcome(body)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=8))
def test_any_cells_make_tickets_or_errors_each_with_its_line(rows: list[list[str]]) -> None:
    text = "type,name,code\n" + "\n".join(",".join(row) for row in rows)
    read = outcome(text.encode())
    if read is None:
        return
    assert len(read.tickets) == len(read.lines)
    assert all(error.line > 1 and error.msg for error in read.report)
    last = text.count("\n") + text.count("\r") + 1
    assert all(1 < line <= last for line in read.lines)


@given(st.lists(st.sampled_from(["vip,Ana", "VIP,Bob", "nothing,Eve", "vip", "vip,a,b", ""]), max_size=30))
def test_each_line_counts_once(lines: list[str]) -> None:
    read = outcome("\n".join(["type,name", *lines]).encode())
    assert read is not None
    assert len(read.tickets) + read.errors == sum(bool(line) for line in lines)
    for line, ticket in zip(read.lines, read.tickets, strict=True):
        assert lines[line - 2].lower().startswith(f"vip,{ticket.name.lower()}")
