"""Servers as processes of their own, seeded and ready, for benchmarks to talk to."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from office import Office

DISK = "/var/tmp" if Path("/var/tmp").is_dir() else None
"""A folder on a disk: what is kept in memory is not durable."""
_QUIET, _IDLE = 1.0, 5.0
"""Seconds for which a server has been idle, with so many per cent of a processor."""


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its address, its process, and what `usher seed` said of its data."""

    url: str
    process: psutil.Process
    seeded: dict[str, object]

    def office(self) -> Office:
        """The sample organisation's administrator."""
        who = self.seeded["staff"]
        assert isinstance(who, dict)
        return Office.sign_in(self.url, **who)

    def entries(self, name: str) -> list[dict[str, object]]:
        """A list of what was seeded: `events`, `lists`, `tickets`, `servicePoints`."""
        found = self.seeded[name]
        assert isinstance(found, list)
        return found

    def invite(self, mode: str, scopes: Sequence[str]) -> str:
        """A new device's pairing address, as its QR holds it."""
        return str(self.office().invite(f"Bench {mode}", mode, list(scopes))["pairingUri"])

    def pair(self, mode: str, scopes: Sequence[str]) -> dict[str, object]:
        """A newly paired device, as pairing answers."""
        code = self.office().invite(f"Bench {mode}", mode, list(scopes))["pairingCode"]
        paired = httpx.post(f"{self.url}/api/devices/pair", json={"pairingCode": code})
        paired.raise_for_status()
        return dict(paired.json())

    def settle(self) -> None:
        """Waits until nothing is left to do, such as mails about what was done before."""
        self.process.cpu_percent()
        while self.process.cpu_percent(_QUIET) > _IDLE:
            pass


def usher(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", "import launch; launch.main()", *arguments)


@contextmanager
def served(folder: Path, tickets: int, database_url: str = "") -> Iterator[Served]:
    """The backend over a new SQLite file, or an empty database, with the sample organisation in it."""
    quiet = {
        **os.environ,
        "USHER_RATE_LIMITS": "false",
        "USHER_LOG_LEVEL": "warning",
        "USHER_DATABASE_URL": database_url,
    }
    made = subprocess.run(
        usher("seed", "--data", str(folder), "--tickets", str(tickets)),
        check=True, capture_output=True, env=quiet,
    )  # fmt: skip
    with process(usher("serve", "--data", str(folder), "--port", "0"), quiet) as (url, running):
        server = Served(url, running, json.loads(made.stdout))
        server.settle()
        yield server


@contextmanager
def process(
    command: Sequence[str], environment: dict[str, str] | None = None
) -> Iterator[tuple[str, psutil.Process]]:
    """A server that prints its address on a line of its own; stopped at the end."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        try:
            url = next(part for line in child.stdout for part in line.split() if part.startswith("http://"))
            _wait(url)
            yield url, psutil.Process(child.pid)
        finally:
            child.terminate()


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError(f"{url} does not answer")
