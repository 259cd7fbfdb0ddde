"""A kiosk whose clock is two hours off: its scans count for when they were, and staff see that it is off."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from demo.stage import Stage
from domain.admission import Admitted
from domain.clock import HOUR, MINUTE, parse
from kiosk.desk.machine import system_clock
from kiosk.desk.outcome import Source
from kiosk.qt.status_shown import status_view
from kiosk.sync.status import Connection
from kiosk.ui.views import Health
from kiosk.ui.widgets.status_line import StatusLine
from tests.faults.doors import door
from tests.kiosk.sync.kiosks import Kiosk
from tests.ui.seen import words


@pytest.fixture(params=[2 * HOUR, -2 * HOUR], ids=["ahead", "behind"])
def wrong(request: pytest.FixtureRequest, stage: Stage, tmp_path: Path) -> Iterator[Kiosk]:
    with door(stage, tmp_path / "wrong", ahead=request.param) as kiosk:
        yield kiosk


@pytest.fixture
def right(stage: Stage, tmp_path: Path) -> Iterator[Kiosk]:
    with door(stage, tmp_path / "right") as kiosk:
        yield kiosk


def test_what_it_did_alone_counts_for_when_it_was_and_staff_see_that_its_clock_is_off(
    stage: Stage, wrong: Kiosk, right: Kiosk, qtbot: QtBot
) -> None:
    wrong.wait(lambda: wrong.station.status.clock_is_wrong)
    assert "120 minutes" in line(wrong, qtbot)
    assert "120 minutes" not in line(right, qtbot)
    codes = [str(ticket["code"]) for ticket in stage.tickets()[:5]]
    stage.backend.stop()
    for kiosk in (wrong, right):
        kiosk.wait(lambda kiosk=kiosk: kiosk.station.status.connection is Connection.OFFLINE)  # type: ignore[misc]
    began = system_clock()
    alone = [wrong.door.scan(code) for code in codes]
    twice = right.door.scan(codes[0])
    for outcome in (*alone, twice):
        assert isinstance(outcome.verdict, Admitted)
        assert outcome.source is Source.HERE
    ended = system_clock()
    stage.backend.start()
    for kiosk in (right, wrong):
        kiosk.station.sync_now()
        kiosk.wait_synced()
    kept = {each["opId"]: each for each in stage.ask("GET", address(stage, "history"))["items"]}
    for outcome in (*alone, twice):
        at = parse(kept[outcome.op]["at"])
        assert began - MINUTE < at < ended + MINUTE
        assert outcome.at == pytest.approx(at, abs=MINUTE)
    # Two doors admitted one ticket, a moment after each other: by the wrong clock it would be hours.
    again = {"code": codes[0], "lists": [stage.list_of_event()], "opId": "again", "simulate": True}
    first = min(kept[outcome.op]["at"] for outcome in (alone[0], twice))
    assert stage.ask("POST", "/api/events/check-in", **again)["first"]["at"] == first
    assert stage.ask("GET", address(stage, "stats"))["doubleAdmissions"] == 1
    [off] = [each for each in stage.ask("GET", "/api/devices")["items"] if each["name"] == "wrong"]
    assert abs(off["clockOffset"]) == pytest.approx(2 * HOUR, abs=MINUTE)


def line(kiosk: Kiosk, qtbot: QtBot) -> str:
    """What the line of how things stand says."""
    shown = StatusLine()
    qtbot.addWidget(shown)
    shown.show()
    shown.show_view(status_view(kiosk.station, system_clock(), ZoneInfo("UTC"), "en", Health.UNUSED))
    return words(shown)


def address(stage: Stage, what: str) -> str:
    return f"/api/events/{stage.event}/check-in/{what}"
