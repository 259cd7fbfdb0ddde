"""What the demonstration plays on: the sample organisation, a backend, and a person at its API."""

import json
import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from demo.programs import USHER, Backend

API = "/api/crm/reservations"


@dataclass
class Stage:
    """`seeded` is what `usher seed` printed. `staff` speaks for its administrator."""

    folder: Path
    backend: Backend
    seeded: dict[str, Any]
    staff: httpx.Client

    @property
    def event(self) -> str:
        return str(self.seeded["events"][0]["id"])

    def tickets(self, state: str = "valid", event: str | None = None) -> list[dict[str, Any]]:
        wanted = event or self.event
        return [t for t in self.seeded["tickets"] if t["state"] == state and t["event"] == wanted]

    def list_of_event(self) -> str:
        return next(str(item["id"]) for item in self.seeded["lists"] if item["event"] == self.event)

    def ask(self, method: str, address: str, **body: object) -> Any:
        """An answer of the API. Raises `httpx.HTTPStatusError` for anything but success."""
        answer = self.staff.request(method, address, json=body or None)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def device(self, name: str, mode: str, *scopes: str, lists: list[str] | None = None) -> dict[str, Any]:
        """A new device with its pairing code, as an administrator makes it."""
        made = {"name": name, "mode": mode, "scopes": list(scopes), "lists": lists or [], "gate": ""}
        return dict(self.ask("POST", "/api/devices", **made))

    def sign_in(self) -> None:
        who = self.seeded["staff"]
        answer = httpx.post(f"{self.backend.url}/api/auth/staff/login", json=who)
        answer.raise_for_status()
        self.staff.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"


def build(folder: Path, tickets: int = 2_000) -> Stage:
    """Seeds a new data folder and starts the backend over it."""
    data = folder / "server"
    made = subprocess.run(
        (*USHER, "seed", "--data", str(data), "--tickets", str(tickets)),
        check=True, capture_output=True, text=True, env={**os.environ, "USHER_DATABASE_URL": ""},
    )  # fmt: skip
    backend = Backend(data, _free_port())
    backend.start()
    stage = Stage(folder, backend, json.loads(made.stdout), httpx.Client(base_url=backend.url, timeout=30))
    stage.sign_in()
    return stage


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
