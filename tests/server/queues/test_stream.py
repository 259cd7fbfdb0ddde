"""The live status, over a real socket: what displays hear, when, and after they were away."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from server.queues import boards
from tests.server.queues.lobby import POINT, QUEUE, Lobby


@dataclass
class Event:
    id: str
    data: dict[str, Any]


class Screen:
    """One display: an HTTP connection that reads server-sent events."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.retry = ""

    async def head(self) -> str:
        return (await self._reader.readuntil(b"\r\n\r\n")).decode()

    async def event(self) -> Event:
        """The next event, past chunk sizes, comments and `retry`."""
        fields: dict[str, str] = {}
        while "data" not in fields or fields.pop("end", None) is None:
            line = (await asyncio.wait_for(self._reader.readline(), 20)).decode().rstrip("\r\n")
            name, _, value = line.partition(": ")
            if name == "retry":
                self.retry = value
            elif name in ("id", "event", "data"):
                fields[name] = value
                if name == "data":
                    fields["end"] = "yes"
        assert fields["event"] == "status"
        return Event(fields["id"], json.loads(fields["data"]))

    async def comment(self) -> None:
        """The next comment."""
        while not (await asyncio.wait_for(self._reader.readline(), 20)).startswith(b":"):
            pass

    async def until(self, **shown: object) -> Event:
        """The first event that shows this."""
        while True:
            event = await self.event()
            if all(event.data[name] == value for name, value in shown.items()):
                return event

    async def ended(self) -> None:
        while await asyncio.wait_for(self._reader.readline(), 20) not in (b"0\r\n", b""):
            pass

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[int]:
    """The application on a port of this machine, as displays reach it; its lifespan runs already."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, lifespan="off", ws="none", log_config=None, timeout_graceful_shutdown=1)
    )
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn has nothing to wait for)
        await asyncio.sleep(0.01)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    await task


@asynccontextmanager
async def watching(
    port: int, path: str = f"{QUEUE}/status/desk/stream", **headers: str
) -> AsyncIterator[Screen]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"GET {path} HTTP/1.1", "Host: x", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    screen = Screen(reader, writer)
    head = await screen.head()
    assert head.startswith("HTTP/1.1 200")
    assert "text/event-stream" in head
    yield screen
    screen.close()


async def test_a_display_hears_the_status_at_once_and_then_each_change(lobby: Lobby) -> None:
    await lobby.join()
    async with served(lobby.app) as port, watching(port) as screen:
        first = await screen.event()
        assert first.data["waiting"] == ["A001"]
        assert screen.retry == "2000"
        await lobby.join()
        assert (await screen.event()).data["waiting"] == ["A001", "A002"]
        called = await lobby.next("two")
        event = await screen.until(waiting=["A002"])
        assert [call["number"] for call in event.data["lastCalled"]] == ["A001"]
        await lobby.do("start", called)
        event = await screen.event()
        assert event.data["nowServing"] == [{"number": "A001", "counter": "Counter 2", "name": None}]
        assert event.data["joinUrl"].endswith("/q/desk")


async def test_a_recall_is_heard_again(lobby: Lobby) -> None:
    await lobby.join()
    called = await lobby.next()
    async with served(lobby.app) as port, watching(port) as screen:
        before = await screen.event()
        lobby.clock.forward(1000)
        await lobby.do("recall", called)
        after = await screen.event()
    assert before.data["lastCalled"][0]["at"] < after.data["lastCalled"][0]["at"]


async def test_who_comes_back_with_the_newest_id_hears_only_what_is_new(lobby: Lobby) -> None:
    async with served(lobby.app) as port:
        async with watching(port) as screen:
            seen = await screen.event()
        async with watching(port, Last_Event_ID=seen.id) as screen:
            await lobby.join()
            assert (await screen.event()).data["waiting"] == ["A001"]
        await lobby.join()
        async with watching(port, Last_Event_ID=seen.id) as screen:
            assert (await screen.event()).data["waiting"] == ["A001", "A002"]


async def test_every_display_gets_the_same_bytes_and_none_is_left_out(lobby: Lobby) -> None:
    async with served(lobby.app) as port:
        contexts = [watching(port) for _ in range(30)]
        screens = [await context.__aenter__() for context in contexts]
        first = [await screen.event() for screen in screens]
        await lobby.join()
        second = [await screen.event() for screen in screens]
        for context in contexts:
            await context.__aexit__(None, None, None)
    assert len({event.id for event in first}) == 1
    assert len({event.id for event in second}) == 1
    assert {tuple(event.data["waiting"]) for event in second} == {("A001",)}


async def test_silence_is_filled_with_comments(lobby: Lobby, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "_HEARTBEAT", 0.05)
    async with served(lobby.app) as port, watching(port) as screen:
        await screen.event()
        for _ in range(3):
            await screen.comment()


async def test_time_alone_closes_a_display(empty: Lobby, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "_HEARTBEAT", 0.05)
    await empty.point(openingHours={"sun": [{"opens": "09:00", "closes": "15:00"}]})
    async with served(empty.app) as port, watching(port) as screen:
        assert (await screen.event()).data["state"] == "open"
        empty.clock.forward(4 * 3_600_000)
        assert (await screen.event()).data["state"] == "closed"


async def test_the_stream_of_a_service_point_that_is_deleted_ends(lobby: Lobby) -> None:
    async with served(lobby.app) as port, watching(port) as screen:
        await screen.event()
        await lobby.ok("DELETE", f"{POINT}/delete/desk", None, lobby.clerk)
        await screen.ended()


async def test_a_board_is_kept_only_while_somebody_looks(lobby: Lobby) -> None:
    async with served(lobby.app) as port:
        async with watching(port) as screen:
            await screen.event()
            assert len(lobby.app.state.boards._boards) == 1
        while lobby.app.state.boards._boards:
            await lobby.join()
            await asyncio.sleep(0.05)
