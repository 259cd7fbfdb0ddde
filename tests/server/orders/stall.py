"""A kiosk that sells at the door, as the server sees it: it leases seats, and tells of sales later."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from httpx import Response

from domain.clock import Instant, rfc3339
from tests.server.orders.shop import Shop

_NUMBERS = count(1)


@dataclass
class Stall:
    """`seats` are what it was given by type, `sold` what it sold of them; sales wait in `untold`."""

    shop: Shop
    name: str
    headers: dict[str, str]
    leases: dict[str, dict[str, Any]] = field(default_factory=dict)
    sold: dict[str, int] = field(default_factory=dict)
    untold: list[dict[str, Any]] = field(default_factory=list)

    async def ask(self, seats: int = 5, event: str = "") -> Response:
        body = {"event": event or self.shop.world.event, "seats": seats}
        return await self.shop.client.post("/api/sync/seat-leases", json=body, headers=self.headers)

    async def renew(self, seats: int = 5) -> None:
        answer = await self.ask(seats)
        assert answer.status_code == 200, answer.text
        self.take(answer)

    def take(self, answer: Response) -> None:
        self.leases = {lease["type"]: lease for lease in answer.json()["items"]}

    def left(self, type_: str = "seat") -> int:
        lease = self.leases.get(type_)
        return 0 if lease is None else lease["seats"] - self.sold.get(lease["leaseId"], 0)

    def sell(self, type_: str = "seat", at: Instant | None = None, **more: object) -> dict[str, Any]:
        """A sale, which the server has yet to hear of."""
        number, lease = next(_NUMBERS), self.leases[type_]
        self.sold[lease["leaseId"]] = self.sold.get(lease["leaseId"], 0) + 1
        payload = {
            "lease": lease["leaseId"], "event": self.shop.world.event, "type": type_,
            "orderId": f"walk-{number}", "number": f"WALK{number:04}", "ticketId": f"door-ticket-{number}",
            "code": f"W{number:025}", "method": "cash", "taken": lease["price"], "perks": lease["perks"],
            "lists": ["main"], "list": "main", "gate": "North", **more,
        }  # fmt: skip
        operation = {
            "opId": f"sale-{number}", "kind": "ticket.sell", "at": rfc3339(at or self.shop.clock()),
            "deviceSeq": number, "payload": payload,
        }  # fmt: skip
        self.untold.append(operation)
        return operation

    def take_back(self, sale: dict[str, Any], **more: object) -> dict[str, Any]:
        """The sale again, and its money, which the server has yet to hear of."""
        sold = {name: sale["payload"][name] for name in ("orderId", "ticketId")}
        payload = {"sale": sale["opId"], **sold, **more}
        operation = {
            "opId": f"back-{sale['opId']}", "kind": "ticket.take_back", "at": rfc3339(self.shop.clock()),
            "deviceSeq": next(_NUMBERS), "payload": payload,
        }  # fmt: skip
        self.untold.append(operation)
        return operation

    async def tell(self, *operations: dict[str, Any]) -> list[dict[str, Any]]:
        """The answers to some operations; without any, to all that wait."""
        told = list(operations) or self.untold
        body = {"sentAt": rfc3339(self.shop.clock()), "operations": told}
        answer = await self.shop.client.post("/api/sync/ops", json=body, headers=self.headers)
        assert answer.status_code == 200, answer.text
        self.untold = [operation for operation in self.untold if operation not in told]
        return list(answer.json()["answers"])

    async def sells(self, type_: str = "seat", **more: Any) -> dict[str, Any]:
        """The answer to a sale that is told at once."""
        [answer] = await self.tell(self.sell(type_, **more))
        return answer


async def open_stall(shop: Shop, name: str = "door-1") -> Stall:
    return Stall(shop, name, await shop.world.device(name, sells=True))
