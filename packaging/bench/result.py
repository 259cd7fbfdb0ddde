"""What a benchmark found: rows of named values, as a table for people and as JSON for machines."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a result; the names of its values say their units, such as `p99 ms`."""

    name: str
    values: Mapping[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Result:
    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def print(self, console: Console) -> None:
        table = Table(title=self.title, title_justify="left")
        table.add_column("")
        columns = list(dict.fromkeys(name for row in self.rows for name in row.values))
        for column in columns:
            table.add_column(column, justify="right")
        for row in self.rows:
            table.add_row(row.name, *(_cell(row.values.get(column, "")) for column in columns))
        console.print(table)
        for note in self.notes:
            console.print(note, highlight=False)


def _cell(value: float | int | str) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else value
