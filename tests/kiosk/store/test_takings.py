"""Money over this kiosk's counter: each order's once taken, once given back, and summed from a time on."""

from pathlib import Path

import pytest

from domain.clock import HOUR, Instant
from domain.ids import OpId
from kiosk.store.store import Store
from kiosk.store.takings import Taking, Total
from tests.kiosk.sample import NOON


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def taken(order: str, amount: int, method: str = "cash", **more: object) -> Taking:
    usual = {"number": order.upper(), "at": Instant(NOON), "currency": "EUR"}
    return Taking(**{"order": order, "method": method, "amount": amount, **usual, **more})  # type: ignore[arg-type]


def test_what_was_taken_and_given_back_is_summed_by_way_and_currency(store: Store) -> None:
    for taking in (
        taken("a", 1900), taken("b", 4900), taken("c", 4900, "card"), taken("d", 0, "free"),
        taken("e", 700, currency="USD"), taken("b", 4900, back=True), taken("f", 99, sure=False),
        taken("old", 100, at=Instant(NOON - HOUR)),
    ):  # fmt: skip
        store.takings.put(taking)
    assert store.takings.totals(Instant(NOON)) == (
        Total("card", "EUR", 1, 4900, 0, 0), Total("cash", "EUR", 2, 6800, 1, 4900),
        Total("free", "EUR", 1, 0, 0, 0), Total("cash", "USD", 1, 700, 0, 0),
    )  # fmt: skip
    assert [taking.order for taking in store.takings.unsure()] == ["f"]
    store.close()


def test_what_is_known_of_an_order_is_replaced_and_dropped(store: Store) -> None:
    store.takings.put(taken("a", 1900, sure=False))
    store.takings.put(taken("a", 1900))
    assert (store.takings.of("a"), store.takings.of("a", back=True)) == (taken("a", 1900), None)
    store.takings.drop("a", back=True)
    assert store.takings.of("a")
    store.takings.drop("a", back=False)
    assert store.takings.totals(Instant(0)) == ()
    store.close()


def test_a_sale_is_found_by_its_act_until_it_is_taken_back(store: Store) -> None:
    sale = taken("a", 1900, op=OpId("op-1"))
    store.takings.put(sale)
    assert store.takings.sold_by(OpId("op-1")) == sale
    store.takings.put(taken("a", 1900, op=OpId("op-2"), back=True))
    assert (store.takings.sold_by(OpId("op-1")), store.takings.sold_by(OpId("op-2"))) == (None, None)
    store.close()


def test_what_is_long_ago_is_forgotten(store: Store) -> None:
    store.takings.put(taken("a", 1900))
    store.takings.prune(Instant(NOON))
    assert store.takings.of("a")
    store.takings.prune(Instant(NOON + 1))
    assert store.takings.of("a") is None
    store.close()
