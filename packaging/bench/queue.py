"""A line under load: many who join one service point, and many phones that follow their place in it."""

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import uvloop

from bench import load, processes
from bench.postgres import postgres
from bench.result import Result, Row

_API = "/api/crm/reservations"
_CLIENTS = 32
_AT_ONCE = 200
_CALLS = 30
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Lobby:
    """A server and a clerk of its organisation, who makes service points as they are needed."""

    name: str
    url: str
    org: str
    token: str
    process: psutil.Process

    def join(self, point: str, *, clerk: bool) -> bytes:
        """Somebody joins: through a clerk, or with a phone of their own."""
        address = f"{self.url}{_API}/queue/join{'' if clerk else f'?orgid={self.org}'}"
        body = json.dumps({"servicePoint": point}).encode()
        return load.request("POST", address, body, self.token if clerk else "")

    async def do(self, path: str, body: object) -> Any:
        """The JSON of what a clerk did, which must be good."""
        sent = load.request("POST", f"{self.url}{_API}/{path}", json.dumps(body).encode(), self.token)
        [answer] = await load.at_once(self.url, [sent])
        assert answer.status in (200, 201), answer
        return json.loads(answer.body)


def run(people: int = 2_000, phones: int = 200) -> Result:
    """So many people join one service point as fast as they are let, and so many phones follow, on each
    database."""
    rows: list[Row] = []
    notes = [
        "nobody is called meanwhile, so that the line is as long as people have joined; 'server ms' is what "
        "each join kept a processor busy in the server itself"
    ]
    with tempfile.TemporaryDirectory(dir=processes.DISK) as folder:
        rows += _measured(Path(folder) / "sqlite", "SQLite", people, phones)
        with ExitStack() as stack:
            try:
                server = stack.enter_context(postgres(processes.DISK))
            except ImportError:
                notes.append("PostgreSQL was not measured: there is none here, 'make setup' installs one")
            else:
                url = str(server.get_uri())
                rows += _measured(Path(folder) / "postgres", "PostgreSQL", people, phones, url)
    return Result("queue", tuple(rows), tuple(notes))


def _measured(folder: Path, name: str, people: int, phones: int, database: str = "") -> list[Row]:
    with processes.served(folder, 100, database) as server:
        token = str(server.office().client.headers["Authorization"]).removeprefix("Bearer ")
        lobby = Lobby(name, server.url, str(server.seeded["orgId"]), token, server.process)
        return uvloop.run(_measure(lobby, people, phones))


async def _measure(lobby: Lobby, people: int, phones: int) -> list[Row]:
    return [
        await _at_once(lobby),
        await _in_a_row(lobby, "through a clerk", people, clerk=True),
        await _in_a_row(lobby, "by phone", people, clerk=False),
        await _followed(lobby, phones),
    ]


async def _at_once(lobby: Lobby) -> Row:
    await lobby.do("service-point/create", {"id": "rush", "name": "Rush"})
    started = time.perf_counter()
    answers = await load.at_once(lobby.url, [lobby.join("rush", clerk=False)] * _AT_ONCE)
    seconds = time.perf_counter() - started
    numbers = [json.loads(answer.body)["number"] for answer in answers if answer.status == 201]
    times = sorted(answer.seconds for answer in answers)
    return Row(
        f"{lobby.name}: {_AT_ONCE} join at one instant",
        {
            "per s": _AT_ONCE / seconds,
            "p50 ms": times[len(times) // 2] * 1e3,
            "max ms": times[-1] * 1e3,
            **_given(numbers, _AT_ONCE),
        },
    )


async def _in_a_row(lobby: Lobby, how: str, people: int, *, clerk: bool) -> Row:
    point = "clerk" if clerk else "phone"
    await lobby.do("service-point/create", {"id": point, "name": point.title()})
    numbers: list[str] = []

    def right(body: bytes) -> bool:
        numbers.append(json.loads(body)["number"])
        return True

    busy = sum(lobby.process.cpu_times()[:2])
    got = await load.drive(lobby.url, [lobby.join(point, clerk=clerk)] * people, _CLIENTS, right, 201)
    busy = sum(lobby.process.cpu_times()[:2]) - busy
    values = {
        "per s": got.rate,
        "server ms": busy / people * 1e3,
        "p50 ms": got.quantile(0.5) * 1e3,
        "max ms": got.times[-1] * 1e3,
    }
    return Row(
        f"{lobby.name}: {people:,} join {how}", {**values, **_given(numbers, people), "errors": got.wrong}
    )


def _given(numbers: Sequence[str], people: int) -> dict[str, int | str]:
    """How many numbers there are, and whether they are A001 and on without a gap."""
    row = sorted(int(number[1:]) for number in set(numbers)) == list(range(1, people + 1))
    return {"numbers": len(set(numbers)), "in a row": "yes" if row else "no"}


class _Phone:
    """Follows one place, and keeps when the newest part of its page came."""

    def __init__(self, url: str, entry: str) -> None:
        self.at, self.heard = 0.0, asyncio.Event()
        self._task = asyncio.create_task(self._follow(httpx.URL(url), entry))

    async def hears(self) -> bool:
        """Whether anything comes soon."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self.heard.wait()
        except TimeoutError:
            return False
        return True

    def stop(self) -> None:
        self._task.cancel()

    async def _follow(self, address: httpx.URL, entry: str) -> None:
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(f"GET /q/entry/{entry}/stream HTTP/1.1\r\nHost: {address.host}\r\n\r\n".encode())
        while line := await reader.readline():
            if line == b"event: page\n":
                self.at = time.perf_counter()
                self.heard.set()


async def _followed(lobby: Lobby, count: int) -> Row:
    """How long after a call was asked for each phone has its place anew."""
    await lobby.do("service-point/create", {"id": "wait", "name": "Wait"})
    entries = [await lobby.do("queue/join", {"servicePoint": "wait"}) for _ in range(count + _CALLS)]
    phones = [_Phone(lobby.url, entry["id"]) for entry in entries[_CALLS:]]
    await asyncio.gather(*(phone.hears() for phone in phones))
    waits: list[float] = []
    for _ in range(_CALLS):
        for phone in phones:
            phone.heard.clear()
        called = time.perf_counter()
        await lobby.do("queue/call-next/wait", {})
        heard = await asyncio.gather(*(phone.hears() for phone in phones))
        waits += [phone.at - called for phone, good in zip(phones, heard, strict=True) if good]
    for phone in phones:
        phone.stop()
    waits.sort()
    return Row(
        f"{lobby.name}: {count} phones hear of a call",
        {
            "p50 ms": waits[len(waits) // 2] * 1e3,
            "max ms": waits[-1] * 1e3,
            "errors": count * _CALLS - len(waits),
        },
    )
