"""An organiser with customers: what both do, through HTTP."""

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from httpx import AsyncClient, Response

from domain.clock import HOUR, SECOND, Instant, rfc3339
from tests.builders import ManualClock
from tests.server.orders.shop import CLIENT, Shop, open_shop
from tests.server.world import NOON


@dataclass
class Fair:
    """`shop` sells tickets of the event `evt-1`, which runs since an hour and lasts eight more."""

    shop: Shop

    @property
    def ada(self) -> dict[str, str]:
        """Headers of a customer."""
        return self.shop.ada

    async def customer(self, name: str) -> dict[str, str]:
        return await self.shop.customer(name)

    async def organise(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """What staff do, which must be good; `path` stands within the organisation's addresses."""
        answer = await self.organiser(method, path, body, **more)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def organiser(self, method: str, path: str, body: Any = None, **more: Any) -> Response:
        headers = more.pop("headers", None) or self.shop.world.staff("events")
        address = f"/api/organizations/{self.shop.world.org}/{path}"
        return await self.shop.client.request(method, address, json=body, headers=headers, **more)

    async def event(self, id_: str, starts: int = NOON, hours: int = 8, **more: Any) -> dict[str, Any]:
        """A published event."""
        body = {
            "id": id_,
            "name": {"en": id_.title()},
            "starts": rfc3339(Instant(starts)),
            "ends": rfc3339(Instant(starts + hours * HOUR)),
            "zone": "Europe/Berlin",
            **more,
        }
        await self.organise("POST", "events", body)
        return dict(await self.organise("POST", f"events/{id_}/publish"))

    async def session(self, id_: str, after: int = 0, hours: int = 1, **more: Any) -> dict[str, Any]:
        """A session of `evt-1` that starts so many hours after noon."""
        starts = NOON + after * HOUR
        body = {
            "id": id_,
            "title": {"en": id_.title()},
            "starts": rfc3339(Instant(starts)),
            "ends": rfc3339(Instant(starts + hours * HOUR)),
            **more,
        }
        return dict(await self.organise("POST", "events/evt-1/sessions", body))

    async def ticket(self, name: str, event: str = "evt-1") -> dict[str, str]:
        """Headers of a customer who holds a ticket."""
        who = await self.customer(name)
        body = {"eventId": event, "ticketTypeId": "free"}
        answer = await self.call("POST", "tickets/register", body, who)
        assert answer.status_code == 201, answer.text
        return who

    async def call(
        self, method: str, path: str, body: Any = None, who: dict[str, str] | None = None, **more: Any
    ) -> Response:
        """A customer's request, Ada's by default; with nobody's token where `who` is empty."""
        headers = {**(self.ada if who is None else who), **more.pop("headers", {})}
        return await self.shop.client.request(method, f"{CLIENT}{path and '/'}{path}".replace("/?", "?"),
                                              json=body, headers=headers, **more)  # fmt: skip

    async def get(self, path: str, who: dict[str, str] | None = None, **headers: str) -> Any:
        """The JSON of an answer that must be good."""
        answer = await self.call("GET", path, None, who, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def later(self) -> None:
        """Lets answers that are kept be made anew."""
        self.shop.clock.forward(SECOND)

    def hours_later(self, hours: int) -> None:
        """Everybody has to sign in anew then."""
        self.shop.clock.forward(hours * HOUR)
        self.shop.world.now = self.shop.clock()


async def open_fair(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Fair:
    return Fair(await open_shop(app, client, clock, seats=1000))
