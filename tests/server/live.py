"""Server-sent events over a real socket: the application on a port, and whoever listens to it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from fastapi import FastAPI

_PATIENCE = 20


@dataclass
class Event:
    id: str
    name: str
    data: dict[str, Any]


class Listener:
    """An HTTP connection that reads server-sent events."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.retry = ""

    async def head(self) -> str:
        return (await self._reader.readuntil(b"\r\n\r\n")).decode()

    async def event(self) -> Event:
        """The next event, past chunk sizes, comments and `retry`."""
        fields: dict[str, str] = {}
        while "data" not in fields:
            name, _, value = (await self._line()).decode().rstrip("\r\n").partition(": ")
            if name == "retry":
                self.retry = value
            elif name in ("id", "event", "data"):
                fields[name] = value
        return Event(fields.get("id", ""), fields["event"], json.loads(fields["data"]))

    async def comment(self) -> None:
        """The next comment."""
        while not (await self._line()).startswith(b":"):
            pass

    async def until(self, **shown: object) -> Event:
        """The first event that shows this."""
        while True:
            event = await self.event()
            if all(event.data[name] == value for name, value in shown.items()):
                return event

    async def ended(self) -> None:
        while await self._line() not in (b"0\r\n", b""):
            pass

    def close(self) -> None:
        self._writer.close()

    async def _line(self) -> bytes:
        return await asyncio.wait_for(self._reader.readline(), _PATIENCE)


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[int]:
    """The application on a port of this machine; its lifespan runs already."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, lifespan="off", ws="none", log_config=None, timeout_graceful_shutdown=1)
    )
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn has nothing to wait for)
        await asyncio.sleep(0.01)
    try:
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def listening(port: int, path: str, headers: dict[str, str] | None = None) -> AsyncIterator[Listener]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"GET {path} HTTP/1.1", "Host: x", *(f"{k}: {v}" for k, v in (headers or {}).items())]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    listener = Listener(reader, writer)
    head = await listener.head()
    assert head.startswith("HTTP/1.1 200")
    assert "text/event-stream" in head
    try:
        yield listener
    finally:
        listener.close()
