"""Taking money for orders at the desk: the server decides, and while it is away that is said openly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from domain.clock import Instant
from domain.errors import Conflict
from domain.ids import DeviceId
from kiosk.desk.till import NO_SERVER, UNSURE, Till
from kiosk.store.store import Store
from kiosk.store.takings import Total
from kiosk.sync import till_wire
from kiosk.sync.replies import Denied, Got, Missed, Reply
from kiosk.sync.status import Trouble
from kiosk.sync.till_wire import OrderLine, OrderSeen
from tests.kiosk.sample import NOON

ORDER = {
    "id": "o1", "event": "evt-1", "number": "K7Q2M4XP", "state": "pending", "name": "Grace Hopper",
    "email": "grace@example.com", "total": 11_700, "currency": "EUR",
    "items": [{"type": "general", "name": "General", "quantity": 2, "price": 4_900, "attendees": []}],
}  # fmt: skip
TAKEN = {
    "state": "taken", "provider": "desk", "method": "cash", "receipt": "K7Q2M4XP-1", "actor": "device:me",
}  # fmt: skip
SEEN = till_wire.order(ORDER)


@dataclass
class Orders:
    """A server with one order, which `stands` so; `says` instead where something is in the way."""

    says: Denied | Missed | None = None
    stands: dict[str, object] = field(default_factory=dict)
    heard: list[tuple[str, object, str]] = field(default_factory=list)

    def find_orders(self, text: str) -> Reply[tuple[OrderSeen, ...]]:
        return self.says or Got((SEEN,) if text.upper() in ORDER["number"] else ())  # type: ignore[operator]

    def order(self, event: str, id_: str) -> Reply[OrderSeen]:
        return self.says or Got(till_wire.order({**ORDER, **self.stands}))

    def change_order(
        self, event: str, id_: str, act: str, body: Mapping[str, object], key: str
    ) -> Reply[OrderSeen]:
        self.heard.append((f"{event}/{id_}/{act}", dict(body), key))
        if self.says:
            return self.says
        state = "confirmed" if act == "pay" else "refunded"
        money = {**TAKEN, "state": "taken" if act == "pay" else "returned"}
        return Got(till_wire.order({**ORDER, "state": state, "payments": [money]}))


@pytest.fixture
def server() -> Orders:
    return Orders()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def till(server: Orders, store: Store) -> Till:
    ids = count(1)
    return Till(server, store.takings, DeviceId("me"), lambda: Instant(NOON), lambda: f"id-{next(ids)}")


def test_an_order_is_found_and_says_what_it_is_for(till: Till) -> None:
    assert till.find("  k7q2 ") == (SEEN,)
    assert SEEN.lines == (OrderLine("General", 2, 4_900),)
    assert (SEEN.total, SEEN.currency, SEEN.receipt, SEEN.by_hand) == (11_700, "EUR", "", False)
    assert till.look(SEEN) == SEEN


def test_nothing_is_looked_for_before_the_third_letter(till: Till, server: Orders) -> None:
    server.says = Missed()
    assert till.find("k7 ") == ()


def test_money_that_was_taken_is_told_once_with_its_receipt(till: Till, server: Orders) -> None:
    paid = till.pay(SEEN, "card", "")
    assert isinstance(paid, OrderSeen)
    assert (paid.state, paid.receipt, paid.method, paid.by_hand) == ("confirmed", "K7Q2M4XP-1", "cash", True)
    till.pay(SEEN, "cash", "Z-77")
    assert server.heard == [
        ("evt-1/o1/pay", {"method": "card"}, "id-1"),
        ("evt-1/o1/pay", {"method": "cash", "receipt": "Z-77"}, "id-2"),
    ]


def test_money_is_given_back(till: Till) -> None:
    back = till.refund(SEEN)
    assert isinstance(back, OrderSeen)
    assert (back.state, back.receipt) == ("refunded", "")


def test_without_the_server_nothing_is_taken_and_that_is_said(till: Till, server: Orders) -> None:
    server.says = Missed()
    for answer in (till.find("k7q2"), till.look(SEEN), till.pay(SEEN, "cash", ""), till.refund(SEEN)):
        assert answer == NO_SERVER


def test_an_answer_that_is_missing_leaves_nobody_in_the_belief_that_nothing_happened(
    till: Till, server: Orders
) -> None:
    server.says = Missed(asked=True)
    assert till.pay(SEEN, "cash", "") == UNSURE
    assert till.refund(SEEN) == UNSURE


def test_what_the_server_says_no_to_is_told_in_its_words(till: Till, server: Orders) -> None:
    server.says = Denied(Conflict("of 'General' 0 of 10 are left", code="sold_out"))
    assert till.pay(SEEN, "cash", "") == Trouble("sold_out", "of 'General' 0 of 10 are left")


def test_what_went_over_the_counter_is_in_the_till(till: Till, store: Store) -> None:
    paid = till.pay(SEEN, "cash", "")
    assert isinstance(paid, OrderSeen)
    assert store.takings.totals(Instant(NOON)) == (Total("cash", "EUR", 1, 11_700, 0, 0),)
    till.refund(paid)
    assert store.takings.totals(Instant(NOON)) == (Total("cash", "EUR", 1, 11_700, 1, 11_700),)


@pytest.mark.parametrize("says", [Denied(Conflict("no")), Missed()])
def test_money_that_was_not_taken_is_not_in_it(
    till: Till, store: Store, server: Orders, says: Denied | Missed
) -> None:
    server.says = says
    till.pay(SEEN, "cash", "")
    assert (store.takings.totals(Instant(0)), store.takings.unsure()) == ((), ())


@pytest.mark.parametrize(
    ("stands", "in_it"),
    [
        ({"state": "confirmed", "payments": [TAKEN]}, 1),
        ({"state": "confirmed", "payments": [{**TAKEN, "actor": "device:other"}]}, 0),
        ({"state": "pending"}, 0),
    ],
)
def test_what_the_server_has_not_said_is_unsure_until_the_order_is_looked_at(
    till: Till, store: Store, server: Orders, stands: dict[str, object], in_it: int
) -> None:
    server.says = Missed(asked=True)
    assert till.pay(SEEN, "card", "") == UNSURE
    assert [taking.number for taking in store.takings.unsure()] == ["K7Q2M4XP"]
    server.says, server.stands = None, stands
    till.look(SEEN)
    assert store.takings.unsure() == ()
    assert sum(total.count for total in store.takings.totals(Instant(NOON))) == in_it


@pytest.mark.parametrize(("state", "backs"), [("refunded", 1), ("confirmed", 0)])
def test_a_refund_that_the_server_has_not_confirmed_is_settled_in_the_same_way(
    till: Till, store: Store, server: Orders, state: str, backs: int
) -> None:
    paid = till.pay(SEEN, "cash", "")
    assert isinstance(paid, OrderSeen)
    server.says = Missed(asked=True)
    till.refund(paid)
    server.says, server.stands = None, {"state": state, "payments": [{**TAKEN, "state": "returned"}]}
    till.look(paid)
    [total] = store.takings.totals(Instant(NOON))
    assert (total.count, total.backs) == (1, backs)
