"""A change on many displays: how long until each of them knows."""

import asyncio
import json
import tempfile
import time
from pathlib import Path

import httpx
import uvloop

from bench import processes
from bench.result import Result, Row

_API = "/api/crm/reservations"


def run(displays: int = 200, changes: int = 50) -> Result:
    """So many displays follow one service point while people join it; milliseconds from the change's answer
    being asked for until a display has it."""
    with (
        tempfile.TemporaryDirectory(dir=processes.DISK) as folder,
        processes.served(Path(folder), 100) as server,
    ):
        first, *rest = uvloop.run(_watch(server, displays, changes + 1))
    times = sorted(seconds for change in rest for seconds in change)
    values = {
        "p50 ms": times[len(times) // 2] * 1e3,
        "p99 ms": times[int(len(times) * 0.99)] * 1e3,
        "max ms": times[-1] * 1e3,
        "heard": len(times),
        "expected": displays * changes,
    }
    made = (
        f"the very first change, for which a new server makes its statements, took {max(first) * 1e3:.0f} ms"
    )
    return Result("fanout", (Row(f"{displays} displays", values),), (made,))


async def _watch(server: processes.Served, displays: int, changes: int) -> list[list[float]]:
    """For each change, how long it took to each display."""
    point = str(server.entries("servicePoints")[0]["id"])
    sent: dict[str, float] = {}
    arrived: list[list[tuple[float, bytes]]] = [[] for _ in range(displays)]
    following = [asyncio.create_task(_display(server.url, point, frames)) for frames in arrived]
    await asyncio.sleep(2)
    headers = server.office().client.headers
    async with httpx.AsyncClient(base_url=server.url, headers=headers) as desk:
        for number in range(changes):
            body = {"servicePoint": point, "name": f"Person {number}"}
            started = time.perf_counter()
            joined = await desk.post(f"{_API}/queue/join", json=body)
            joined.raise_for_status()
            sent[str(joined.json()["number"])] = started
            await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    for task in following:
        task.cancel()
    shown = [_first_shown(frames) for frames in arrived]
    return [[at[number] - started for at in shown if number in at] for number, started in sent.items()]


async def _display(url: str, point: str, frames: list[tuple[float, bytes]]) -> None:
    """Follows the public stream and keeps when each frame came; all the displays have one machine here, so
    what they say is read afterwards."""
    address = httpx.URL(url)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(f"GET {_API}/queue/status/{point}/stream HTTP/1.1\r\nHost: {address.host}\r\n\r\n".encode())
    while line := await reader.readline():
        if line.startswith(b"data: "):
            frames.append((time.perf_counter(), line[6:]))


def _first_shown(frames: list[tuple[float, bytes]]) -> dict[str, float]:
    """When each number showed first."""
    first: dict[str, float] = {}
    for at, shown in frames:
        for number in json.loads(shown)["waiting"]:
            first.setdefault(str(number), at)
    return first
