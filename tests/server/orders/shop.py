"""A small organisation that sells tickets, with customers and a cashier, who do things through HTTP."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select

from domain.clock import SECOND
from server.messaging.tables import mails
from tests.builders import ManualClock
from tests.server.world import World, make_world

CLIENT = "/api/client/events"


@dataclass
class Shop:
    """`seats` tickets of the type `seat` are for sale, at 25.00 EUR; `free` ones cost nothing."""

    app: FastAPI
    client: AsyncClient
    clock: ManualClock
    world: World
    ada: dict[str, str] = field(default_factory=dict)

    @property
    def till(self) -> str:
        return f"/api/organizations/{self.world.org}/events/{self.world.event}/orders"

    @property
    def desk(self) -> dict[str, str]:
        """Headers of a cashier."""
        return self.world.staff("desk")

    async def tier(self, id_: str, **values: object) -> None:
        """Makes a ticket type, or changes it."""
        types = f"/api/organizations/{self.world.org}/events/{self.world.event}/ticket-types"
        headers = self.world.staff("events")
        body = {"name": id_.title(), **values}
        made = await self.client.post(types, json={"id": id_, **body}, headers=headers)
        if made.status_code == 409:
            made = await self.client.patch(f"{types}/{id_}", json=body, headers=headers)
        assert made.is_success, made.text

    async def customer(self, name: str) -> dict[str, str]:
        return await self.world.customer(f"{name}@example.com", name.title())

    async def post(self, path: str, body: object, who: dict[str, str] | None = None) -> Response:
        """A customer's request, Ada's by default."""
        return await self.client.post(f"{CLIENT}/{path}", json=body, headers=who or self.ada)

    async def get(self, path: str, who: dict[str, str] | None = None, **also: str) -> Response:
        """`also` are headers, with underscores for their hyphens."""
        headers = {name.replace("_", "-"): value for name, value in also.items()}
        return await self.client.get(f"{CLIENT}/{path}", headers={**(who or self.ada), **headers})

    async def buy(
        self, quantity: int = 1, type_: str = "seat", who: dict[str, str] | None = None, **more: object
    ) -> Response:
        wanted = {"ticketTypeId": type_, "quantity": quantity, **more}
        body = {"eventId": self.world.event, "tickets": [wanted]}
        return await self.post("tickets/purchase", body, who)

    async def bought(self, quantity: int = 1, type_: str = "seat", **more: Any) -> str:
        """The id of a new order."""
        answer = await self.buy(quantity, type_, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["orderId"])

    async def confirm(self, order: str, who: dict[str, str] | None = None) -> Response:
        return await self.post("tickets/confirm-order", {"orderId": order}, who)

    async def staff(
        self, order: str, act: str, who: dict[str, str] | None = None, **body: object
    ) -> Response:
        """What the cashier does with an order: `pay`, `refund`, `cancel`."""
        if act == "pay":
            body = {"method": "cash", **body}
        return await self.client.post(f"{self.till}/{order}/{act}", json=body, headers=who or self.desk)

    async def order(self, order: str) -> dict[str, Any]:
        """An order as the cashier sees it."""
        answer = await self.client.get(f"{self.till}/{order}", headers=self.desk)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def sold(self, quantity: int = 1, type_: str = "seat", **more: Any) -> dict[str, Any]:
        """An order that was paid at the desk, as the cashier sees it."""
        answer = await self.staff(await self.bought(quantity, type_, **more), "pay")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def left(self, type_: str = "seat") -> int:
        """What is available of a type, a second later."""
        self.clock.forward(SECOND)
        tiers = (await self.get(f"{self.world.event}/ticket-types")).json()["items"]
        return int(next(tier["available"] for tier in tiers if tier["id"] == type_))

    async def leases(self) -> list[dict[str, Any]]:
        """The seats that kiosks keep from others now."""
        path = f"/api/organizations/{self.world.org}/events/{self.world.event}/seat-leases"
        return list((await self.client.get(path, headers=self.world.staff("events"))).json()["items"])

    async def admit(self, ticket: str) -> dict[str, Any]:
        """The verdict of a door."""
        path, door = f"/api/events/check-in/{ticket}", self.world.staff("door")
        return dict((await self.client.post(path, json={}, headers=door)).json())

    async def sweep(self) -> None:
        await self.app.state.order_sweeper.sweep()

    async def mails(self, kind: str = "") -> list[tuple[str, str, dict[str, Any]]]:
        """Kind, recipient and what each mail that is owed is about, by their causes."""
        rows = await self.world.database.read(
            lambda c: c.execute(select(mails).order_by(mails.c.cause)).all()
        )
        return [
            (row.kind, row.recipient, orjson.loads(row.about)) for row in rows if not kind or row.kind == kind
        ]


async def open_shop(app: FastAPI, client: AsyncClient, clock: ManualClock, seats: int = 10) -> Shop:
    world = await make_world(app)
    shop = Shop(app, client, clock, world)
    await shop.tier("seat", price=2500, quota=seats)
    await shop.tier("free", price=0, quota=seats)
    shop.ada = await shop.customer("ada")
    return shop
