"""Perks at the door: each handed out once, whether the server is there or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.ids import TicketId
from domain.sync import Answer, Kind, Status
from kiosk.desk.outcome import Handed, NotHanded
from tests.kiosk.desk.doors import SampleDoor
from tests.kiosk.sample import sample_event

TICKET = TicketId("t3")


@pytest.fixture
def door(tmp_path: Path) -> Iterator[SampleDoor]:
    sample = sample_event(2)
    sample.ticket(3, perks='["Drink", "Drink", "Tote bag"]', redeemed='["Tote bag"]')
    door = SampleDoor(tmp_path, sample)
    yield door
    door.close()


def test_alone_each_is_handed_out_as_often_as_the_ticket_has_it(door: SampleDoor) -> None:
    assert door.perks.hand_out(TICKET, "Drink") == Handed("Drink", ("Drink",))
    assert door.perks.hand_out(TICKET, "Drink") == Handed("Drink", ())
    assert door.perks.hand_out(TICKET, "Drink") == NotHanded("Drink")
    assert door.perks.hand_out(TICKET, "Tote bag") == NotHanded("Tote bag")
    acts = door.store.outbox.waiting()
    assert [(act.kind, act.payload) for act in acts] == [
        (Kind.PERK_REDEEMED, {"ticketId": "t3", "perk": "Drink"})
    ] * 2


def test_the_verdict_shows_what_is_left_here(door: SampleDoor) -> None:
    door.perks.hand_out(TICKET, "Drink")
    ticket = door.door.admit(TICKET).verdict.ticket
    assert ticket is not None
    assert ticket.perks_left == ("Drink",)


def test_with_the_server_it_decides_and_nothing_waits(door: SampleDoor) -> None:
    door.server.away = False
    assert door.perks.hand_out(TICKET, "Drink") == Handed("Drink", ("Drink",))
    door.state.put("ticket", id="t3", redeemed='["Tote bag", "Drink", "Drink"]')
    assert door.perks.hand_out(TICKET, "Drink") == NotHanded("Drink")
    assert door.store.outbox.waiting() == ()


def test_an_answer_that_came_too_late_is_told_again_under_the_same_id(door: SampleDoor) -> None:
    door.server.away, door.server.late = False, True
    assert door.perks.hand_out(TICKET, "Drink") == Handed("Drink", ("Drink",))
    [act] = door.store.outbox.waiting()
    assert door.server.done == [act.op]


def test_what_the_server_heard_of_counts_here_until_it_comes_back(door: SampleDoor) -> None:
    door.perks.hand_out(TICKET, "Drink")
    [act] = door.store.outbox.waiting()
    door.store.outbox.answer([Answer(act.op, Status.APPLIED, {"perk": "Drink"})])
    ticket = door.store.tickets.ticket(TICKET)
    assert ticket is not None
    assert ticket.perks_left == ("Drink",)


def test_of_a_ticket_that_nobody_knows_nothing_is_handed_out(door: SampleDoor) -> None:
    assert door.perks.hand_out(TicketId("t99"), "Drink") == NotHanded("Drink")
    assert door.store.outbox.waiting() == ()
