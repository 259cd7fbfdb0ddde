"""What every server that a kiosk talks to must do: the stand-in of the tests, and the real one."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from domain import wording
from domain.admission import Admitted, Asked, Direction, Reason, Refused
from domain.clock import MINUTE, Instant
from domain.ids import OpId, TicketId
from domain.queue import Event, State
from domain.reservation import State as Booked
from domain.sync import Kind
from domain.wording import Phrase
from kiosk.desk.bookings import MOVED_ON, NO_SUCH, NewBooking
from kiosk.desk.line import Joiner
from kiosk.desk.line_answers import CounterSet, Done, GraceRuns, Stands
from kiosk.desk.machine import Uuid7, system_clock
from kiosk.desk.outcome import Outcome, Source
from kiosk.store.outbox import Act
from kiosk.store.tickets import TicketBook
from kiosk.sync.remote import Remote
from kiosk.sync.replies import Denied, Got, Missed, ServerVerdict
from kiosk.sync.status import Trouble
from kiosk.sync.verdict_wire import CheckIn
from tests.kiosk.sync.kiosks import Kiosk
from tests.kiosk.worlds import World, paired, work

_IDS = Uuid7()


def op() -> OpId:
    return OpId(_IDS())


def remote(kiosk: Kiosk) -> Remote:
    return Remote(work(kiosk).engine, system_clock, work(kiosk).credentials.org)


def asked(world: World, code: str, id_: OpId, **more: object) -> CheckIn:
    return CheckIn(id_, Asked(system_clock(), **more), (world.things.list,), code)  # type: ignore[arg-type]


def _begins(tickets: TicketBook, codes: Sequence[str]) -> list[Instant | None]:
    """When the sessions of these tickets begin, as far as the kiosk knows."""
    found = [ticket for code in codes for ticket in tickets.gather(code, system_clock()).found.tickets]
    return [ticket.session_starts for ticket in found]


def _said(outcome: Outcome) -> tuple[Reason | None, list[Phrase]]:
    """Why not, and what is said of the rules."""
    made = outcome.verdict
    return (made.reason, [*map(wording.rule, made.unmet)]) if isinstance(made, Refused) else (None, [])


def verdict(reply: object) -> ServerVerdict:
    assert isinstance(reply, Got), reply
    assert isinstance(reply.value, ServerVerdict)
    return reply.value


class TestDoorServer:
    def test_a_ticket_is_admitted_once_and_the_first_time_is_told(self, world: World, door: Kiosk) -> None:
        code, ticket = next(world.things.valid)
        first = op()
        admitted = verdict(remote(door).check_in(asked(world, code, first)))
        assert isinstance(admitted.verdict, Admitted)
        assert (admitted.op, admitted.verdict.ticket.id, admitted.list) == (first, ticket, world.things.list)
        assert admitted.type is not None
        assert admitted.sentence
        refused = verdict(remote(door).check_in(asked(world, code, op())))
        assert isinstance(refused.verdict, Refused)
        assert refused.verdict.reason is Reason.ALREADY_IN
        assert refused.verdict.first is not None
        assert refused.verdict.first.at == admitted.at
        assert refused.first_device

    def test_the_same_scan_again_is_the_same_scan(self, world: World, door: Kiosk) -> None:
        scan = asked(world, next(world.things.valid)[0], op())
        first, again = (verdict(remote(door).check_in(scan)) for _ in range(2))
        assert isinstance(again.verdict, Admitted)
        assert (first.duplicate, again.duplicate) == (False, True)

    def test_an_unknown_code_is_refused_as_unknown(self, world: World, door: Kiosk) -> None:
        refused = verdict(remote(door).check_in(asked(world, "no ticket has this code", op())))
        assert isinstance(refused.verdict, Refused)
        assert (refused.verdict.reason, refused.verdict.ticket) == (Reason.UNKNOWN, None)

    def test_a_ticket_is_admitted_by_its_id(self, world: World, door: Kiosk) -> None:
        _, ticket = next(world.things.valid)
        scan = CheckIn(op(), Asked(system_clock()), (world.things.list,), ticket=TicketId(ticket))
        assert isinstance(verdict(remote(door).check_in(scan)).verdict, Admitted)

    def test_who_left_may_come_in_again(self, world: World, door: Kiosk) -> None:
        code, _ = next(world.things.valid)
        for direction in (Direction.ENTRY, Direction.EXIT, Direction.ENTRY):
            made = verdict(remote(door).check_in(asked(world, code, op(), direction=direction)))
            assert isinstance(made.verdict, Admitted)
            assert made.verdict.direction is direction

    def test_an_admission_is_taken_back(self, world: World, door: Kiosk) -> None:
        code, _ = next(world.things.valid)
        first = op()
        remote(door).check_in(asked(world, code, first))
        assert isinstance(remote(door).undo(op(), first, "mistake"), Got)
        assert isinstance(verdict(remote(door).check_in(asked(world, code, op()))).verdict, Admitted)

    def test_what_was_never_admitted_cannot_be_taken_back(self, world: World, door: Kiosk) -> None:
        denied = remote(door).undo(op(), op(), "mistake")
        assert isinstance(denied, Denied)
        assert denied.problem.status in (404, 409)

    def test_a_server_that_is_away_is_missed(self, world: World, door: Kiosk) -> None:
        world.stop()
        try:
            reply = remote(door).check_in(asked(world, next(world.things.valid)[0], op()))
            assert isinstance(reply, Missed)
        finally:
            world.start()


class TestSync:
    def test_a_scan_online_comes_back_as_a_change(self, world: World, door: Kiosk) -> None:
        code, ticket = next(world.things.valid)
        scan = verdict(remote(door).check_in(asked(world, code, op())))
        tickets = door.station.store.tickets
        door.wait(lambda: scan.op in {s.op for s in tickets.gather_ticket(TicketId(ticket)).past})

    def test_scans_made_alone_arrive_in_order_and_once(self, world: World, door: Kiosk) -> None:
        scans = [next(world.things.valid) for _ in range(5)]
        world.stop()
        try:
            outcomes = [door.door.scan(code) for code, _ in scans]
            door.door.undo("mistake")
            again = door.door.scan(scans[0][0])
        finally:
            world.start()
        assert {outcome.source for outcome in outcomes} == {Source.HERE}
        door.station.sync_now()
        door.wait_synced()
        assert door.station.store.outbox.rejected() == ()
        tickets = door.station.store.tickets
        for outcome, (_, ticket) in zip(outcomes, scans, strict=True):
            id_ = TicketId(ticket)
            door.wait(
                lambda id_=id_, op_=outcome.op: any(  # type: ignore[misc]
                    scan.op == op_ for copy in [tickets.gather_ticket(id_).past] for scan in copy
                )
            )
        assert isinstance(again.verdict, Refused)
        last = verdict(remote(door).check_in(asked(world, scans[-1][0], op())))
        assert isinstance(last.verdict, Admitted)

    def test_two_doors_that_admit_one_ticket_alone_both_learn_of_it(
        self, world: World, door: Kiosk, tmp_path: Path
    ) -> None:
        other = paired(world, "door", tmp_path)
        code, _ = next(world.things.valid)
        world.stop()
        try:
            outcomes = [kiosk.door.scan(code) for kiosk in (door, other)]
        finally:
            world.start()
        assert all(isinstance(outcome.verdict, Admitted) for outcome in outcomes)
        for kiosk in (other, door):
            kiosk.station.sync_now()
            kiosk.wait_synced()
        for kiosk, outcome in zip((door, other), outcomes, strict=True):
            kiosk.wait(lambda kiosk=kiosk: bool(kiosk.station.store.notices.newest()))  # type: ignore[misc]
            [notice] = kiosk.station.store.notices.newest()
            assert (notice.kind, notice.op) == ("double", outcome.op)
        other.close()

    def test_a_rule_about_a_session_is_decided_alone_as_by_the_server_also_once_it_is_moved(
        self, world: World, door: Kiosk
    ) -> None:
        def about(op: str, anchor: str, minutes: int) -> object:
            return {"fact": "now", "op": op, "value": {"anchor": f"session_{anchor}", "minutes": minutes}}

        now, tickets = system_clock(), door.station.store.tickets
        rules = {"all": [about(">=", "start", -15), about("<", "end", 30)]}
        begins = [Instant(now + minutes * MINUTE) for minutes in (20, 10, -50, -80)]
        ends = [Instant(at + 45 * MINUTE) for at in begins]
        talk = world.talk(rules, begins[0], ends[0], "{}", "", "none of {}")
        door.door.setup = replace(door.door.setup, lists=(talk.list,))
        seen = []
        for start, end in zip(begins, ends, strict=True):
            world.move(talk, start, end)
            door.wait(lambda start=start: _begins(tickets, talk.codes) == [start, None, None])  # type: ignore[misc]
            door.wait(lambda: bool(door.door.lists()))
            online = [door.door.scan(code) for code in talk.codes]
            world.stop()
            try:
                alone = [door.door.scan(code) for code in talk.codes]
            finally:
                world.start()
            assert [each.source for each in online + alone] == 3 * [Source.SERVER] + 3 * [Source.HERE]
            assert [*map(_said, online)] == [*map(_said, alone)]
            seen.append(_said(alone[0]))
            assert [*map(_said, alone[1:])] == 2 * [(Reason.RULES, 2 * [Phrase("rule.unknown")])]
            door.station.sync_now()
            door.wait_synced()
        assert seen == [
            (Reason.RULES, [Phrase("rule.from", at=Instant(begins[0] - 15 * MINUTE))]),
            (None, []),
            (None, []),
            (Reason.RULES, [Phrase("rule.until", at=Instant(ends[3] + 30 * MINUTE))]),
        ]

    def test_an_act_of_an_unknown_kind_is_rejected_and_the_rest_goes_on(
        self, world: World, door: Kiosk
    ) -> None:
        code, _ = next(world.things.valid)
        world.stop()
        try:
            door.station.store.outbox.add(Act(op(), "loyalty.stamp", system_clock(), {"x": 1}))
            door.door.scan(code)
        finally:
            world.start()
        door.station.sync_now()
        door.wait(lambda: door.station.store.outbox.counts() == (0, 1))
        [rejected] = door.station.store.outbox.rejected()
        assert rejected.answer.detail["code"] == "kind_unknown"


class TestLineServer:
    def test_a_visit_from_joining_to_the_end(self, world: World, desk: Kiosk) -> None:
        point, counter = world.things.point, world.things.counters[0]
        joined = desk.line.join(point, world.things.category, Joiner(name="Ann", note="has a dog"))
        assert isinstance(joined, Done), joined
        assert joined.source is Source.SERVER
        desk.wait(lambda: desk.station.store.lines.line(point).party(joined.party.id) is not None)  # type: ignore[union-attr]
        called = desk.line.move(point, joined.party.id, Event.CALL, {"counter": counter})
        assert isinstance(called, Done), called
        assert (called.party.entry.state, called.party.entry.counter) == (State.CALLED, counter)
        assert (called.party.name, called.party.note) == ("Ann", "has a dog")
        runs = desk.line.move(point, joined.party.id, Event.NO_SHOW)
        assert isinstance(runs, GraceRuns), runs
        assert runs.left > 0
        for event in (Event.START, Event.HOLD, Event.RESUME, Event.COMPLETE):
            done = desk.line.move(point, joined.party.id, event)
            assert isinstance(done, Done), (event, done)
            assert done.source is Source.SERVER
        undone = desk.line.undo(point, joined.party.id)
        assert isinstance(undone, Done)
        assert undone.party.entry.state is State.SERVING
        stands = desk.line.move(point, joined.party.id, Event.CALL, {"counter": counter})
        assert isinstance(stands, Stands)
        assert (stands.state, Event.COMPLETE in stands.allowed) == (State.SERVING, True)
        assert isinstance(desk.line.move(point, joined.party.id, Event.COMPLETE), Done)

    def test_two_counters_call_two_people(self, world: World, desk: Kiosk) -> None:
        point = world.things.point
        for _ in range(2):
            assert isinstance(desk.line.join(point, world.things.category, Joiner()), Done)
        called = [desk.line.call_next(point, counter) for counter in world.things.counters]
        ids = {done.party.id for done in called if isinstance(done, Done)}
        assert len(ids) == 2
        for id_ in ids:
            desk.line.move(point, id_, Event.NO_SHOW, {"force": True})

    def test_a_counter_pauses(self, world: World, desk: Kiosk) -> None:
        counter = world.things.counters[1]
        answer = desk.line.set_counter(world.things.point, counter, "paused")
        assert answer == CounterSet(counter, "paused", Source.SERVER)

    def test_a_desk_that_was_alone_is_believed(self, world: World, desk: Kiosk) -> None:
        point, counter = world.things.point, world.things.counters[0]
        [known] = desk.station.display.points()
        day = known.day(system_clock())
        desk.wait(lambda: desk.station.store.leases.left(point, world.things.category, day) >= 5)
        world.stop()
        try:
            joined = desk.line.join(point, world.things.category, Joiner(name="Bob"))
            assert isinstance(joined, Done), joined
            called = desk.line.move(point, joined.party.id, Event.CALL, {"counter": counter})
            assert isinstance(called, Done)
            assert called.source is Source.HERE
        finally:
            world.start()
        desk.station.sync_now()
        desk.wait_synced()
        desk.wait(lambda: desk.station.store.outbox.unseen() == ())
        assert desk.station.store.outbox.rejected() == ()
        line = desk.station.store.lines.line(point)
        assert line is not None
        party = line.party(joined.party.id)
        assert party is not None
        assert (party.entry.state, party.entry.number) == (State.CALLED, joined.party.entry.number)
        desk.line.move(point, joined.party.id, Event.NO_SHOW, {"force": True})

    def test_an_act_on_a_queue_that_came_too_late_is_told_what_stands(
        self, world: World, desk: Kiosk
    ) -> None:
        point = world.things.point
        joined = desk.line.join(point, world.things.category, Joiner())
        assert isinstance(joined, Done)
        said = {"entryId": joined.party.id}
        desk.station.store.lines.record(Act(op(), Kind.QUEUE_COMPLETE, system_clock(), said, 1))
        desk.station.sync_now()
        desk.wait(lambda: bool(desk.station.store.notices.newest()))
        [notice] = desk.station.store.notices.newest()
        assert (notice.kind, notice.subject) == ("conflict", joined.party.id)
        assert notice.detail["state"] == "waiting"
        desk.wait(lambda: not desk.station.store.lines.unsent())
        desk.line.move(point, joined.party.id, Event.NO_SHOW, {"force": True})


class TestBookingServer:
    def test_a_booking_from_a_free_time_to_the_line(self, world: World, desk: Kiosk) -> None:
        service, point = world.service(), world.things.point
        bookings = work(desk).bookings
        offered = bookings.services(point)
        assert not isinstance(offered, Trouble), offered
        assert service in {each.id for each in offered}
        times = bookings.times(service, system_clock(), 1)
        assert not isinstance(times, Trouble), times
        new = NewBooking(service, times[0].starts, "Ada", phone="+4930123456")
        made = bookings.book(new)
        assert not isinstance(made, Trouble), made
        assert (made.name, made.starts, made.state) == ("Ada", times[0].starts, Booked.CONFIRMED)
        taken = bookings.book(new)
        assert isinstance(taken, Trouble)
        assert taken.code == "slot_taken"
        [known] = desk.station.display.points()
        of_day = bookings.of_day(known, made.starts)
        assert not isinstance(of_day, Trouble), of_day
        assert made.id in {each.id for each in of_day}
        here = bookings.check_in(made.number.lower())
        assert not isinstance(here, Trouble), here
        assert (here.state, here.id) == (Booked.CHECKED_IN, made.id)
        entry = here.entry
        assert entry is not None
        desk.wait(lambda: work(desk).welcome.standing(point, entry) is not None)
        again = bookings.arrive(made.id)
        assert isinstance(again, Trouble)
        assert again.code == "wrong_transition"
        assert bookings.check_in(made.number) == here
        desk.line.move(point, entry, Event.NO_SHOW, {"force": True})

    def test_what_was_asked_for_is_confirmed_once(self, world: World, desk: Kiosk) -> None:
        bookings, service = work(desk).bookings, world.service("manual")
        times = bookings.times(service, system_clock(), 1)
        assert not isinstance(times, Trouble), times
        made = bookings.book(NewBooking(service, times[0].starts, "Bob", phone="+4930123457"))
        assert not isinstance(made, Trouble), made
        assert made.state is Booked.PENDING
        early = bookings.check_in(made.number)
        assert isinstance(early, Trouble)
        assert early.code == "booking_pending"
        granted = bookings.confirm(made.id)
        assert not isinstance(granted, Trouble), granted
        assert (granted.id, granted.state) == (made.id, Booked.CONFIRMED)
        again = bookings.confirm(made.id)
        assert isinstance(again, Trouble)
        assert again.code == "wrong_transition"

    def test_who_was_somebody_else_leaves_the_line_again_until_it_has_gone_on(
        self, world: World, desk: Kiosk
    ) -> None:
        bookings, service, point = work(desk).bookings, world.service(), world.things.point
        times = bookings.times(service, system_clock(), 1)
        assert not isinstance(times, Trouble), times
        made = bookings.book(NewBooking(service, times[0].starts, "Cora", phone="+4930123458"))
        assert not isinstance(made, Trouble), made
        here = bookings.arrive(made.id)
        assert not isinstance(here, Trouble), here
        back = bookings.take_back(made.id)
        assert back == made
        assert bookings.take_back(made.id) == MOVED_ON
        again = bookings.arrive(made.id)
        assert not isinstance(again, Trouble), again
        entry = again.entry
        assert entry is not None
        assert entry != here.entry
        desk.wait(lambda: work(desk).welcome.standing(point, entry) is not None)
        desk.line.move(point, entry, Event.CALL, {"counter": world.things.counters[0]})
        assert bookings.take_back(made.id) == MOVED_ON
        desk.line.move(point, entry, Event.NO_SHOW, {"force": True})

    def test_a_number_that_nobody_has_is_no_booking(self, world: World, desk: Kiosk) -> None:
        assert work(desk).bookings.check_in("ZZZZZ-ZZZZZ") == NO_SUCH


class TestWelcomeServer:
    def test_a_kiosk_that_was_alone_gave_out_a_number_that_stands(self, world: World, tmp_path: Path) -> None:
        point, lobby = world.things.point, paired(world, "welcome", tmp_path)
        [known] = lobby.station.display.points()
        left = partial(
            lobby.station.store.leases.left, point, world.things.category, known.day(system_clock())
        )
        lobby.wait(lambda: left() >= 5)
        world.stop()
        try:
            joined = lobby.line.join(point, world.things.category, Joiner(name="Zoe", call_by_name=True))
            assert isinstance(joined, Done), joined
            assert joined.source is Source.HERE
        finally:
            world.start()
        lobby.station.sync_now()
        lobby.wait_synced()
        lobby.wait(lambda: lobby.station.store.outbox.unseen() == ())
        assert lobby.station.store.outbox.rejected() == ()
        line = lobby.station.store.lines.line(point)
        assert line is not None
        party = line.party(joined.party.id)
        assert party is not None
        assert (party.entry.number, party.name) == (joined.party.entry.number, "Zoe")
        lobby.close()


class TestDisplayServer:
    def test_a_display_shows_who_is_called_and_has_no_name_that_is_not_to_be_called(
        self, world: World, desk: Kiosk, tmp_path: Path
    ) -> None:
        point, display = world.things.point, paired(world, "display", tmp_path)
        joiners = (Joiner(name="Ann", note="has a dog"), Joiner(name="Zoe", call_by_name=True))
        called = []
        for joiner, counter in zip(joiners, world.things.counters, strict=True):
            joined = desk.line.join(point, world.things.category, joiner)
            assert isinstance(joined, Done), joined
            done = desk.line.move(point, joined.party.id, Event.CALL, {"counter": counter})
            assert isinstance(done, Done), done
            called.append(done.party)

        def shown() -> dict[str, str]:
            board = display.station.display.board(point, system_clock())
            return {call.entry: call.name for call in board.last_called} if board else {}

        display.wait(lambda: {party.id for party in called} <= shown().keys())
        assert [shown()[party.id] for party in called] == ["", "Zoe"]
        line = display.station.store.lines.line(point)
        assert line is not None
        kept = [line.party(party.id) for party in called]
        assert [(party.name, party.note) for party in kept if party] == [("", ""), ("Zoe", "")]
        for party in called:
            desk.line.move(point, party.id, Event.NO_SHOW, {"force": True})
        display.close()
