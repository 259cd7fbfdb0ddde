"""What the demonstration plays on: the sample organisation, a backend, and a person at its API."""

import json
import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.programs import USHER, Backend
from office import Office, ask

API = "/api/crm/reservations"


@dataclass
class Stage:
    """`seeded` is what `usher seed` printed."""

    folder: Path
    backend: Backend
    seeded: dict[str, Any]
    office: Office

    @property
    def event(self) -> str:
        return str(self.seeded["events"][0]["id"])

    def tickets(self, state: str = "valid", event: str | None = None) -> list[dict[str, Any]]:
        wanted = event or self.event
        return [t for t in self.seeded["tickets"] if t["state"] == state and t["event"] == wanted]

    def list_of_event(self) -> str:
        return next(str(item["id"]) for item in self.seeded["lists"] if item["event"] == self.event)

    def ask(self, method: str, address: str, **body: object) -> Any:
        """What the API answers the administrator. Raises `OfficeError` for anything but success."""
        return ask(self.office.client, method, address, body or None)

    def device(self, name: str, mode: str, *scopes: str, lists: list[str] | None = None) -> dict[str, Any]:
        """A new device with its pairing code, as an administrator makes it."""
        return self.office.invite(name, mode, list(scopes), lists)

    def paired(self, name: str, mode: str, *scopes: str) -> dict[str, str]:
        """Headers of a new device, paired as a kiosk does it."""
        code = self.device(name, mode, *scopes)["pairingCode"]
        return {"Authorization": f"Bearer {self.ask('POST', '/api/devices/pair', pairingCode=code)['token']}"}

    def close(self) -> None:
        self.office.client.close()
        self.backend.stop()

    def sign_in(self) -> None:
        self.office.client.close()
        self.office = _office(self.backend, self.seeded)


def build(folder: Path, tickets: int = 2_000, database_url: str = "") -> Stage:
    """A new data folder, or an empty PostgreSQL database, with the sample in it and a backend over it."""
    return open_stage(folder, seed(folder, tickets, database_url), database_url)


def seed(folder: Path, tickets: int, database_url: str = "") -> dict[str, Any]:
    """Makes the sample organisation; what `usher seed` says of it."""
    made = subprocess.run(
        (*USHER, "seed", "--data", str(folder / "server"), "--tickets", str(tickets)),
        check=True, capture_output=True, text=True, env={**os.environ, "USHER_DATABASE_URL": database_url},
    )  # fmt: skip
    return dict(json.loads(made.stdout))


def open_stage(folder: Path, seeded: dict[str, Any], database_url: str = "") -> Stage:
    """Starts the backend over a sample that was made before."""
    backend = Backend(folder / "server", _free_port(), database_url)
    backend.start()
    return Stage(folder, backend, seeded, _office(backend, seeded))


def _office(backend: Backend, seeded: dict[str, Any]) -> Office:
    return Office.sign_in(backend.url, **seeded["staff"])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
