"""Kiosks that sell offline, beside buyers, cashiers and time, in whatever order: seats are sold once.

What `Sale` does goes on; two kiosks lease seats, sell of them, and tell of it at some later time.
"""

from dataclasses import dataclass

from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import update

from domain.clock import DAY, HOUR, parse
from server.events.tables import events
from tests.server.orders import test_any_order
from tests.server.orders.shop import Shop
from tests.server.orders.stall import Stall, open_stall
from tests.server.orders.test_any_order import SEATS
from tests.server.world import NOON

_template = test_any_order._template
KIOSK = st.integers(0, 1)


@dataclass
class Leased:
    """What the server gave a kiosk under one lease, and has heard of."""

    seats: int
    expires: int
    told: int = 0


class DoorSale(test_any_order.Sale):
    """`late` are sales under leases that had run out when the server heard of them."""

    def __init__(self) -> None:
        super().__init__()
        self.leased: dict[str, Leased] = {}
        self.walked: list[str] = []
        self.late = 0

    async def open(self, app: FastAPI) -> Shop:
        shop = await super().open(app)
        forever = update(events).values(ends=NOON + 400 * DAY)
        await shop.world.database.write(lambda t: t.connection.execute(forever) and None)
        await shop.tier("seat", atDoor=True)
        self.stalls = [await open_stall(shop, f"door-{n}") for n in range(2)]
        return shop

    def taken(self) -> int:
        now = self.clock()
        kept = sum(max(0, each.seats - each.told) for each in self.leased.values() if each.expires > now)
        return super().taken() + kept + len(self.walked)

    @rule(kiosk=KIOSK, seats=st.integers(0, 4), heard=st.booleans())
    def renew(self, kiosk: int, seats: int, heard: bool) -> None:
        stall = self.stalls[kiosk]
        free = max(0, SEATS - self.taken())
        before = self.leased.get(self.lease(stall) or "")
        answer = self.run(stall.ask(seats))
        assert answer.status_code == 200, answer.text
        for lease in answer.json()["items"]:
            known = self.leased.setdefault(lease["leaseId"], Leased(0, 0))
            in_hand = max(0, known.seats - known.told)
            assert lease["seats"] == known.seats + min(free, max(0, seats - in_hand))
            known.seats, known.expires = lease["seats"], int(parse(lease["expires"]))
        if not answer.json()["items"] and before is not None:
            before.expires = min(before.expires, self.clock())
        if heard:
            stall.take(answer)

    @rule(kiosk=KIOSK)
    def sell(self, kiosk: int) -> None:
        stall = self.stalls[kiosk]
        lease = stall.leases.get("seat")
        if lease and stall.left() > 0 and parse(lease["expires"]) > self.clock():
            stall.sell()

    @rule(kiosk=KIOSK, heard=st.booleans(), most=st.integers(1, 3))
    def tell(self, kiosk: int, heard: bool, most: int) -> None:
        """`heard` False: the server took them, and its answer was lost."""
        stall = self.stalls[kiosk]
        told = stall.untold[:most]
        if not told:
            return
        self.take(told, self.run(stall.tell(*told)))
        if not heard:
            stall.untold = told + stall.untold

    def take(self, told: list[dict], answers: list[dict]) -> None:  # type: ignore[type-arg]
        for operation, answer in zip(told, answers, strict=True):
            assert answer["status"] in ("applied", "conflict", "duplicate"), answer
            order, lease = operation["payload"]["orderId"], self.leased[operation["payload"]["lease"]]
            if answer["status"] == "duplicate":
                assert order in self.walked
                continue
            assert (answer["status"] == "conflict") == (
                lease.expires <= self.clock() and self.taken() >= SEATS
            )
            self.late += lease.expires <= self.clock()
            lease.told += 1
            self.walked.append(order)

    @rule()
    def be_away(self) -> None:
        self.clock.forward(2 * HOUR)
        self.shop.world.now = self.clock.at

    @invariant()
    def never_oversold(self) -> None:
        """But by what was sold under a lease that had run out before anybody heard of it."""
        assert self.taken() <= SEATS + self.late

    @invariant()
    def what_is_left_is_what_nobody_has(self) -> None:
        self.shop.ada = self.run(self.shop.customer("ada"))
        assert self.run(self.shop.left()) == max(0, SEATS - self.taken())

    def teardown(self) -> None:
        """In the end every sale is an order with one ticket, whose holder is inside."""
        for stall in self.stalls:
            if stall.untold:
                self.take(list(stall.untold), self.run(stall.tell()))
        assert len(set(self.walked)) == len(self.walked) == sum(sum(s.sold.values()) for s in self.stalls)
        for order in self.walked:
            seen = self.run(self.shop.order(order))
            [ticket] = seen["tickets"]
            assert seen["state"] == "confirmed"
            assert self.run(self.shop.admit(ticket["id"]))["reason"] == "already_in"
        super().teardown()

    def lease(self, stall: Stall) -> str | None:
        """The lease that the server has for a kiosk now."""
        rows = self.run(self.shop.leases())
        return next((row["id"] for row in rows if row["device"] == stall.name), None)


TestDoorSale = DoorSale.TestCase
TestDoorSale.settings = settings(
    max_examples=15, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
)
