"""Selling at the door: out of the seats in hand, written down before it is shown, known here from then on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.admission import Admitted, Direction, Reason, Refused
from domain.clock import HOUR, Instant
from domain.errors import StorageFull
from domain.ids import EventId, TicketTypeId
from domain.sync import Answer, Kind, Status
from kiosk.desk.walk_in import Buyer, Method, NotForSale, OtherPrice, Sold
from kiosk.store.replica import Change
from kiosk.store.seats import SeatLease
from kiosk.store.store import Store
from kiosk.store.takings import Total
from tests.kiosk.desk.doors import SampleDoor
from tests.kiosk.sample import EVENT, LIST, NOON, sample_event

STANDARD = TicketTypeId("standard")
LEASE = SeatLease(
    "lease-1", EventId(EVENT.id), STANDARD, "Standard", "#3b6fd8", 2500, "EUR", ("Tote bag",),
    seats=2, available=7, expires=Instant(NOON + 4 * HOUR),
)  # fmt: skip


@pytest.fixture
def door(tmp_path: Path) -> Iterator[SampleDoor]:
    door = SampleDoor(tmp_path, sample_event(3), gate="North")
    door.store.seats.keep(EventId(EVENT.id), [LEASE])
    yield door
    door.close()


def sell(door: SampleDoor, buyer: Buyer = Buyer()) -> Sold:
    sold = door.walk_in.sell(STANDARD, "cash", buyer)
    assert isinstance(sold, Sold)
    return sold


def test_a_sale_waits_to_be_sent_with_all_that_the_server_needs(door: SampleDoor) -> None:
    sold = sell(door, Buyer("Grace Hopper", "grace@example.com", "de"))
    [act] = door.store.outbox.waiting()
    assert (act.op, act.kind, act.at, door.server.told) == (sold.outcome.op, Kind.TICKET_SELL, NOON, 1)
    assert {**act.payload, "orderId": "", "ticketId": ""} == {
        "lease": "lease-1", "event": EVENT.id, "type": "standard", "orderId": "", "ticketId": "",
        "number": sold.number, "code": sold.code, "name": "Grace Hopper", "email": "grace@example.com",
        "language": "de", "method": "cash", "taken": 2500, "perks": ["Tote bag"],
        "lists": [LIST], "list": LIST, "gate": "North",
    }  # fmt: skip


def test_who_bought_is_inside_and_the_code_is_a_ticket_here_at_once(door: SampleDoor) -> None:
    sold = sell(door, Buyer("Grace Hopper"))
    assert isinstance(sold.outcome.verdict, Admitted)
    again = door.door.scan(sold.code).verdict
    assert isinstance(again, Refused)
    assert (again.reason, again.ticket and again.ticket.name) == (Reason.ALREADY_IN, "Grace Hopper")
    door.turn(Direction.EXIT)
    assert isinstance(door.door.scan(sold.code).verdict, Admitted)
    figures = door.desk.figures(next(iter(door.store.tickets.catalog().lists)))
    assert figures is not None
    assert (figures.admitted, figures.inside) == (1, 0)


def test_who_bought_is_found_by_name_and_number_before_the_server_has_heard_of_it(door: SampleDoor) -> None:
    sold = sell(door, Buyer("Grace Hopper"))
    for text in ("grâce ho", sold.number.lower(), sold.number[:4]):
        [match] = door.desk.search(text)
        assert (match.ticket.name, match.inside) == ("Grace Hopper", True)
    assert door.desk.search("hopper marvin") == ()


def test_no_more_is_sold_than_the_lease_holds(door: SampleDoor) -> None:
    codes = {sell(door).code for _ in range(2)}
    assert len(codes) == 2
    assert [offer.left for offer in door.walk_in.offers()] == [0]
    assert door.walk_in.sell(STANDARD, "card") == NotForSale(STANDARD)
    assert len(door.store.outbox.waiting()) == 2


def test_nothing_is_sold_under_a_lease_that_has_run_out(door: SampleDoor) -> None:
    door.clock.forward(4 * HOUR)
    assert door.walk_in.offers() == ()
    assert door.walk_in.sell(STANDARD, "cash") == NotForSale(STANDARD)


def test_what_no_list_of_this_door_admits_is_not_sold(tmp_path: Path) -> None:
    sample = sample_event(1)
    sample.check_in_list(types=["standard"])
    door = SampleDoor(tmp_path, sample)
    crew = replace(LEASE, id="lease-2", type=TicketTypeId("crew"))
    door.store.seats.keep(EventId(EVENT.id), [LEASE, crew])
    assert [offer.id for offer in door.walk_in.offers()] == ["lease-1"]
    assert door.walk_in.sell(TicketTypeId("crew"), "cash") == NotForSale(TicketTypeId("crew"))
    door.close()


def test_a_type_without_a_quota_never_runs_out(door: SampleDoor) -> None:
    door.store.seats.keep(EventId(EVENT.id), [replace(LEASE, seats=None, price=0)])
    for _ in range(5):
        assert isinstance(door.walk_in.sell(STANDARD, "free"), Sold)
    assert {act.payload["method"] for act in door.store.outbox.waiting()} == {"free"}


def test_what_costs_money_is_not_given_away_by_mistake_of_the_price(door: SampleDoor) -> None:
    """The price is that of the lease, whatever is pressed."""
    door.store.seats.keep(EventId(EVENT.id), [replace(LEASE, price=0)])
    door.walk_in.sell(STANDARD, "cash")
    [act] = door.store.outbox.waiting()
    assert (act.payload["method"], act.payload["taken"]) == ("free", 0)


@pytest.mark.parametrize(
    ("method", "shown", "now"), [("cash", 2500, 3000), ("free", 0, 2500), ("card", 2500, 0)]
)
def test_nothing_is_sold_at_another_price_than_staff_have_asked_for(
    door: SampleDoor, method: Method, shown: int, now: int
) -> None:
    door.store.seats.keep(EventId(EVENT.id), [replace(LEASE, price=now)])
    assert door.walk_in.sell(STANDARD, method, shown=shown) == OtherPrice(STANDARD, now, "EUR")
    assert door.store.outbox.waiting() == ()
    assert isinstance(door.walk_in.sell(STANDARD, "cash", shown=now), Sold)


def test_a_renewed_lease_keeps_what_was_sold_and_one_that_is_gone_sells_no_more(door: SampleDoor) -> None:
    sell(door)
    door.store.seats.keep(EventId(EVENT.id), [replace(LEASE, seats=6, price=3000)])
    [offer] = door.walk_in.offers()
    assert (offer.left, offer.price) == (5, 3000)
    assert door.store.seats.keep(EventId(EVENT.id), [])
    assert door.walk_in.offers() == ()
    assert not door.store.seats.keep(EventId(EVENT.id), [])


def test_a_full_disk_sells_nothing(door: SampleDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageFull("the disk is full")

    monkeypatch.setattr(door.store.door._journal, "add", full)
    with pytest.raises(StorageFull):
        sell(door)
    assert door.store.outbox.waiting() == ()
    assert [offer.left for offer in door.walk_in.offers()] == [2]


def test_a_kiosk_that_is_killed_after_a_sale_knows_it_again(door: SampleDoor, tmp_path: Path) -> None:
    sold = sell(door)
    door.store.close()
    door.store = Store(tmp_path)
    known = door.store.tickets.gather(sold.code, NOON)
    assert [scan.op for scan in known.past] == [sold.outcome.op]
    assert [lease.left for lease in door.store.seats.of(EventId(EVENT.id))] == [1]


def test_a_sale_is_taken_back_with_its_entry_its_ticket_and_its_money(door: SampleDoor) -> None:
    sold = sell(door, Buyer("Grace Hopper"))
    sale = door.walk_in.last_sale()
    assert sale is not None
    assert (sale.number, sale.amount, sale.method) == (sold.number, 2500, "cash")
    given = door.walk_in.take_back(sold.outcome.op)
    assert given is not None
    assert (given.back, given.amount, given.currency) == (True, 2500, "EUR")
    act = door.store.outbox.waiting()[-1]
    assert (act.kind, dict(act.payload)) == (
        Kind.TICKET_TAKE_BACK,
        {"sale": sold.outcome.op, "orderId": given.order, "ticketId": given.ticket},
    )
    again = door.door.scan(sold.code).verdict
    assert isinstance(again, Refused)
    assert again.reason is Reason.REFUNDED
    figures = door.desk.figures(next(iter(door.store.tickets.catalog().lists)))
    assert figures is not None
    assert (figures.admitted, figures.inside) == (0, 0)
    assert door.store.takings.totals(NOON) == (Total("cash", "EUR", 1, 2500, 1, 2500),)


def test_a_sale_is_taken_back_once_and_only_while_it_is_the_last_admission(door: SampleDoor) -> None:
    assert door.walk_in.last_sale() is None
    sold = sell(door)
    door.door.scan(sample_event(3).code(1))
    assert door.walk_in.last_sale() is None
    door.door.undo()
    assert door.walk_in.last_sale() is not None
    assert door.walk_in.take_back(sold.outcome.op)
    assert door.walk_in.take_back(sold.outcome.op) is None
    assert door.walk_in.last_sale() is None
    assert len(door.store.takings.totals(NOON)) == 1


def test_what_the_desk_has_refunded_is_not_given_back_again_at_the_door(door: SampleDoor) -> None:
    sold = sell(door)
    sale = door.walk_in.last_sale()
    assert sale is not None
    refunded = sample_event(4).tables["ticket"]["t4"] | {"id": sale.ticket, "state": "refunded"}
    door.store.apply(EVENT, [Change(1, "ticket", str(sale.ticket), refunded)], 1, Instant(NOON))
    assert (door.walk_in.last_sale(), door.walk_in.take_back(sold.outcome.op)) == (None, None)


def test_a_full_disk_takes_nothing_back(door: SampleDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    sold = sell(door)

    def full(*_: object) -> None:
        raise StorageFull("the disk is full")

    monkeypatch.setattr(door.store.door._takings, "put", full)
    with pytest.raises(StorageFull):
        door.walk_in.take_back(sold.outcome.op)
    assert [act.kind for act in door.store.outbox.waiting()] == [Kind.TICKET_SELL]
    assert door.walk_in.last_sale() is not None


def test_what_was_taken_back_stays_void_until_it_comes_with_the_changes(door: SampleDoor) -> None:
    sold = sell(door)
    door.walk_in.take_back(sold.outcome.op)
    answers = [Answer(act.op, Status.APPLIED, {}) for act in door.store.outbox.waiting()]
    door.store.outbox.answer(answers)
    verdict = door.door.scan(sold.code).verdict
    assert isinstance(verdict, Refused)
    assert verdict.reason is Reason.REFUNDED


@pytest.mark.parametrize("status", [Status.APPLIED, Status.CONFLICT, Status.DUPLICATE])
def test_a_sale_that_the_server_took_is_known_until_it_comes_with_the_changes(
    door: SampleDoor, status: Status
) -> None:
    sold = sell(door)
    door.store.outbox.answer([Answer(sold.outcome.op, status, {"mark": None})])
    assert door.store.outbox.waiting() == ()
    assert not door.store.outbox.sale_waits()
    assert door.store.tickets.gather(sold.code, NOON).found.tickets
    door.store.outbox.forget(door.store.outbox.answered())
    assert not door.store.tickets.gather(sold.code, NOON).found.tickets
