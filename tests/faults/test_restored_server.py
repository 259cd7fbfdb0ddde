"""A server that is set back to a backup: kiosks that know of what came after it learn what is so now."""

import os
import subprocess
from pathlib import Path

from demo.programs import USHER
from demo.stage import Stage
from domain.ids import TicketId
from domain.sync import Scope
from domain.ticket import TicketState
from tests.faults.doors import door
from tests.kiosk.sync.kiosks import Kiosk


def test_a_kiosk_that_was_away_meanwhile_has_the_tickets_of_the_restored_server(
    stage: Stage, tmp_path: Path
) -> None:
    lost, *blocked = [str(ticket["id"]) for ticket in stage.tickets()[:12]]
    restore(stage, tmp_path, lost)
    for ticket in blocked:
        block(stage, ticket)
    with door(stage, tmp_path / "door") as kiosk:
        kiosk.wait(lambda: {state(kiosk, ticket) for ticket in blocked} == {TicketState.BLOCKED})
        kiosk.wait(lambda: state(kiosk, lost) is TicketState.VALID)


def test_a_copy_of_the_restored_server_is_followed_although_nothing_has_happened_since(
    stage: Stage, tmp_path: Path
) -> None:
    lost = str(stage.tickets()[0]["id"])
    restore(stage, tmp_path, lost)
    with door(stage, tmp_path / "door") as kiosk:
        kiosk.wait(lambda: state(kiosk, lost) is TicketState.VALID)
        cursor = kiosk.station.store.copies.cursor(Scope("event", stage.event))
        told = stage.ask("GET", f"/api/sync/changes?scope=event:{stage.event}&cursor={cursor}")
        assert (told["changes"], told["nextCursor"]) == ([], str(cursor))
        kiosk.wait(lambda: kiosk.station.status.trouble is None)


def restore(stage: Stage, folder: Path, lost: str) -> None:
    """Sets the server back to before a ticket was blocked, of which the door has heard; the door is away."""
    saved = folder / "saved.db"
    with door(stage, folder / "door") as kiosk:
        usher("backup", str(saved), "--data", str(stage.backend.data))
        block(stage, lost)
        kiosk.wait(lambda: state(kiosk, lost) is TicketState.BLOCKED)
    stage.backend.stop()
    usher("restore", str(saved), "--data", str(stage.backend.data))
    stage.backend.start()


def usher(*arguments: str) -> None:
    quiet = {**os.environ, "USHER_DATABASE_URL": ""}
    subprocess.run((*USHER, *arguments), env=quiet, check=True, capture_output=True)


def block(stage: Stage, ticket: str) -> None:
    address = f"/api/organizations/{stage.office.org}/events/{stage.event}/tickets/{ticket}"
    stage.ask("PATCH", address, act="block")


def state(kiosk: Kiosk, ticket: str) -> TicketState | None:
    found = kiosk.station.store.tickets.ticket(TicketId(ticket))
    return found.state if found else None
