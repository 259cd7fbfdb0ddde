"""The `usher` command: the one place that knows both programs.

Every command imports what it needs when it runs, so that the kiosk starts at once.
"""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from bench.result import Result
    from kiosk.config import Config
    from server.settings import Settings

app = typer.Typer(
    help="Check tickets at the door, run the line at the desk, show it in the lobby.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Mode(StrEnum):
    """What a kiosk is for."""

    DOOR = "door"
    DESK = "desk"
    WELCOME = "welcome"
    DISPLAY = "display"


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
    from server.migrations.migrate import SchemaError
    from server.seed import SeedError
    from server.seed import seed as make

    try:
        typer.echo(json.dumps(make(_settings(data=data), tickets=tickets), ensure_ascii=False))
    except (SeedError, SchemaError) as fault:
        fail(fault)


@app.command()
def setup(
    organization: Annotated[str, typer.Option(prompt="Name of the organisation")],
    email: Annotated[str, typer.Option(prompt="The administrator's e-mail address")],
    event: Annotated[str, typer.Option(help="Name of a first event, which begins now.")] = "",
    service_point: Annotated[str, typer.Option(help="Name of a first service point.")] = "",
    zone: Annotated[str, typer.Option(help="Time zone, such as Europe/Berlin.")] = "UTC",
    data: Data = None,
) -> None:
    """Make the first organisation of a new server, with an event, a service point, or both."""
    from datetime import UTC, datetime, timedelta

    from server.first_setup import SetupError, set_up
    from server.migrations.migrate import SchemaError

    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    wanted: dict[str, object] = {
        "organization": {"name": organization, "zone": zone},
        "administrator": {"email": email},
    }
    if event:
        times = {"starts": f"{now:%FT%TZ}", "ends": f"{now + timedelta(days=1):%FT%TZ}"}
        wanted["event"] = {"name": {"en": event}, "zone": zone, **times}
    if service_point:
        wanted["servicePoint"] = {"name": service_point, "zone": zone}
    try:
        made = set_up(_settings(data=data), wanted)
    except (SetupError, SchemaError) as fault:
        fail(fault)
    typer.echo(f"{organization} is set up. Sign in as {made['email']} with the password {made['password']}")
    typer.echo("It is told this once. Next: `usher serve`, then `usher invite` for each kiosk.")


@app.command()
def invite(
    name: Annotated[str, typer.Argument(help="What the kiosk is called, such as 'North door'.")],
    email: Annotated[str, typer.Option(prompt="Your e-mail address", envvar="USHER_EMAIL")],
    password: Annotated[str, typer.Option(prompt="Your password", hide_input=True, envvar="USHER_PASSWORD")],
    mode: Annotated[Mode, typer.Option(help="What it is for.")] = Mode.DOOR,
    event: Annotated[list[str] | None, typer.Option(help="Id of an event; may be repeated.")] = None,
    service_point: Annotated[
        list[str] | None, typer.Option(help="Id of a service point; may be repeated.")
    ] = None,
    gate: Annotated[str, typer.Option(help="At which gate it stands.")] = "",
    sells: Annotated[bool, typer.Option("--sells", help="Let it sell tickets at the door.")] = False,
    server: Annotated[str, typer.Option(help="The server's address.")] = "http://127.0.0.1:8750",
) -> None:
    """Show the pairing code of a new kiosk, as a QR to hold before its camera and as text to type."""
    from datetime import datetime

    import qrcode

    from office import Office, OfficeError

    try:
        desk = Office.sign_in(server, email, password)
        scopes = desk.scopes(mode, event or [], service_point or [])
        lists = [list_ for scope in scopes if scope.startswith("event:") for list_ in desk.lists(scope[6:])]
        made = desk.invite(name, mode, scopes, lists, gate, sells=sells)
    except OfficeError as fault:
        fail(fault)
    drawn = qrcode.QRCode(border=2)
    drawn.add_data(made["pairingUri"])
    drawn.print_ascii(invert=True)
    typer.echo(f"{name}: hold this before the kiosk's camera, or type {made['pairingCode']} there")
    until = datetime.fromisoformat(made["expiresAt"]).astimezone()
    typer.echo(f"It pairs one kiosk, until {until:%H:%M}.")


@app.command()
def mail(
    number: Annotated[
        int | None, typer.Argument(min=1, help="The mail to open; 1 is the newest. Without one, a list.")
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Print it as it went out.")] = False,
    save: Annotated[
        Path | None, typer.Option(help="A folder to write its page, pictures and files into.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to list.")] = 20,
    data: Data = None,
) -> None:
    """List the mails that went out or wait, newest first, or open one."""
    import outbox
    from server import mailbox

    settings = _settings(data=data)
    try:
        if number is None:
            outbox.list_mails(mailbox.entries(settings, limit))
            return
        entry, content = mailbox.opened(settings, number)
        if save is not None:
            for path in mailbox.save(mailbox.read(content), save):
                typer.echo(path)
        elif raw:
            sys.stdout.buffer.write(content)
        else:
            outbox.show_mail(entry, content)
    except mailbox.MailboxError as fault:
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


def _settings(**given: Any) -> "Settings":
    """The server's settings, those given before those of the environment; None means not given."""
    from pydantic import ValidationError

    from server.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as fault:
        first = fault.errors()[0]
        fail(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _config(**given: object) -> "Config":
    from domain.errors import Invalid
    from kiosk.config import read

    try:
        return read(**given)
    except Invalid as fault:
        fail(fault.detail)


bench_app = typer.Typer(help="Measure this machine and this version.", no_args_is_help=True)
app.add_typer(bench_app, name="bench")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def _report(result: "Result", as_json: bool) -> None:
    from rich.console import Console

    if as_json:
        typer.echo(json.dumps(result.as_json()))
    else:
        # Where it goes into a file there is no width to keep to.
        result.print(Console(width=None if sys.stdout.isatty() else 160))


@bench_app.command()
def admission(
    tickets: Annotated[int, typer.Option(min=100, help="Check-ins for each number of clients.")] = 12_000,
    as_json: AsJson = False,
) -> None:
    """Durable check-ins a second, beside raw SQLite and a bare server."""
    from bench import admission

    _report(admission.run(tickets), as_json)


@bench_app.command()
def sync(
    tickets: Annotated[list[int] | None, typer.Option(help="Sizes of the event; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """A first copy until a kiosk is usable, and offline scans sent."""
    from bench import sync

    _report(sync.run(tuple(tickets or (100_000, 1_000_000))), as_json)


@bench_app.command()
def lookup(
    tickets: Annotated[int, typer.Option(min=1_000, help="Tickets in the copy.")] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Verdicts and searches of a kiosk that is alone."""
    from bench import lookup

    _report(lookup.run(tickets), as_json)


@bench_app.command()
def decode(
    folder: Annotated[Path | None, typer.Argument(help="Pictures with NAME.txt or labels.json.")] = None,
    as_json: AsJson = False,
) -> None:
    """Recall and times of each decoder and of the pipeline."""
    from bench import decode

    _report(decode.run(folder), as_json)


@bench_app.command()
def fanout(
    displays: Annotated[int, typer.Option(min=1, help="How many displays follow.")] = 200,
    as_json: AsJson = False,
) -> None:
    """How long until a change is on every display."""
    from bench import fanout

    _report(fanout.run(displays), as_json)


@bench_app.command()
def queue(
    people: Annotated[int, typer.Option(min=10, help="Who join one service point.")] = 2_000,
    phones: Annotated[int, typer.Option(min=1, help="Phones that follow their place.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Many who join one line, and many who follow their place in it, on each database."""
    from bench import queue

    _report(queue.run(people, phones), as_json)


@bench_app.command()
def sale(
    buyers: Annotated[int, typer.Option(min=20, help="Who come at once.")] = 500,
    seats: Annotated[int, typer.Option(min=1, help="Seats that they come for.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Many buyers at once for few seats, and many who look what is left, on each database."""
    from bench import sale

    _report(sale.run(buyers, seats), as_json)


@bench_app.command()
def slots(
    bookings: Annotated[int, typer.Option(min=0, help="Bookings that stand already.")] = 2_000,
    staff: Annotated[int, typer.Option(min=1, help="People who can be booked.")] = 20,
    as_json: AsJson = False,
) -> None:
    """A month of free times, and whether one of them can be booked."""
    from bench import slots

    _report(slots.run(bookings, staff), as_json)


@bench_app.command()
def forecast(
    days: Annotated[int, typer.Option(min=2, help="Days from which each branch learns.")] = 8,
    testing: Annotated[int, typer.Option(min=1, help="Days after those, on which it is tested.")] = 20,
    tuned: Annotated[
        bool, typer.Option("--tuned", help="The branches that it was tuned on instead.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Waits foretold beside rules of thumb, on branches that are made up."""
    from bench import forecast

    _report(forecast.run(days, testing, tuned=tuned), as_json)


@bench_app.command()
def start(as_json: AsJson = False) -> None:
    """From the start of the process to a ready scan page."""
    from bench import start
    from demo.programs import Trouble

    try:
        _report(start.run(), as_json)
    except Trouble as trouble:
        fail(trouble)


@app.command()
def kiosk(
    data: Annotated[Path | None, typer.Option(help="Folder of what this kiosk keeps.")] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="A folder of pictures in the place of a camera.")
    ] = None,
    theme: Annotated[str | None, typer.Option(help="auto, light or dark.")] = None,
    window: Annotated[bool, typer.Option("--window", help="A window instead of the whole screen.")] = False,
    pair: Annotated[str, typer.Option(help="A pairing address or code to redeem at once.")] = "",
    server: Annotated[str | None, typer.Option(help="The server's address, for a typed code.")] = None,
    remote: Annotated[bool, typer.Option("--remote", hidden=True)] = False,
    kept: Annotated[bool, typer.Option("--kept", hidden=True)] = False,
) -> None:
    """Run the kiosk: door, desk, welcome or display. On the whole screen it is started again if it falls."""
    from domain.errors import Problem

    config = _config(data=data, theme=theme, server=server, fullscreen=False if window else None)
    if config.fullscreen and not kept:
        from kiosk.keeper import Keeper

        again = [sys.executable, "-c", "import launch; launch.main()", "kiosk", "--kept", *sys.argv[2:]]
        # A pairing code is good for once.
        raise typer.Exit(Keeper().keep(again, _without("--pair", again)))
    from kiosk.app import Options, run

    try:
        raise typer.Exit(run(Options(config, BACKEND, pictures, pair, remote)))
    except Problem as problem:
        fail(problem.detail)


def _without(option: str, words: list[str]) -> list[str]:
    """A command line without an option and its value."""
    left, place = list(words), 0
    while place < len(left):
        if left[place] == option:
            del left[place : place + 2]
        elif left[place].startswith(f"{option}="):
            del left[place]
        else:
            place += 1
    return left


@app.command()
def pair(
    code: Annotated[str, typer.Argument(help="The pairing address or code that an administrator shows.")],
    server: Annotated[str, typer.Option(help="The server's address, for a typed code.")] = "",
    data: Annotated[Path | None, typer.Option(help="Folder of what this kiosk keeps.")] = None,
) -> None:
    """Pair this kiosk without its window."""
    from domain.errors import Problem
    from kiosk.store import credentials
    from kiosk.store.folder import alone
    from kiosk.sync import pairing

    config = _config(data=data, server=server or None)
    try:
        with alone(config.data):
            known = pairing.pair(pairing.invitation(code, config.server))
            credentials.write(config.data, known)
    except Problem as problem:
        fail(problem.detail)
    typer.echo(f"paired as {known.name!r} of {known.organization!r}, mode {known.mode}")


@app.command()
def rescue(
    data: Annotated[Path | None, typer.Option(help="Folder of what this kiosk keeps.")] = None,
) -> None:
    """Set a kiosk's damaged file of acts aside, and go on with what can be read of it."""
    from domain.errors import Problem
    from kiosk.store import rescue
    from kiosk.store.folder import alone

    folder = _config(data=data).data
    try:
        with alone(folder):
            rescued = rescue.if_needed(folder)
    except Problem as problem:
        fail(problem.detail)
    if rescued is None:
        typer.echo("nothing is damaged here")
    else:
        typer.echo(f"{rescued.acts} acts for the server were carried over; the old file is {rescued.kept}")


@app.command()
def doctor(data: Data = None) -> None:
    """Tell what is missing on this machine, and how to get it."""
    from domain.finding import Mark
    from kiosk import doctor
    from server import checkup

    signs = {Mark.GOOD: "✓", Mark.WARN: "!", Mark.BAD: "✕"}
    settings = _settings(data=data)
    findings = [*doctor.examine(_config().data), *checkup.examine(settings)]
    for finding in findings:
        cure = f"\n    → {finding.cure}" if finding.cure else ""
        typer.echo(f" {signs[finding.mark]} {finding.what}: {finding.found}{cure}")
    if any(finding.mark is Mark.BAD for finding in findings):
        raise typer.Exit(1)


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Without windows.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for the summary and the pictures.")] = Path("demo-out"),
) -> None:
    """Show the main job, end to end, with sample data and without hardware."""
    import os
    import platform

    from demo.run import run

    no_screen = platform.system() == "Linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        fail(f"the folder {out} cannot be used ({fault.strerror}): choose another one with --out")
    raise typer.Exit(0 if run(out.resolve(), headless=headless or no_screen) else 1)
