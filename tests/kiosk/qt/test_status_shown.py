"""What the status line says of a real kiosk."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.qt.status_shown import status_view
from kiosk.sync.status import Connection as Link
from kiosk.ui.views import Connection, Health, StatusView
from tests.kiosk.sample import DESK, EVENT, NOON, sample_desk, sample_event
from tests.kiosk.standin_server import serving
from tests.kiosk.standin_state import ServerState
from tests.kiosk.sync.kiosks import Kiosk, kiosk

HERE = ZoneInfo("Asia/Tokyo")


def seen(door: Kiosk, point: str | None = None) -> StatusView:
    return status_view(door.station, NOON, HERE, "de", Health.READY, point)


def test_before_pairing_there_is_no_connection_to_speak_of(tmp_path: Path) -> None:
    new = Kiosk(tmp_path)
    try:
        view = seen(new)
        assert (view.connection, view.event, view.device, view.trouble) == (Connection.UNPAIRED, "", "", "")
        assert view.now is not None
        assert view.now.hour == 21
    finally:
        new.close()


@pytest.mark.parametrize(("point", "name"), [(None, "Frühlingsfest"), (DESK.id, "Front desk")])
def test_it_names_what_the_face_works_for_and_tells_the_time_there(
    tmp_path: Path, point: str | None, name: str
) -> None:
    state = ServerState.of(sample_event(), sample_desk())
    device = state.add_device("north", scopes=(EVENT, DESK))
    with serving(state) as server, kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        view = seen(door, point)
        assert view.event == name
        assert view.now is not None
        assert view.now.tzinfo == ZoneInfo("Europe/Berlin")


def test_that_nobody_answers_is_said_once_by_the_connection(tmp_path: Path) -> None:
    state = ServerState.of(sample_event())
    with serving(state) as server, kiosk(tmp_path, server, state.add_device("north")) as door:
        door.wait_synced()
        server.stop()
        door.station.sync_now()
        door.wait(lambda: door.station.status.connection is Link.OFFLINE)
        door.wait(lambda: bool(door.station.status.silence))
        assert door.station.status.silence is not None
        assert "does not answer" in door.station.status.silence.detail
        view = seen(door)
        assert (view.connection, view.trouble) == (Connection.OFFLINE, "")
