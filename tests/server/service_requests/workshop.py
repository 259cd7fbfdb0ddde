"""A repair desk, its staff and its customers, who do things through HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from httpx import Response

from server.auth import staff_service
from server.auth.schemas import StaffIn
from tests.server.queues.lobby import Lobby, good

BASE = "/api/crm/reservations"
ROUTES = f"{BASE}/service-request"
JOIN = f"{BASE}/service-request-queue/join"
ADA = {"name": "Ada", "email": "ada@example.com", "phone": "+15551234567"}
PHONE = {"type": "Phone", "brand": "Acme", "model": "X5", "serial": "SN-77"}
PARTS = [{"sku": "D-5", "text": "Display", "quantity": 2, "price": 4950}]
LABOUR = [{"text": "Fitting", "minutes": 50, "billable": 40, "rate": 6000}]
SUM = 2 * 4950 + 4000


@dataclass
class Workshop:
    """Requests at the service point `desk` of a lobby."""

    lobby: Lobby

    async def try_join(self, headers: dict[str, str] | None = None, **said: object) -> Response:
        body = {
            "servicePoint": "desk",
            "customer": ADA,
            "device": PHONE,
            "problem": "The display is dark",
            **said,
        }
        given = self.lobby.desk if headers is None else headers
        return await self.lobby.client.post(JOIN, json=body, headers=given)

    async def join(self, **said: Any) -> dict[str, Any]:
        return good(await self.try_join(**said))

    async def try_(self, of: Mapping[str, Any], **change: object) -> Response:
        return await self.lobby.client.put(
            f"{ROUTES}/update/{of['id']}", json=change, headers=self.lobby.desk
        )

    async def change(self, of: Mapping[str, Any], **change: object) -> dict[str, Any]:
        return good(await self.try_(of, **change))

    async def walk(self, of: Mapping[str, Any], *states: str) -> dict[str, Any]:
        """Through these states, one after the other."""
        for state in states:
            of = await self.change(of, state=state)
        return dict(of)

    async def estimated(self, **estimate: object) -> dict[str, Any]:
        """A request whose estimate waits for the customer's answer."""
        made = await self.walk(await self.join(), "triage", "diagnostics")
        return await self.change(
            made, state="waiting_approval", parts=PARTS, labour=LABOUR, estimate=estimate
        )

    async def approved(self) -> dict[str, Any]:
        return await self.change(await self.estimated(), approval={"decision": "approved"})

    async def get(self, point: str = "", headers: dict[str, str] | None = None, **query: Any) -> list[str]:
        """The numbers of those that are listed."""
        path = f"{ROUTES}/get/{point}" if point else f"{ROUTES}/get"
        given = headers or self.lobby.clerk
        listed = await self.lobby.ok("GET", path, None, given, params=query)
        return [item["number"] for item in listed["items"]]

    async def one(self, of: Mapping[str, Any]) -> dict[str, Any]:
        return await self.lobby.ok("GET", f"{ROUTES}/by-id/{of['id']}", None, self.lobby.desk)

    async def person(self, name: str) -> str:
        """A new member of staff; the id."""
        new = StaffIn(email=f"{name}@{self.lobby.org}.example", name=name.title(), permissions=["desk"])
        made = await self.lobby.app.state.database.write(
            lambda t: staff_service.add_person(t, self.lobby.org, "system", new, digest="")
        )
        return str(made.id)

    async def timeline(self, of: Mapping[str, Any]) -> list[str]:
        """What happened with the contact beside mails, the first first."""
        path = f"/api/crm/contacts/{of['contact']}/timeline"
        answer = await self.lobby.ok("GET", path, None, self.lobby.clerk, params={"kind": "service_request"})
        return [item["kind"].removeprefix("service_request.") for item in answer["items"]][::-1]

    def page(self, of: Mapping[str, Any]) -> str:
        """The path of the customer's page."""
        return "/repair/" + str(of["link"]).rpartition("/")[2]
