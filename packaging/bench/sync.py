"""The sync end to end, between processes: a first copy until a kiosk is usable, and offline scans sent."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import psutil

from bench import processes
from bench.result import Result, Row

_SCANS = 1_000


def run(sizes: tuple[int, ...] = (100_000, 1_000_000)) -> Result:
    """For each size: seconds from pairing until a search in the copy answers, bytes, memory of both sides."""
    rows = []
    for tickets in sizes:
        with (
            tempfile.TemporaryDirectory(dir=processes.DISK) as folder,
            processes.served(Path(folder) / "server", tickets) as server,
        ):
            rows += _measure(server, Path(folder) / "kiosk", tickets)
    return Result("sync", tuple(rows), ("client and server share the machine; memory is the peak in MB",))


def _measure(server: processes.Served, folder: Path, tickets: int) -> list[Row]:
    event = str(server.entries("events")[0]["id"])
    device = server.pair("door", [f"event:{event}"])
    before = _peak(server.process)
    issued = [
        str(t["id"]) for t in server.entries("tickets") if t["state"] == "valid" and t["event"] == event
    ]
    orders = {
        "data": str(folder), "server": server.url, "token": device["token"], "device": device["deviceId"],
        "org": device["orgId"], "scope": f"event:{event}", "search": "ann",
        "list": next(str(item["id"]) for item in server.entries("lists") if item["event"] == event),
        "tickets": issued[:_SCANS], "scans": len(issued[:_SCANS]),
    }  # fmt: skip
    made = subprocess.run(
        (sys.executable, "-m", "bench.kiosk_copy"),
        input=json.dumps(orders) + "\n", check=True, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    found = json.loads(made.stdout)
    name = f"{tickets:,} tickets"
    first = Row(
        f"first copy of {name}",
        {
            "s": found["copied"],
            "MB": _bytes(server.url, str(device["token"]), event) / 1e6,
            "kiosk MB": found["peak"],
            "server MB": _peak(server.process),
            "server MB before": before,
        },
    )
    return [first, Row(f"{orders['scans']} offline scans into {name}", {"s": found["sent"]})]


def _bytes(url: str, token: str, event: str) -> int:
    """What the copy weighs on the wire; it is made already."""
    with httpx.stream(
        "GET",
        f"{url}/api/sync/snapshot",
        params={"scope": f"event:{event}"},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    ) as answer:
        return int(answer.headers["content-length"])


def _peak(process: psutil.Process) -> float:
    """The most memory that a process has held, in MB; what it holds now where the system does not tell."""
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        line = next(part for part in status.read_text().splitlines() if part.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return float(process.memory_info().rss) / 2**20
