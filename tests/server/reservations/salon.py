"""A service point where services can be booked, and people who book them, through HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from httpx import Response

from server.auth import staff_service
from server.auth.schemas import StaffIn
from tests.server.queues.lobby import Lobby, good

BASE = "/api/crm/reservations"
DAY = "2026-05-11"
"""A Monday; a test begins at noon UTC of the Sunday before."""
OPEN = [{"opens": "09:00", "closes": "17:00"}]


@dataclass
class Salon:
    """Open on Mondays from 9 to 17 in Berlin, which is 7 to 15 in UTC."""

    lobby: Lobby

    async def person(self, name: str) -> str:
        """A new member of staff; the id."""
        new = StaffIn(email=f"{name}@{self.lobby.org}.example", name=name.title(), permissions=["desk"])
        made = await self.lobby.app.state.database.write(
            lambda t: staff_service.add_person(t, self.lobby.org, "system", new, digest="")
        )
        return str(made.id)

    async def service(self, id_: str = "cut", **said: object) -> dict[str, Any]:
        """A service of half an hour."""
        body = {
            "id": id_,
            "name": {"en": "Haircut"},
            "servicePoint": "desk",
            "durationMinutes": 30,
            **said,
        }
        return await self.lobby.ok("POST", f"{BASE}/definitions", body, self.lobby.clerk)

    async def slots(self, service: str = "cut", **said: object) -> list[dict[str, Any]]:
        body = {"definitionId": service, "from": f"{DAY}T00:00:00Z", "to": f"{DAY}T23:59:59Z", **said}
        answer = await self.lobby.client.post(f"{BASE}/slots", json=body, headers=self.public)
        return list(good(answer)["slots"])

    async def starts(self, service: str = "cut", **said: object) -> list[str]:
        return [slot["start"][11:16] for slot in await self.slots(service, **said)]

    async def try_(self, start: str, service: str = "cut", who: str = "alice", **said: Any) -> Response:
        """Somebody books by themselves; `start` is a time of that Monday in UTC, or a whole one."""
        body = {
            "definitionId": service,
            "slot": {"start": whole(start)},
            "customer": {"email": f"{who}@example.com", "name": who.title(), "phone": "+15551234567"},
            **said,
        }
        return await self.lobby.client.post(f"{BASE}/create", json=body, headers=self.public)

    async def book(self, start: str, service: str = "cut", who: str = "alice", **said: Any) -> dict[str, Any]:
        """The whole reservation, as staff see it."""
        number = good(await self.try_(start, service, who, **said))["reservationNumber"]
        return next(each for each in await self.all() if each["reservationNumber"] == number)

    async def all(self, **query: Any) -> list[dict[str, Any]]:
        answer = await self.lobby.ok("GET", f"{BASE}/get", None, self.lobby.clerk, params=query)
        return list(answer["items"])

    async def one(self, id_: str) -> dict[str, Any]:
        return await self.lobby.ok("GET", f"{BASE}/get/{id_}", None, self.lobby.clerk)

    async def update(self, of: Mapping[str, Any], **change: object) -> Response:
        body = {"id": of["id"], **change}
        return await self.lobby.client.put(f"{BASE}/update", json=body, headers=self.lobby.clerk)

    async def try_arrive(self, of: Mapping[str, Any], act: str = "") -> Response:
        """Somebody is here, or, with `/undo`, was somebody else."""
        path = f"{BASE}/check-in/{of['id']}{act}"
        return await self.lobby.client.post(path, headers=self.lobby.desk)

    async def arrive(self, of: Mapping[str, Any], act: str = "") -> dict[str, Any]:
        return good(await self.try_arrive(of, act))

    async def delete(self, of: Mapping[str, Any]) -> None:
        gone = await self.lobby.client.delete(f"{BASE}/delete/{of['id']}", headers=self.lobby.clerk)
        assert gone.status_code == 204, gone.text

    async def swept(self, of: Mapping[str, Any]) -> str:
        """The state of a reservation once everything that is due is done."""
        await self.lobby.app.state.sweeper.sweep()
        await self.lobby.app.state.reservation_sweeper.sweep()
        return str((await self.one(of["id"]))["state"])

    async def timeline(self, of: Mapping[str, Any]) -> list[str]:
        """The kinds of what happened with the contact beside mails, the first first."""
        path = f"/api/crm/contacts/{of['contact']}/timeline"
        answer = await self.lobby.ok("GET", path, None, self.lobby.clerk)
        return [item["kind"] for item in answer["items"] if not item["kind"].startswith("mail.")][::-1]

    @property
    def public(self) -> dict[str, str]:
        return {"orgid": self.lobby.org}


def whole(start: str) -> str:
    return f"{DAY}T{start}:00Z" if len(start) == 5 else start
