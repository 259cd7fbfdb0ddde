"""The `usher` command: the one place that knows both programs.

Every command imports what it needs when it runs, so that the kiosk starts at once.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

app = typer.Typer(
    help="Check tickets at the door, run the line at the desk, show it in the lobby.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Data = Annotated[Path | None, typer.Option(help="Folder of the server's data.")]
BACKEND = (sys.executable, "-m", "server")


def main() -> None:
    """Runs the command line."""
    app()


def fail(message: object) -> NoReturn:
    """Ends with a sentence for people and status 2."""
    typer.echo(f"usher: {message}", err=True)
    raise typer.Exit(2)


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; 0.0.0.0 serves the network.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    data: Data = None,
) -> None:
    """Run the backend alone."""
    from server.__main__ import CannotStart
    from server.__main__ import serve as run

    try:
        run(_settings(data=data, host=host, port=port))
    except CannotStart as fault:
        fail(fault)


@app.command()
def seed(
    data: Data = None,
    tickets: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many tickets.")] = 2_000,
) -> None:
    """Make the sample organisation, and print as JSON what is in it."""
    from server.seed import SeedError
    from server.seed import seed as make

    from server.migrations.migrate import SchemaError

    try:
        typer.echo(json.dumps(make(_settings(data=data), tickets=tickets), ensure_ascii=False))
    except (SeedError, SchemaError) as fault:
        fail(fault)


@app.command()
def backup(target: Annotated[Path | None, typer.Argument()] = None, data: Data = None) -> None:
    """Copy the server's database, also while it runs."""
    from server.backup import BackupError
    from server.backup import backup as make

    try:
        typer.echo(make(_settings(data=data), target))
    except BackupError as fault:
        fail(fault)


@app.command()
def restore(source: Path, data: Data = None) -> None:
    """Put a backup in the place of the server's database, which is set aside."""
    from server.backup import BackupError
    from server.backup import restore as put_back

    try:
        aside = put_back(_settings(data=data), source)
    except BackupError as fault:
        fail(fault)
    typer.echo(f"restored {source}" + (f"; what was there is now {aside}" if aside else ""))


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of the HTTP API."""
    from server.app import openapi_document

    typer.echo(json.dumps(openapi_document(), indent=2))


def _settings(**given: object):  # type: ignore[no-untyped-def]
    from pydantic import ValidationError

    from server.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as fault:
        first = fault.errors()[0]
        fail(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
