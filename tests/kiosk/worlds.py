"""Servers that a kiosk may meet: the stand-in of the tests, and the real one in a process of its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from domain.ids import ListId, ServicePointId
from domain.sync import Scope
from kiosk.hosting import HostedServer, Hosting, free_port
from kiosk.store.credentials import Credentials
from kiosk.sync import pairing
from kiosk.sync.pairing import invitation
from server.seed import seed
from server.settings import Settings
from tests.kiosk.sample import DESK, EVENT, LIST, sample_desk, sample_event
from tests.kiosk.standin_server import StandinServer, serving
from tests.kiosk.standin_state import ServerState


@dataclass(frozen=True)
class Things:
    """What is there to be scanned and called. `valid` are codes and ticket ids that nobody has used."""

    event: Scope
    list: ListId
    desk: Scope
    category: str
    counters: tuple[str, str]
    valid: Iterator[tuple[str, str]]

    @property
    def point(self) -> ServicePointId:
        return ServicePointId(self.desk.id)


class World(Protocol):
    things: Things

    def pair(self, mode: str) -> Credentials:
        """A new device of that mode."""
        ...

    def stop(self) -> None: ...
    def start(self) -> None: ...


class StandinWorld:
    def __init__(self, server: StandinServer) -> None:
        self._server, self._devices = server, 0
        sample = sample_event(500)
        valid = ((sample.code(number), f"t{number}") for number in range(1, 500))
        self.things = Things(EVENT, ListId(LIST), DESK, "general", ("c1", "c2"), valid)

    def pair(self, mode: str) -> Credentials:
        self._devices += 1
        scopes = (self.things.event,) if mode == "door" else (self.things.desk,)
        device = self._server.state.add_device(f"device{self._devices}", mode=mode, scopes=scopes)
        return self._server.credentials(device)

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.start()


class RealWorld:
    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        made: dict[str, Any] = seed(Settings(data=folder / "server", database_url=""), tickets=500)
        event, point = made["events"][0]["id"], made["servicePoints"][0]
        self._org, self._staff = made["orgId"], made["staff"]
        own = [
            ticket for ticket in made["tickets"] if ticket["event"] == event and ticket["state"] == "valid"
        ]
        self.things = Things(
            Scope("event", event),
            ListId(next(list_["id"] for list_ in made["lists"] if list_["event"] == event)),
            Scope("servicePoint", point["id"]),
            "general",
            (point["counters"][0]["id"], point["counters"][1]["id"]),
            iter([(ticket["code"], ticket["id"]) for ticket in own if ticket["type"] == "general"]),
        )
        self.start()

    def pair(self, mode: str) -> Credentials:
        scope = self.things.event if mode == "door" else self.things.desk
        lists = [self.things.list] if mode == "door" else []
        signed_in = httpx.post(f"{self._address}/api/auth/staff/login", json=self._staff, trust_env=False)
        token = signed_in.raise_for_status().json()["accessToken"]
        made = httpx.post(
            f"{self._address}/api/devices",
            json={"name": "A kiosk", "mode": mode, "scopes": [str(scope)], "lists": lists},
            headers={"Authorization": f"Bearer {token}", "orgid": self._org},
            trust_env=False,
        )
        return pairing.pair(invitation(made.raise_for_status().json()["pairingUri"]))

    def stop(self) -> None:
        self._hosted.close()

    def start(self) -> None:
        command = [sys.executable, "-m", "server", "--data", str(self._folder / "server")]
        command += ["--port", str(self._port), "--parent-pipe"]
        self._hosted = HostedServer(Hosting(command, self._folder, self._port))
        self._hosted.start()

    @property
    def _address(self) -> str:
        return f"http://127.0.0.1:{self._port}"


@contextmanager
def standin_world() -> Iterator[World]:
    with serving(ServerState.of(sample_event(500), sample_desk())) as server:
        yield StandinWorld(server)


@contextmanager
def real_world(folder: Path) -> Iterator[World]:
    world = RealWorld(folder)
    try:
        yield world
    finally:
        world.stop()
