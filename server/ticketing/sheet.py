"""Reading a CSV file of tickets: every line that is wrong is told, with its place and what to do.

Columns, in any order, named in the first line: code, name, email, order, type, seat, session, state,
note. UTF-8, with or without a byte order mark; commas, semicolons or tabs between the cells.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from domain.errors import Invalid, TooLarge
from server.ticketing.issuing import New, Wrong
from server.ticketing.schemas import LineError, TicketIn
from server.ticketing.types import Tier

COLUMNS = ("code", "name", "email", "order", "type", "seat", "session", "state", "note")
MAX_LINES = 200_000
_TOLD = 1000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Sheet:
    """What a file says: tickets, the line of each, and what is wrong with the others."""

    tickets: list[New] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    report: list[LineError] = field(default_factory=list)
    errors: int = 0
    """All errors; the report holds the first thousand."""

    def wrong(self, line: int, column: str, msg: str) -> None:
        self.errors += 1
        if len(self.report) < _TOLD:
            self.report.append(LineError(line=line, column=column, msg=msg))

    def wrong_tickets(self, found: Sequence[Wrong]) -> None:
        """Takes in what was found wrong with some of the tickets."""
        for each in found:
            self.wrong(self.lines[each.index], each.field, each.msg)
        self.report.sort(key=lambda error: error.line)


def read(body: bytes, tiers: Sequence[Tier], default_type: str | None) -> Sheet:
    """The sheet of a file. Raises `Invalid` where its characters or its first line cannot be read."""
    text = _decoded(body)
    sheet = Sheet()
    rows = _rows(text, sheet)
    _, header = next(rows, (1, []))
    if not header:
        raise Invalid("the file is empty: its first line names the columns", code="import_empty")
    columns = _columns(header)
    names = _Types(tiers, default_type)
    codes: dict[str, int] = {}
    for line, cells in rows:
        if any(cells):
            _read_line(sheet, line, columns, cells, names, codes)
    return sheet


def _read_line(
    sheet: Sheet,
    line: int,
    columns: Sequence[str],
    cells: Sequence[str],
    types: "_Types",
    codes: dict[str, int],
) -> None:
    if len(cells) != len(columns):
        sheet.wrong(line, "", f"has {len(cells)} cells, but the first line names {len(columns)} columns")
        return
    values = {column: cell for column, cell in zip(columns, cells, strict=True) if cell}
    type_ = types.id(values.get("type", ""))
    if type_ is None:
        sheet.wrong(line, "type", types.advice)
        return
    try:
        new = New.of(TicketIn.model_validate({**values, "type": type_}))
    except ValidationError as fault:
        for error in fault.errors(include_url=False, include_context=False, include_input=False):
            sheet.wrong(line, str(error["loc"][0]) if error["loc"] else "", error["msg"])
        return
    if new.code and (same := codes.setdefault(new.code, line)) != line:
        sheet.wrong(line, "code", f"this code stands in line {same} already")
        return
    sheet.tickets.append(new)
    sheet.lines.append(line)


class _Types:
    """Ticket types by what a file calls them: the id, or the name in any case."""

    def __init__(self, tiers: Sequence[Tier], default: str | None) -> None:
        self._ids = {tier.id: tier.id for tier in tiers}
        self._names: dict[str, str | None] = {}
        for tier in tiers:
            name = tier.name.casefold()
            self._names[name] = None if name in self._names else tier.id
        only = tiers[0].id if len(tiers) == 1 else None
        self._default = self._ids.get(default) if default else only
        self.advice = (
            f"write the id or the name of a ticket type: {', '.join(self._ids) or 'there is none yet'}"
        )

    def id(self, said: str) -> str | None:
        if not said:
            return self._default
        return self._ids.get(said) or self._names.get(said.casefold())


def _decoded(body: bytes) -> str:
    if body.startswith(_UTF16):
        raise Invalid("the file is in UTF-16: save it as “CSV UTF-8” and send that", code="import_encoding")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = body.count(b"\n", 0, fault.start) + 1
        raise Invalid(
            f"line {line} is not in UTF-8 (byte 0x{body[fault.start]:02X}): save the file as “CSV UTF-8”",
            code="import_encoding",
            more={"report": [{"line": line, "column": "", "msg": "not in UTF-8"}]},
        ) from None


def _rows(text: str, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty with the line on which it begins; ends where the quotation marks fail."""
    first, _, _ = text.lstrip("\r\n").partition("\n")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    count = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            sheet.wrong(line, "", f"its quotation marks do not fit, and nothing after it was read ({fault})")
            return
        count += 1
        if count > MAX_LINES:
            raise TooLarge(f"a file may have {MAX_LINES} lines: import it in parts")
        if cells:
            yield line, [cell.strip() for cell in cells]


def _columns(header: Sequence[str]) -> list[str]:
    columns = [name.casefold() for name in header]
    strange = [name for name in columns if name not in COLUMNS]
    twice = [name for name in dict.fromkeys(columns) if columns.count(name) > 1]
    if strange or twice:
        what = f"does not know {', '.join(map(repr, strange))}" if strange else f"names {twice[0]!r} twice"
        raise Invalid(
            f"the first line names the columns, and it {what}: "
            f"use {', '.join(COLUMNS)}, separated by commas, semicolons or tabs",
            code="import_columns",
            more={"report": [{"line": 1, "column": name, "msg": "unknown column"} for name in strange]},
        )
    return columns
