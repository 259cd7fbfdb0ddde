"""An organisation with service points, a clerk, kiosks and visitors, who do things through HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import insert

from domain.clock import HOUR, Instant, rfc3339
from domain.queue import State
from server.auth import staff_service
from server.auth.access import SCOPE
from server.auth.caller import Role
from server.auth.schemas import StaffIn
from server.auth.tables import devices
from server.db.database import Transaction
from tests.builders import ManualClock

QUEUE = "/api/crm/reservations/queue"
POINT = "/api/crm/reservations/service-point"


@dataclass
class Lobby:
    """`desk` and `welcome` are headers of kiosks that cover the service points `desk` and `help`."""

    app: FastAPI
    client: AsyncClient
    clock: ManualClock
    org: str
    clerk_id: str = ""
    desk: dict[str, str] = field(default_factory=dict)
    welcome: dict[str, str] = field(default_factory=dict)
    operations: int = 0

    @property
    def clerk(self) -> dict[str, str]:
        """Headers of a member of staff with `desk`, good for an hour from now."""
        until = Instant(self.clock() + HOUR)
        return bearer(self.app.state.access.token(self.clerk_id, self.org, Role.STAFF, until))

    async def device(self, id_: str, mode: str, *scopes: str) -> dict[str, str]:
        """A paired kiosk; the headers of its requests."""

        def add(transaction: Transaction) -> None:
            transaction.connection.execute(
                insert(devices).values(
                    id=id_, org=self.org, name=id_, mode=mode, scopes=orjson.dumps(scopes).decode(),
                    lists="[]", gate="", paired=self.clock(), platform="", created=self.clock(),
                )
            )  # fmt: skip
            transaction.touched.add(SCOPE)

        await self.app.state.database.write(add)
        await self.app.state.access.refresh()
        return bearer(self.app.state.access.token(id_, self.org, Role.DEVICE, None))

    async def point(self, id_: str = "desk", **settings: object) -> dict[str, Any]:
        """A new service point with two counters, `one` and `two`, at `desk`."""
        made = {"id": id_, "name": f"The {id_}", "zone": "Europe/Berlin", **settings}
        if id_ == "desk":
            made.setdefault(
                "counters", [{"id": "one", "name": "Counter 1"}, {"id": "two", "name": "Counter 2"}]
            )
        return await self.ok("POST", f"{POINT}/create", made, self.clerk)

    async def join(self, point: str = "desk", **said: object) -> dict[str, Any]:
        """Somebody whom the desk adds; the whole entry."""
        return await self.ok("POST", f"{QUEUE}/join", {"servicePoint": point, **said}, self.desk)

    async def visit(self, point: str = "desk", **said: object) -> Response:
        """Somebody who joins with a phone of their own."""
        async with AsyncClient(transport=ASGITransport(self.app), base_url="http://phone.test") as phone:
            return await phone.post(
                f"{QUEUE}/join", json={"servicePoint": point, **said}, headers={"orgid": self.org}
            )

    async def try_(self, act: str, entry: Mapping[str, Any] | str, **body: object) -> Response:
        """`act` is the name of a route: `start`, `no-show`."""
        id_ = entry if isinstance(entry, str) else entry["id"]
        return await self.client.post(f"{QUEUE}/{act}/{id_}", json=body, headers=self.desk)

    async def do(self, act: str, entry: Mapping[str, Any] | str, **body: object) -> dict[str, Any]:
        return good(await self.try_(act, entry, **body))

    async def next(self, counter: str = "one", point: str = "desk") -> dict[str, Any]:
        return await self.do("call-next", point, counter=counter)

    async def serve(self, counter: str = "one", wait: int = 0, service: int = 0) -> dict[str, Any]:
        """Calls the next after a while and serves them for a while, in milliseconds."""
        self.clock.forward(wait)
        entry = await self.do("start", await self.next(counter))
        self.clock.forward(service)
        return await self.do("complete", entry)

    async def list(self, point: str = "desk", **query: Any) -> dict[str, Any]:
        return await self.ok("GET", f"{QUEUE}/list/{point}", None, self.desk, params=query)

    async def entry(self, id_: str, **query: Any) -> dict[str, Any]:
        """One entry of the working list, ended or not."""
        return await self.entry_at("desk", id_, **query)

    async def entry_at(self, point: str, id_: str, **query: Any) -> dict[str, Any]:
        listed = await self.list(point, state=[state.value for state in State], **query)
        return dict(next(item for item in listed["items"] if item["id"] == id_))

    async def look(self, id_: str) -> dict[str, Any]:
        """What whoever has the link sees."""
        return await self.ok("GET", f"{QUEUE}/entry/{id_}", None, {})

    async def status(self, point: str = "desk") -> dict[str, Any]:
        return await self.ok("GET", f"{QUEUE}/status/{point}", None, {"orgid": self.org})

    async def today(self, point: str = "desk") -> dict[str, Any]:
        return dict((await self.ok("GET", f"{POINT}/get/{point}", None, self.desk))["today"])

    async def sync(self, *operations: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
        """What a kiosk did while it was alone; the answers."""
        body = {"sentAt": rfc3339(self.clock()), "operations": list(operations)}
        answer = await self.ok("POST", "/api/sync/ops", body, headers or self.desk)
        return answer["answers"]

    def did(
        self, kind: str, at: Instant | None = None, base: int | None = None, **payload: object
    ) -> dict[str, Any]:
        """One operation of a kiosk."""
        self.operations += 1
        made = {
            "opId": f"op-{self.operations:04}",
            "kind": f"queue.{kind}",
            "at": rfc3339(self.clock() if at is None else at),
            "deviceSeq": self.operations,
            "payload": payload,
        }
        return made if base is None else {**made, "baseVersion": base}

    async def lease(self, size: int = 10, **wanted: object) -> dict[str, Any]:
        body = {"servicePoint": "desk", "category": "general", "day": "2026-05-10", "size": size, **wanted}
        return await self.ok("POST", "/api/sync/leases", body, self.desk)

    async def ok(
        self, method: str, path: str, json: object = None, headers: dict[str, str] | None = None, **more: Any
    ) -> dict[str, Any]:
        """The JSON of an answer that must be good."""
        return good(await self.client.request(method, path, json=json, headers=headers, **more))


async def open_lobby(app: FastAPI, client: AsyncClient, clock: ManualClock, org: str = "org-a") -> Lobby:
    """A new organisation with a clerk and two kiosks, and no service point yet."""
    lobby = Lobby(app, client, clock, org)

    def make(transaction: Transaction) -> str:
        staff_service.add_organization(transaction, id_=org, name=f"Org {org}", zone="Europe/Berlin")
        new = StaffIn(email=f"clerk@{org}.example", name="Clerk", permissions=["desk"])
        return staff_service.add_person(transaction, org, "system", new, digest="").id

    lobby.clerk_id = await app.state.database.write(make)
    scopes = ("servicePoint:desk", "servicePoint:help")
    lobby.desk = await lobby.device(f"{org}-desk", "desk", *scopes)
    lobby.welcome = await lobby.device(f"{org}-welcome", "welcome", *scopes)
    return lobby


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def good(response: Response) -> dict[str, Any]:
    assert response.is_success, response.text
    return dict(response.json()) if response.content else {}


def problem(response: Response) -> tuple[int, str]:
    """The status and the code of an answer that is a problem."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    body = response.json()
    assert body["detail"]
    return response.status_code, body["code"]
