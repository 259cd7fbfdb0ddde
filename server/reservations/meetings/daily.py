"""Rooms of Daily, by its REST API. Rooms are private: nobody enters without a token."""

from typing import Any
from urllib.parse import quote

import httpx

from domain.clock import SECOND, Instant
from domain.errors import Unavailable
from server.reservations.meetings.provider import Entry, Guest

_PATIENCE = 10.0


class Daily:
    name = "daily"

    def __init__(self, api: str, key: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=api.rstrip("/"),
            headers={"Authorization": f"Bearer {key}"},
            timeout=_PATIENCE,
            trust_env=False,
        )

    async def open(self, room: str, until: Instant) -> str:
        wanted = {
            "privacy": "private",
            "properties": {"exp": until // SECOND, "eject_at_room_exp": True, "enable_chat": True},
        }
        made = await self._call("POST", "/rooms", {"name": room, **wanted})
        if made.status_code == 400:
            # It is there already: it stays open as long as is wanted now.
            made = await self._call("POST", f"/rooms/{quote(room)}", wanted)
        return str(_good(made)["url"])

    async def token(self, room: str, guest: Guest, until: Instant) -> str:
        properties = {
            "room_name": room,
            "user_name": guest.name,
            "is_owner": guest.host,
            "exp": until // SECOND,
        }
        made = await self._call("POST", "/meeting-tokens", {"properties": properties})
        return str(_good(made)["token"])

    async def entry(self, token: str) -> Entry | None:
        found = await self._call("GET", f"/meeting-tokens/{quote(token, safe='')}")
        if found.status_code in (400, 404):
            return None
        said = _good(found)
        return Entry(
            str(said["room_name"]),
            str(said.get("user_name", "")),
            bool(said.get("is_owner")),
            Instant(int(said["exp"]) * SECOND),
        )

    def link(self, address: str, token: str) -> str:
        return f"{address}?t={token}"

    async def close(self) -> None:
        await self._http.aclose()

    async def _call(self, method: str, path: str, body: object = None) -> httpx.Response:
        try:
            return await self._http.request(method, path, json=body)
        except httpx.HTTPError as fault:
            raise Unavailable(
                f"Daily does not answer ({type(fault).__name__}): try again", code="meetings_unreachable"
            ) from fault


def _good(answer: httpx.Response) -> dict[str, Any]:
    """Raises `Unavailable` for what Daily refuses, which is a fault of the settings or of Daily."""
    if not answer.is_success:
        raise Unavailable(
            f"Daily refused with status {answer.status_code}: check USHER_DAILY_API_KEY, or try again",
            code="meetings_unreachable",
        )
    return dict(answer.json())
