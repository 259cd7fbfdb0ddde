"""The sync as a whole: a kiosk and a server that come and go."""

from pathlib import Path
from time import monotonic

import pytest

from domain.admission import Admitted, Reason, Refused
from domain.clock import DAY, HOUR, MINUTE, Instant
from domain.errors import Gone, Invalid, NotFound, Unavailable
from domain.ids import OpId, TicketId
from domain.sync import Kind
from kiosk.desk.line import Joiner
from kiosk.desk.line_answers import Done
from kiosk.desk.machine import system_clock
from kiosk.desk.outcome import Source, Undone
from kiosk.store.outbox import Act
from kiosk.sync.status import Changed, Connection, Noticed, Status
from tests.kiosk import standin_server
from tests.kiosk.sample import DESK, EVENT, Sample
from tests.kiosk.standin_ops import apply
from tests.kiosk.standin_server import StandinServer
from tests.kiosk.standin_state import Device, ServerState
from tests.kiosk.sync.kiosks import Kiosk, kiosk


def test_a_new_kiosk_fetches_its_copy_and_asks_the_server_first(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        outcome = door.door.scan(sample.code(7))
        assert isinstance(outcome.verdict, Admitted)
        assert (outcome.source, outcome.sentence) == (Source.SERVER, "admitted by the server")
        again = door.door.scan(sample.code(7))
        assert isinstance(again.verdict, Refused)
        assert (again.verdict.reason, again.first_device) == (Reason.ALREADY_IN, "Name of device-north")
        assert door.station.store.outbox.counts() == (0, 0)


def test_changes_reach_the_kiosk_as_they_happen(
    tmp_path: Path, server: StandinServer, device: Device
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        server.state.put("ticket", id="t3", name="Renamed Person")
        door.wait(lambda: bool(door.station.store.tickets.search("renamed", 1)))
        door.wait(lambda: Changed(EVENT, frozenset({"ticket"})) in door.news)


def test_a_kiosk_that_was_away_gets_what_changed_and_no_new_copy(
    tmp_path: Path, server: StandinServer, device: Device
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
    copies = server.asked.count("/api/sync/snapshot")
    for number in range(1, 41):
        server.state.put("ticket", id=f"t{number}", note=f"note {number}")
    with kiosk(tmp_path, server, device) as door:
        door.wait(lambda: door.station.store.copies.cursor(EVENT) == server.state.head)
        ticket = door.station.store.tickets.ticket(TicketId("t40"))
        assert ticket is not None
        assert ticket.note == "note 40"
    assert server.asked.count("/api/sync/snapshot") == copies


def test_a_kiosk_that_was_away_too_long_takes_a_new_copy_and_keeps_its_acts(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        server.stop()
        assert door.door.scan(sample.code(5)).source is Source.HERE
    server.state.put("ticket", id="t6", name="Later Name")
    server.state.floor = server.state.head
    server.start()
    with kiosk(tmp_path, server, device) as door:
        door.wait(lambda: bool(door.station.store.tickets.search("later name", 1)))
        door.wait_synced()
    assert server.asked.count("/api/sync/snapshot") == 2
    assert [row["ticket"] for row in server.state.rows("scan")] == ["t5"]


def test_a_server_that_was_set_back_gives_a_new_copy(
    tmp_path: Path, server: StandinServer, device: Device
) -> None:
    server.state.put("ticket", id="t3", name="Before")
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
    server.state.log.clear()
    server.state.tables["ticket"]["t3"]["name"] = "Restored"
    with kiosk(tmp_path, server, device) as door:
        door.wait(lambda: bool(door.station.store.tickets.search("restored", 1)))


def test_copies_that_are_never_new_enough_are_not_fetched_without_a_pause(
    tmp_path: Path, server: StandinServer, device: Device
) -> None:
    server.state.put("ticket", id="t3", name="Later Name")
    server.state.floor = server.state.head + 1
    with kiosk(tmp_path, server, device) as door:
        door.wait(lambda: server.asked.count("/api/sync/snapshot") >= 1)
        began = monotonic()
        door.wait(lambda: server.asked.count("/api/sync/snapshot") >= 3)
        # Twice at least a fifth of a second, less what it took to notice the first.
        assert monotonic() - began > 0.3
        server.state.floor = 0
        door.wait_synced()


def test_a_scan_that_was_asked_too_late_is_written_down_and_counts_once(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device, deadline=400) as door:
        door.wait_synced()
        server.delay = 1.2
        outcome = door.door.scan(sample.code(8))
        assert (outcome.source, type(outcome.verdict)) == (Source.HERE, Admitted)
        server.delay = 0.0
        door.wait_synced()
        assert [row["op"] for row in server.state.rows("scan")] == [outcome.op]


def test_after_three_misses_nobody_waits_and_the_way_back_is_found_by_itself(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device, deadline=400) as door:
        door.wait_synced()
        server.delay = 1.2
        for number in range(1, 4):
            assert door.door.scan(sample.code(number)).source is Source.HERE
        assert door.station.work is not None
        assert not door.station.work.engine.link.up
        asked = server.asked.count("/api/events/check-in")
        assert door.door.scan(sample.code(4)).source is Source.HERE
        assert server.asked.count("/api/events/check-in") == asked
        server.delay = 0.0
        door.station.sync_now()
        door.wait(lambda: door.station.status.connection is Connection.ONLINE)
        door.wait_synced()
        assert door.door.scan(sample.code(5)).source is Source.SERVER


def test_the_backlog_is_sent_in_order_once_the_server_is_back(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        server.stop()
        ops = [door.door.scan(sample.code(number)).op for number in (1, 2, 1, 3)]
        undone = door.door.undo("a mistake")
        assert isinstance(undone, Undone)
        door.wait(lambda: door.station.status.backlog == 5)
        server.start()
        door.station.sync_now()
        door.wait_synced()
        assert server.state.received == [*ops, undone.op]
        granted = {row["op"]: row["granted"] for row in server.state.rows("scan")}
        assert [granted[op] for op in ops] == [1, 1, 0, 1]


def test_a_thousand_offline_scans_go_in_one_batch_and_more_in_several(
    tmp_path: Path, server: StandinServer, device: Device
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        server.stop()
        outbox = door.station.store.outbox
        with door.station.store.file.write():
            for number in range(1_500):
                outbox.add(Act(OpId(f"op{number:05}"), "no.such.kind", Instant(number)))
        server.start()
        door.station.sync_now()
        door.wait(lambda: outbox.counts() == (0, 1_500))
    assert server.asked.count("/api/sync/ops") == 2
    assert server.state.received == [f"op{number:05}" for number in range(1_500)]


def test_a_rejected_act_is_kept_and_told_and_the_rest_goes_on(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        server.stop()
        door.station.store.outbox.add(Act(OpId("odd"), "loyalty.stamp", Instant(1)))
        good = door.door.scan(sample.code(2)).op
        server.start()
        door.station.sync_now()
        door.wait(lambda: door.station.status.rejected == 1 and door.station.status.backlog == 0)
        [rejected] = door.station.store.outbox.rejected()
        assert rejected.answer.detail["code"] == "kind_unknown"
        door.wait(lambda: bool(door.told(Noticed)))
        assert [n.notice.kind for n in door.told(Noticed) if isinstance(n, Noticed)] == ["rejected"]
        assert good in server.state.answers


def test_an_act_that_no_server_can_read_holds_up_no_other(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strict(state: ServerState, of: Device, act: dict[str, object]) -> dict[str, object]:
        if act["kind"] == "poison":
            raise Invalid("this body cannot be read")
        return apply(state, of, act)

    monkeypatch.setattr(standin_server, "apply", strict)
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        server.stop()
        ops = [door.door.scan(sample.code(number)).op for number in (1, 2, 3)]
        door.station.store.outbox.add(Act(OpId("bad"), "poison", Instant(1)))
        ops += [door.door.scan(sample.code(number)).op for number in (4, 5)]
        server.start()
        door.station.sync_now()
        door.wait(lambda: door.station.store.outbox.counts() == (0, 1))
        assert [r.operation.op for r in door.station.store.outbox.rejected()] == ["bad"]
        assert set(ops) <= set(server.state.answers)


def test_two_kiosks_that_admit_one_ticket_offline_both_learn_of_it(
    tmp_path: Path, server: StandinServer, sample: Sample
) -> None:
    north, south = server.state.add_device("north"), server.state.add_device("south")
    with kiosk(tmp_path / "n", server, north) as first, kiosk(tmp_path / "s", server, south) as second:
        first.wait_synced()
        second.wait_synced()
        server.stop()
        one, two = first.door.scan(sample.code(9)), second.door.scan(sample.code(9))
        assert isinstance(one.verdict, Admitted)
        assert isinstance(two.verdict, Admitted)
        server.start()
        for each in (second, first):
            each.station.sync_now()
            each.wait_synced()
        for each, own in ((first, one), (second, two)):
            each.wait(lambda each=each: bool(each.told(Noticed)))  # type: ignore[misc]
            [notice] = [n.notice for n in each.told(Noticed) if isinstance(n, Noticed)]
            assert (notice.kind, notice.op, notice.subject) == ("double", own.op, "t9")
            told = notice.detail["first"]
            assert isinstance(told, dict)
            assert told["opId"] == one.op
        assert len(first.station.store.notices.newest()) == 1


def test_a_clock_that_is_wrong_is_measured_shown_and_corrected(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device, ahead=2 * HOUR) as door:
        door.wait_synced()
        door.wait(lambda: door.station.status.clock_off < -HOUR)
        assert door.station.status.clock_is_wrong
        assert abs(door.station.status.clock_off + 2 * HOUR) < MINUTE
        server.stop()
        outcome = door.door.scan(sample.code(3))
        assert outcome.source is Source.HERE
        assert abs(outcome.at - server.state.now()) < MINUTE
    with kiosk(tmp_path, server, device, ahead=2 * HOUR) as door:
        assert abs(door.door.scan(sample.code(4)).at - server.state.now()) < MINUTE


def test_a_desk_keeps_numbers_in_hand_and_gives_them_out_alone(tmp_path: Path, server: StandinServer) -> None:
    device = server.state.add_device("desk", mode="desk", scopes=(DESK,))
    with kiosk(tmp_path, server, device) as desk:
        desk.wait_synced()
        [point] = desk.station.display.points()
        day = point.day(server.state.now())
        desk.wait(lambda: desk.station.store.leases.left(point.id, "general", day) >= 10)
        server.stop()
        joined = [desk.line.join(point.id, "general", Joiner()) for _ in range(3)]
        numbers = [done.party.entry.number for done in joined if isinstance(done, Done)]
        assert len(set(numbers)) == 3
        called = desk.line.call_next(point.id, "c1")
        assert isinstance(called, Done)
        assert (called.party.entry.number, called.source) == (numbers[0], Source.HERE)
        server.start()
        desk.station.sync_now()
        desk.wait_synced()
        desk.wait(lambda: desk.station.store.outbox.unseen() == ())
        line = desk.station.store.lines.line(point.id)
        assert line is not None
        states = {party.entry.number: party.entry.state for party in line.parties}
        assert [states[number] for number in numbers] == ["called", "waiting", "waiting"]
        assert {row["number"]: row["state"] for row in server.state.rows("queue_entry")} == states


def test_a_broken_download_of_the_first_copy_heals_by_itself(
    tmp_path: Path, server: StandinServer, device: Device
) -> None:
    server.cut_after, server.cuts = 4_096, 1
    with kiosk(tmp_path, server, device) as door:
        door.wait(lambda: server.cuts == 0)
        door.station.sync_now()
        door.wait_synced()
        assert any(isinstance(news, Status) and news.fetched for news in door.news)


@pytest.mark.parametrize("fault", [Unavailable("busy"), Gone("odd"), NotFound("odd")])
def test_a_server_that_only_says_no_leaves_a_kiosk_that_works_alone(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample, fault: Exception
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        assert isinstance(fault, Unavailable | Gone | NotFound)
        server.fault = fault
        outcome = door.door.scan(sample.code(6))
        assert (type(outcome.verdict), outcome.source) == (Admitted, Source.HERE)
        server.fault = None
        door.station.sync_now()
        door.wait_synced()
        assert [row["op"] for row in server.state.rows("scan")] == [outcome.op]


def test_a_kiosk_that_waits_for_an_answer_closes_all_the_same(
    tmp_path: Path, server: StandinServer, device: Device
) -> None:
    server.delay = 30.0
    waiting = Kiosk(tmp_path / "waiting")
    waiting.station.pair(server.credentials(device))
    waiting.wait(lambda: "/api/devices/me" in server.asked)
    waiting.close()


def test_undoing_online_is_told_to_the_server_at_once(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        admitted = door.door.scan(sample.code(7))
        undone = door.door.undo("wrong person")
        assert isinstance(undone, Undone)
        assert (undone.undoes, undone.source) == (admitted.op, Source.SERVER)
        assert isinstance(door.door.scan(sample.code(7)).verdict, Admitted)


def test_an_act_of_a_kind_that_came_later_is_kept_until_a_server_knows_it(
    tmp_path: Path, server: StandinServer, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[str] = []

    def newer(state: ServerState, of: Device, act: dict[str, object]) -> dict[str, object]:
        return {"opId": act["opId"], "status": "applied"} if act["kind"] in known else apply(state, of, act)

    monkeypatch.setattr(standin_server, "apply", newer)
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        outbox = door.station.store.outbox
        outbox.add(Act(OpId("later"), Kind.BADGE_PRINTED, Instant(1)))
        door.station.sync_now()
        door.wait(lambda: outbox.counts() == (0, 1))
        known.append(Kind.BADGE_PRINTED)
        outbox.retry(OpId("later"))
        door.station.sync_now()
        door.wait(lambda: outbox.counts() == (0, 0))


def test_the_copy_of_an_event_that_is_over_leaves_the_disk_and_does_not_come_back(
    tmp_path: Path, server: StandinServer, device: Device, sample: Sample
) -> None:
    now = server.state.now()
    server.state.put("event", id=EVENT.id, ends=now)
    with kiosk(tmp_path, server, device) as door:
        door.wait_synced()
        door.door.scan(sample.code(3))
        door.wait(lambda: door.station.store.copies.cursor(EVENT) == server.state.head)
    copies = server.asked.count("/api/sync/snapshot")
    server.state.now = lambda: Instant(system_clock() + 5 * DAY)
    with kiosk(tmp_path, server, device, ahead=5 * DAY) as door:
        door.wait(lambda: list(tmp_path.glob("replica-*")) == [])
        door.wait(lambda: door.station.store.door.recent(5) == ())
    with kiosk(tmp_path, server, device, ahead=5 * DAY) as door:
        door.wait(lambda: door.station.status.connection is Connection.ONLINE)
        assert server.asked.count("/api/sync/snapshot") == copies
        device.gate = "anew"
        door.station.sync_now()
        door.wait(lambda: door.station.store.copies.scopes() == (EVENT,))


def test_somebody_whose_number_the_server_knows_as_another_is_told_to_staff(
    tmp_path: Path, server: StandinServer
) -> None:
    device = server.state.add_device("desk", mode="desk", scopes=(DESK,))
    with kiosk(tmp_path, server, device, deadline=200) as desk:
        desk.wait_synced()
        [point] = desk.station.display.points()
        day = point.day(server.state.now())
        desk.wait(lambda: desk.station.store.leases.left(point.id, "general", day) >= 10)
        server.late = 2.0
        joined = desk.line.join(point.id, "general", Joiner(name="Ann"))
        assert isinstance(joined, Done)
        assert joined.source is Source.HERE
        server.late = 0.0
        desk.station.sync_now()
        desk.wait(lambda: bool(desk.station.store.notices.newest()))
        [row], [notice] = server.state.rows("queue_entry"), desk.station.store.notices.newest()
        assert row["id"] == joined.party.id
        assert (notice.kind, notice.detail["number"]) == ("renumbered", row["number"])
        assert desk.station.store.outbox.counts() == (0, 0)

        def shown() -> list[str]:
            line = desk.station.store.lines.line(point.id)
            return [party.entry.number for party in line.parties] if line else []

        desk.wait(lambda: shown() == [row["number"]])
