"""Whatever buyers, cashiers and time do in whatever order: never oversold, and nothing is lost.

A model of a few lines says what each act must do; the server is asked through its routes.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from domain.clock import MINUTE
from server.app import create_app, open_database
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.orders.shop import Shop, open_shop
from tests.server.world import NOON

SEATS = 6
HOLD = 15 * MINUTE
T = TypeVar("T")
template: Path


@pytest.fixture(autouse=True)
def _template(sqlite_template: Path) -> None:
    global template
    template = sqlite_template


class Sale(RuleBasedStateMachine):
    """`held` is until when, by the order; `sold` are paid; `gone` can never be paid any more."""

    order = Bundle("order")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        given = Settings(data=Path(self.folder.name), database_url="", rate_limits=False)
        shutil.copyfile(template, given.sqlite_path)
        self.clock = ManualClock(NOON)
        self.database = open_database(given, self.clock)
        self.app = create_app(given, self.database, self.clock)
        self.shop = self.run(self.open(self.app))
        self.buyers = 0
        self.size: dict[str, int] = {}
        self.held: dict[str, int] = {}
        self.sold: set[str] = set()
        self.gone: set[str] = set()

    async def open(self, app: FastAPI) -> Shop:
        client = AsyncClient(transport=ASGITransport(app), base_url="http://usher.test")
        await self.stack.enter_async_context(client)
        await self.stack.enter_async_context(app.state.access.running())
        return await open_shop(app, client, self.clock, SEATS)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.database.close()
        self.loop.close()
        self.folder.cleanup()

    def taken(self) -> int:
        held = sum(self.size[order] for order, until in self.held.items() if until > self.clock())
        return held + sum(self.size[order] for order in self.sold)

    @rule(target=order, quantity=st.integers(1, 4))
    def purchase(self, quantity: int) -> Any:
        self.buyers += 1
        who = self.run(self.shop.customer(f"buyer{self.buyers}"))
        answer = self.run(self.shop.buy(quantity, who=who))
        if self.taken() + quantity > SEATS:
            assert (answer.status_code, answer.json()["code"]) == (409, "sold_out")
            return multiple()
        assert answer.status_code == 201, answer.text
        order = str(answer.json()["orderId"])
        self.size[order], self.held[order] = quantity, self.clock() + HOLD
        return order

    @rule(order=order)
    def pay(self, order: str) -> None:
        answer = self.run(self.shop.staff(order, "pay"))
        fits = self.held.get(order, 0) > self.clock() or self.taken() + self.size[order] <= SEATS
        if order in self.sold or order in self.gone or not fits:
            assert answer.status_code == 409, answer.text
            return
        assert answer.status_code == 200, answer.text
        self.held.pop(order, None)
        self.sold.add(order)

    @rule(order=order)
    def cancel(self, order: str) -> None:
        answer = self.run(self.shop.staff(order, "cancel"))
        assert answer.status_code in (200, 409)
        if answer.status_code == 200:
            assert order not in self.sold | self.gone
            self.held.pop(order, None)
            self.gone.add(order)

    @rule(order=consumes(order))
    def refund(self, order: str) -> None:
        answer = self.run(self.shop.staff(order, "refund"))
        assert answer.status_code == (200 if order in self.sold else 409), answer.text
        if order in self.sold:
            self.sold.remove(order)
            self.gone.add(order)

    @rule(minutes=st.integers(1, 16))
    def wait(self, minutes: int) -> None:
        self.clock.forward(minutes * MINUTE)
        # Whoever calls is signed in anew.
        self.shop.world.now = self.clock.at

    @rule()
    def sweep(self) -> None:
        self.run(self.shop.sweep())
        self.held = {order: until for order, until in self.held.items() if until > self.clock()}

    @invariant()
    def never_oversold(self) -> None:
        assert self.taken() <= SEATS

    @invariant()
    def what_is_left_is_what_nobody_has(self) -> None:
        self.shop.ada = self.run(self.shop.customer("ada"))
        assert self.run(self.shop.left()) == SEATS - self.taken()

    @invariant()
    def every_sold_seat_has_its_ticket(self) -> None:
        for order in self.sold:
            seen = self.run(self.shop.order(order))
            assert (seen["state"], len(seen["tickets"])) == ("confirmed", self.size[order])


TestSale = Sale.TestCase
TestSale.settings = settings(
    max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
