"""One connection to the server: requests with this device's token, answers as JSON, problems raised."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from kiosk.store.credentials import Credentials
from kiosk.sync.faults import problem, unreachable

_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
STREAM_SILENCE = 40.0
"""Seconds without a byte, after which a stream is given up: the server says something every 15."""


class Client:
    """Belongs to one event loop. Raises what `kiosk.sync.faults` names, and nothing of httpx."""

    def __init__(self, credentials: Credentials) -> None:
        self.server = credentials.server.rstrip("/")
        here = _is_loopback(self.server)
        self._http = httpx.AsyncClient(
            base_url=self.server,
            headers={"Authorization": f"Bearer {credentials.token}", "orgid": credentials.org},
            timeout=_TIMEOUT,
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=8, keepalive_expiry=60),
            # No proxy stands between a kiosk and its own machine. Where nothing is encrypted there, the list
            # of authorities is not read, which takes a twentieth of a second.
            trust_env=not here,
            verify=not here or self.server.startswith("https:") or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, path: str, **params: Sequence[str]) -> dict[str, Any]:
        """A parameter of several texts is there several times."""
        return await self.send("GET", path, params=params)

    async def post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        return await self.send("POST", path, body=body)

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Sequence[str]] | None = None,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The JSON object that the server answers; an empty answer is an empty one."""
        content = None if body is None else orjson.dumps(body)
        typed = {"Content-Type": "application/json"} if body is not None else {}
        return await self._answered(
            self._http.request(
                method, path, params=params, content=content, headers={**typed, **(headers or {})}
            )
        )

    async def send_picture(self, path: str, picture: bytes) -> dict[str, Any]:
        """A picture in a form's field, as the server takes it."""
        return await self._answered(self._http.post(path, files={"picture": picture}))

    async def _answered(self, asked: Awaitable[httpx.Response]) -> dict[str, Any]:
        try:
            response = await asked
        except httpx.HTTPError as error:
            raise unreachable(self.server, error) from error
        if response.is_success:
            return self._read(response.content)
        raise problem(response, response.content)

    @asynccontextmanager
    async def stream(
        self, path: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> AsyncIterator[httpx.Response]:
        """An answer to be read piece by piece. A problem is raised, but `416` is left to the caller."""
        asked = {"Accept-Encoding": "identity", **headers}
        timeout = httpx.Timeout(STREAM_SILENCE, connect=5.0)
        try:
            async with self._http.stream(
                "GET", path, params=params, headers=asked, timeout=timeout
            ) as response:
                if not (response.is_success or response.status_code == 416):
                    raise problem(response, await response.aread())
                yield response
        except httpx.HTTPError as error:
            raise unreachable(self.server, error) from error

    def _read(self, content: bytes) -> dict[str, Any]:
        try:
            read = orjson.loads(content or b"{}")
        except orjson.JSONDecodeError as error:
            raise unreachable(self.server, "its answer is not JSON") from error
        if not isinstance(read, dict):
            raise unreachable(self.server, "its answer is not a JSON object")
        return read


def _is_loopback(server: str) -> bool:
    host = urlsplit(server).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
