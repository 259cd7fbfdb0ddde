"""Which device a kiosk is, and whose: paired, set up anew, revoked, another organisation's."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.admission import Refused
from domain.errors import NotFound, Unavailable
from domain.ids import ListId, OrgId, TicketId
from kiosk.desk.outcome import Source
from kiosk.store import credentials
from kiosk.sync import pairing
from kiosk.sync.pairing import Invitation
from kiosk.sync.status import Changed, Connection, Readdressed, Repaired
from tests.kiosk.sample import DESK, EVENT, LIST, Sample, sample_event
from tests.kiosk.standin_server import StandinServer, serving
from tests.kiosk.standin_state import Device, ServerState
from tests.kiosk.sync.kiosks import Kiosk, kiosk


def test_a_revoked_kiosk_stops_and_forgets_people_but_not_its_acts(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        server.stop()
        door.door.scan(sample.code(3))
        device.revoked, before = True, len(door.news)
        server.start()
        door.station.sync_now()
        door.wait(lambda: door.station.status.connection is Connection.REVOKED)
        # Whatever is on the screen is told to look again, now that there is nothing.
        assert Changed(EVENT, frozenset()) in door.news[before:]
        assert door.station.store.copies.scopes() == ()
        assert list(tmp_path.glob("replica-*")) == []
        assert credentials.read(tmp_path) is None
        assert door.station.store.outbox.counts() == (1, 0)
        assert door.station.status.trouble is not None
        assert door.station.status.trouble.code == "device_revoked"
        refused = door.door.scan(sample.code(4))
        assert (type(refused.verdict), refused.source) == (Refused, Source.HERE)
        assert refused.trouble is not None
        assert refused.trouble.code == "no_copy"


def test_a_kiosk_that_is_revoked_while_it_asks_stops_too(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        device.revoked = True
        door.door.scan(sample.code(4))
        door.wait(lambda: door.station.status.connection is Connection.REVOKED)


def test_a_kiosk_that_was_paired_before_learns_where_phones_reach_the_server(
    tmp_path: Path, server: StandinServer, device: Device
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        known = credentials.read(tmp_path)
        assert known is not None
        assert known.page("/q/desk") == f"{server.address}/q/desk"
        server.public = "https://usher.example"
        door.station.sync_now()
        door.wait(lambda: Readdressed() in door.news)
        assert Repaired() not in door.news
        assert door.station.work is not None
        told = door.station.work.credentials
        assert (told.page("/q/desk"), told.server) == ("https://usher.example/q/desk", server.address)
        assert credentials.read(tmp_path) == told


def test_a_device_that_is_set_up_anew_works_so_from_then_on(
    tmp_path: Path, server: StandinServer, device: Device
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        device.scopes, device.lists, device.gate = (DESK,), (ListId(LIST),), "North"
        door.station.sync_now()
        door.wait(lambda: door.station.store.copies.scopes() == (DESK,))
        assert (door.door.setup.lists, door.door.setup.gate) == ((LIST,), "North")
        assert Repaired() in door.news
        assert list(tmp_path.glob("replica-event*")) == []
    kept = credentials.read(tmp_path)
    assert kept is not None
    assert kept.scopes == (DESK,)


def test_a_device_that_gets_another_mode_keeps_no_copy_of_the_old_one(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        server.stop()
        scan = door.door.scan(sample.code(3)).op
        device.mode = "display"
        server.start()
        door.station.sync_now()
        door.wait(lambda: server.asked.count("/api/sync/snapshot") == 2)
        door.wait_synced()
        assert [row["op"] for row in server.state.rows("scan")] == [scan]
    with kiosk(tmp_path, server, device) as display:
        display.wait(lambda: display.station.status.connection is Connection.ONLINE)
        assert server.asked.count("/api/sync/snapshot") == 2
        server.stop()
    # Set up anew while it was off.
    device.mode = "door"
    server.start()
    with kiosk(tmp_path, server, device) as again:
        again.wait(lambda: server.asked.count("/api/sync/snapshot") == 3)


def test_pairing_gives_a_kiosk_what_it_needs_once(tmp_path: Path, server: StandinServer) -> None:
    server.state.pairing["ABCD-EFGH"] = Device(id=server.state.add_device("x").id, token="new")
    paired = pairing.pair(Invitation(server.address, "ABCD-EFGH"), "Main door")
    assert (paired.token, paired.server, paired.scopes) == ("new", server.address, (EVENT,))
    with pytest.raises(NotFound):
        pairing.pair(Invitation(server.address, "ABCD-EFGH"))
    made = Kiosk(tmp_path)
    made.station.pair(paired)
    made.wait_synced()
    made.close()
    server.stop()
    with pytest.raises(Unavailable, match="does not answer"):
        pairing.pair(Invitation(server.address, "ABCD-EFGH"))


def test_a_kiosk_of_another_organisation_shows_and_sends_nothing_of_the_one_before(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with serving(ServerState.of(sample_event(5))) as other, kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        server.stop()
        alone = door.door.scan(sample.code(40)).op
        theirs = replace(
            other.credentials(other.state.add_device("theirs")), org=OrgId("other"), organization="Other"
        )
        door.station.pair(theirs)
        door.wait_synced()
        assert door.station.store.tickets.ticket(TicketId("t40")) is None
        assert other.state.received == []
        assert other.formers == []
        door.wait(lambda: door.station.status.rejected == 1)
        [kept] = door.station.store.outbox.rejected()
        assert (kept.operation.op, "Sample" in str(kept.answer.detail["detail"])) == (alone, True)
        server.start()
        door.station.pair(server.credentials(server.state.add_device("again")))
        door.wait_synced()
        assert [row["op"] for row in server.state.rows("scan")] == [alone]
        assert server.formers == [("device-again", device.token)]
        door.wait(lambda: door.station.status.rejected == 0)


def test_a_kiosk_tells_which_device_it_was_before_it_sends_what_that_one_did(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        server.stop()
        alone = door.door.scan(sample.code(3)).op
        device.revoked = True
        server.start()
        door.station.sync_now()
        door.wait(lambda: door.station.status.connection is Connection.REVOKED)
        door.station.pair(server.credentials(server.state.add_device("again")))
        door.wait_synced()
        assert server.formers == [("device-again", device.token)]
        assert server.state.received == [alone]
        asked = [path for path in server.asked if path in ("/api/devices/me/former", "/api/sync/ops")]
        assert asked.index("/api/devices/me/former") < len(asked) - 1
        door.station.sync_now()
    with kiosk(tmp_path, server, server.state.devices["again"]) as door:
        door.wait_synced()
        assert len(server.formers) == 1
