"""What `usher mail` prints."""

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.clock import rfc3339
from server import mailbox
from server.mailbox import Entry

_HEADERS = ("From", "To", "Subject", "Date", "Message-ID")


def list_mails(entries: list[Entry]) -> None:
    """A line for each mail; instead of its subject, where it was not composed yet, what kind it is."""
    table = Table("", "when (UTC)", "state", "to", "subject", box=None, pad_edge=False)
    for entry in entries:
        said = entry.subject or f"({entry.kind})"
        shown = f"{said} — {entry.trouble}" if entry.trouble else said
        when = rfc3339(entry.at)[:16].replace("T", " ")
        table.add_row(str(entry.number), when, entry.state, Text(entry.to), Text(shown))
    Console().print(table if entries else "No mail yet.")


def show_mail(entry: Entry, content: bytes) -> None:
    """The headers that people look at, and the text."""
    mail = mailbox.read(content)
    for name in _HEADERS:
        typer.echo(f"{name}: {mail[name]}")
    files = [str(part.get_filename()) for part in mail.walk() if part.get_filename()]
    if files:
        typer.echo(f"With: {', '.join(files)}")
    typer.echo(f"State: {entry.state}")
    typer.echo(f"\n{mailbox.text(mail)}")
