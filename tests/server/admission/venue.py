"""A venue: one event with its door, kiosks and staff, who do things through HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from httpx import AsyncClient, Response

from domain.clock import Instant, rfc3339
from tests.builders import ManualClock
from tests.server.world import Door, World, make_world

CHECK_IN = "/api/events/check-in"
EVENT = "/api/events/evt-1/check-in"


@dataclass
class Venue:
    """`door` is a kiosk that covers the event `evt-1` and scans on the list `main`."""

    app: FastAPI
    client: AsyncClient
    clock: ManualClock
    world: World
    door: Door

    async def scan(self, code: str, **more: object) -> dict[str, Any]:
        """The verdict on a code."""
        return await self.door.scan(code, **more)

    async def reason(self, code: str, **more: object) -> str:
        """Why a scan is refused, or `admitted` or `ask`."""
        verdict = await self.scan(code, **more)
        return str(verdict["reason"] or verdict["verdict"])

    async def admit(self, ticket: str, body: object = None) -> Response:
        """Asks for a ticket by its id."""
        return await self.client.post(f"{CHECK_IN}/{ticket}", json=body, headers=dict(self.door.headers))

    async def undo(self, op: str, headers: Mapping[str, str] | None = None, **body: object) -> Response:
        return await self.client.post(
            f"{CHECK_IN}/{op}/undo", json=body, headers=dict(headers or self.door.headers)
        )

    async def history(self) -> list[dict[str, Any]]:
        """Every scan, the newest first."""
        return list((await self._get(f"{EVENT}/history", "door"))["items"])

    async def figures(self) -> dict[str, Any]:
        return await self._get(f"{EVENT}/stats", "door")

    async def trail(self) -> list[dict[str, Any]]:
        """The organisation's audit trail, the newest first."""
        found = await self._get(f"/api/organizations/{self.world.org}/audit", "admin")
        return list(found["items"])

    async def found(self, text: str) -> list[str]:
        """The names that a search finds."""
        answer = await self.client.get(f"{EVENT}/search", params={"q": text}, headers=dict(self.door.headers))
        assert answer.status_code == 200, answer.text
        return [item["ticket"]["name"] for item in answer.json()["items"]]

    async def upload(
        self, *operations: dict[str, object], headers: Mapping[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """What the server answers to operations that a kiosk had kept."""
        body = {"sentAt": rfc3339(self.clock()), "operations": operations}
        answer = await self.client.post(
            "/api/sync/ops", json=body, headers=dict(headers or self.door.headers)
        )
        assert answer.status_code == 200, answer.text
        return list(answer.json()["answers"])

    async def changes(
        self, cursor: str = "0", headers: Mapping[str, str] | None = None
    ) -> tuple[list[dict[str, Any]], str]:
        """What a kiosk hears since a cursor, and the next cursor."""
        params = {"scope": "event:evt-1", "cursor": cursor}
        answer = await self.client.get(
            "/api/sync/changes", params=params, headers=dict(headers or self.door.headers)
        )
        assert answer.status_code == 200, answer.text
        return list(answer.json()["changes"]), str(answer.json()["nextCursor"])

    async def pages(
        self, path: str, headers: Mapping[str, str], **query: str | int
    ) -> list[list[dict[str, Any]]]:
        """All pages of a list, one after the other."""
        pages, cursor = list[list[dict[str, Any]]](), None
        while cursor is not None or not pages:
            params = {**query, **({"cursor": cursor} if cursor else {})}
            page = await self.client.get(f"{EVENT}/{path}", params=params, headers=dict(headers))
            assert page.status_code == 200, page.text
            pages.append(page.json()["items"])
            cursor = page.json()["nextCursor"]
        return pages

    async def _get(self, path: str, permission: str) -> dict[str, Any]:
        answer = await self.client.get(path, headers=self.world.staff(permission))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def alone(op: str, at: Instant, verdict: str = "admitted", **payload: object) -> dict[str, object]:
    """A scan that a kiosk decided without the server."""
    body = {"lists": ["main"], "list": "main", "verdict": verdict, **payload}
    return {"opId": op, "kind": "check_in", "at": rfc3339(at), "deviceSeq": 1, "payload": body}


def alone_undo(op: str, at: Instant, undoes: str) -> dict[str, object]:
    payload = {"undoes": undoes, "reason": "a mistake"}
    return {"opId": op, "kind": "undo_check_in", "at": rfc3339(at), "deviceSeq": 1, "payload": payload}


async def open_venue(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Venue:
    world = await make_world(app)
    return Venue(app, client, clock, world, Door(client, await world.device(), world.now))
