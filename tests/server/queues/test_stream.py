"""The live status, over a real socket: what displays hear, when, and after they were away."""

import asyncio
from contextlib import AbstractAsyncContextManager

import pytest

from server.queues import boards
from tests.server.live import Listener, listening, served
from tests.server.queues.lobby import POINT, QUEUE, Lobby


def watching(port: int, seen: str | None = None) -> AbstractAsyncContextManager[Listener]:
    """A display before the service point `desk`, which comes back where it has `seen` an event."""
    headers = {} if seen is None else {"Last-Event-ID": seen}
    return listening(port, f"{QUEUE}/status/desk/stream", headers)


async def test_a_display_hears_the_status_at_once_and_then_each_change(lobby: Lobby) -> None:
    await lobby.join()
    async with served(lobby.app) as port, watching(port) as screen:
        first = await screen.event()
        assert (first.name, first.data["waiting"]) == ("status", ["A001"])
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
        async with watching(port, seen.id) as screen:
            await lobby.join()
            assert (await screen.event()).data["waiting"] == ["A001"]
        await lobby.join()
        async with watching(port, seen.id) as screen:
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
        async with asyncio.timeout(20):
            while lobby.app.state.boards._boards:
                await lobby.join()
