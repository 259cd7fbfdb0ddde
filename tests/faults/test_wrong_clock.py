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
from kiosk.desk.walk_in import Sold
from kiosk.qt.status_shown import status_view
from kiosk.sync.status import Connection
from kiosk.ui.views import Health
from kiosk.ui.widgets.status_line import StatusLine
from tests.faults.doors import door
from tests.kiosk.sync.kiosks import Kiosk
from tests.ui.seen import words


@pytest.fixture
def kiosks(stage: Stage, tmp_path: Path) -> Iterator[list[Kiosk]]:
    """Three doors: two hours ahead, two hours behind, and right."""
    with (
        door(stage, tmp_path / "ahead", 2 * HOUR) as ahead,
        door(stage, tmp_path / "behind", -2 * HOUR) as behind,
        door(stage, tmp_path / "right") as right,
    ):
        yield [ahead, behind, right]


def test_what_it_did_alone_counts_for_when_it_was_and_staff_see_that_its_clock_is_off(
    stage: Stage, kiosks: list[Kiosk], qtbot: QtBot
) -> None:
    *wrong, right = kiosks
    for kiosk in wrong:
        kiosk.wait(lambda kiosk=kiosk: kiosk.station.status.clock_is_wrong)  # type: ignore[misc]
        assert "Set the clock: 120 minutes off" in line(kiosk, qtbot)
    assert "clock" not in line(right, qtbot)
    shared, *codes = [str(ticket["code"]) for ticket in stage.tickets()[:5]]
    stage.backend.stop()
    for kiosk in kiosks:
        kiosk.wait(lambda kiosk=kiosk: kiosk.station.status.connection is Connection.OFFLINE)  # type: ignore[misc]
    began = system_clock()
    alone = [kiosk.door.scan(code) for kiosk, code in zip(kiosks, codes, strict=False)]
    twice = [kiosk.door.scan(shared) for kiosk in kiosks]
    for outcome in (*alone, *twice):
        assert isinstance(outcome.verdict, Admitted)
        assert outcome.source is Source.HERE
    ended = system_clock()
    stage.backend.start()
    for kiosk in reversed(kiosks):
        kiosk.station.sync_now()
        kiosk.wait_synced()
    kept = {each["opId"]: each for each in stage.ask("GET", address(stage, "history"))["items"]}
    for outcome in (*alone, *twice):
        at = parse(kept[outcome.op]["at"])
        assert began - MINUTE < at < ended + MINUTE
        assert outcome.at == pytest.approx(at, abs=MINUTE)
    # Three doors admitted one ticket, moments after each other: by the wrong clocks it would be hours.
    again = {"code": shared, "lists": [stage.list_of_event()], "opId": "again", "simulate": True}
    first = min(kept[outcome.op]["at"] for outcome in twice)
    assert stage.ask("POST", "/api/events/check-in", **again)["first"]["at"] == first
    assert stage.ask("GET", address(stage, "stats"))["doubleAdmissions"] == 2
    off = {each["name"]: each["clockOffset"] or 0 for each in stage.ask("GET", "/api/devices")["items"]}
    wanted = {"ahead": -2 * HOUR, "behind": 2 * HOUR, "right": 0}
    assert {name: off[name] for name in wanted} == pytest.approx(wanted, abs=MINUTE)


@pytest.mark.parametrize("off", [10 * MINUTE, -10 * MINUTE])
def test_what_it_sold_and_took_back_alone_is_of_that_time_and_not_of_its_clock(
    stage: Stage, tmp_path: Path, off: int
) -> None:
    with door(stage, tmp_path / "seller", off, sells=True) as seller:
        seller.wait(lambda: seller.station.status.clock_is_wrong)
        assert seller.station.work is not None
        walk_in = seller.station.work.walk_in
        seller.wait(lambda: bool(walk_in.offers()))
        stage.backend.stop()
        seller.wait(lambda: seller.station.status.connection is Connection.OFFLINE)
        began = system_clock()
        kept, gone = (walk_in.sell(walk_in.offers()[0].type, "cash") for _ in range(2))
        assert isinstance(kept, Sold)
        assert isinstance(gone, Sold)
        given = walk_in.take_back(gone.outcome.op)
        assert given is not None
        assert began - MINUTE < given.at < system_clock() + MINUTE
        stage.backend.start()
        seller.station.sync_now()
        seller.wait_synced()
        assert seller.station.store.outbox.rejected() == ()
    orders = f"/api/organizations/{stage.office.org}/events/{stage.event}/orders"
    told = {each["number"]: each for each in stage.ask("GET", orders)["items"]}
    assert [told[each.number]["state"] for each in (kept, gone)] == ["confirmed", "refunded"]
    assert parse(told[kept.number]["created"]) == pytest.approx(began, abs=MINUTE)


def line(kiosk: Kiosk, qtbot: QtBot) -> str:
    """What the line of how things stand says."""
    shown = StatusLine()
    qtbot.addWidget(shown)
    shown.show()
    shown.show_view(status_view(kiosk.station, system_clock(), ZoneInfo("UTC"), "en", Health.UNUSED))
    return words(shown)


def address(stage: Stage, what: str) -> str:
    return f"/api/events/{stage.event}/check-in/{what}"
