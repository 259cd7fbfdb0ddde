"""Servers that a kiosk may meet: the stand-in of the tests, and the real one in a process of its own."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal, Protocol

import httpx

from domain.clock import Instant, rfc3339
from domain.ids import ListId, ServicePointId
from domain.sync import Scope
from kiosk.desk.station import Work
from kiosk.hosting import HostedServer, Hosting, free_port
from kiosk.store import credentials
from kiosk.store.credentials import Credentials
from kiosk.sync import pairing
from kiosk.sync.pairing import invitation
from server.seed import seed
from server.settings import Settings
from tests.kiosk.sample import DESK, EVENT, LIST, Sample, sample_desk, sample_event
from tests.kiosk.standin_bookings import ASKED_FOR, SERVICE
from tests.kiosk.standin_server import StandinServer, serving
from tests.kiosk.standin_state import ServerState
from tests.kiosk.sync.kiosks import Kiosk

_FOLDERS = count(1)


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


@dataclass(frozen=True)
class Talk:
    """A session, tickets for it by code, and a list that admits them as `rules` say, any number of times."""

    session: str
    list: ListId
    codes: Sequence[str]


class World(Protocol):
    things: Things

    def pair(self, mode: str) -> Credentials:
        """A new device of that mode."""
        ...

    def talk(self, rules: object, starts: Instant, ends: Instant, *sessions: str) -> Talk:
        """A new session, and one ticket for each text: `{}` in it is the session's id."""
        ...

    def move(self, talk: Talk, starts: Instant, ends: Instant) -> None: ...

    def service(self, confirmation: Literal["auto", "manual"] = "auto") -> str:
        """Something that can be booked at the desk, at any time."""
        ...

    def stop(self) -> None: ...
    def start(self) -> None: ...


class StandinWorld:
    def __init__(self, server: StandinServer) -> None:
        self._server, self._devices, self._talks = server, 0, 0
        sample = sample_event(500)
        valid = ((sample.code(number), f"t{number}") for number in range(1, 500))
        self.things = Things(EVENT, ListId(LIST), DESK, "general", ("c1", "c2"), valid)

    def pair(self, mode: str) -> Credentials:
        self._devices += 1
        scopes = (self.things.event,) if mode == "door" else (self.things.desk,)
        device = self._server.state.add_device(f"device{self._devices}", mode=mode, scopes=scopes)
        return self._server.credentials(device)

    def talk(self, rules: object, starts: Instant, ends: Instant, *sessions: str) -> Talk:
        state, made = self._server.state, Sample()
        self._talks += 1
        talk, numbers = f"talk-{self._talks}", [1_000 * self._talks + n for n in range(len(sessions))]
        for number, session in zip(numbers, sessions, strict=True):
            state.put("ticket", **made.ticket(number, session=session.format(talk)))
        state.put("event_session", **made.session(talk, starts, ends))
        state.put("check_in_list", **made.check_in_list(f"list-of-{talk}", rules=rules, entry="many"))
        return Talk(talk, ListId(f"list-of-{talk}"), [made.code(number) for number in numbers])

    def move(self, talk: Talk, starts: Instant, ends: Instant) -> None:
        self._server.state.put("event_session", id=talk.session, starts=starts, ends=ends)

    def service(self, confirmation: Literal["auto", "manual"] = "auto") -> str:
        return SERVICE if confirmation == "auto" else ASKED_FOR

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
        kiosk = {"name": "A kiosk", "mode": mode, "scopes": [str(scope)], "lists": lists}
        return pairing.pair(invitation(self._ask("POST", "/api/devices", kiosk)["pairingUri"]))

    def talk(self, rules: object, starts: Instant, ends: Instant, *sessions: str) -> Talk:
        session = self._ask(
            "POST", f"{self._event}/sessions", {"title": {"en": "A talk"}, **_times(starts, ends)}
        )
        tickets = [{"type": "general", "session": each.format(session["id"])} for each in sessions]
        made = self._ask("POST", f"{self._event}/tickets", {"tickets": tickets})
        list_ = self._ask(
            "POST", f"/api/events/{self.things.event.id}/check-in/lists",
            {"name": "A talk", "entry": "many", "rules": rules},
        )  # fmt: skip
        return Talk(session["id"], ListId(list_["id"]), [ticket["code"] for ticket in made["items"]])

    def move(self, talk: Talk, starts: Instant, ends: Instant) -> None:
        self._ask("PATCH", f"{self._event}/sessions/{talk.session}", _times(starts, ends))

    def service(self, confirmation: Literal["auto", "manual"] = "auto") -> str:
        where = {"servicePoint": self.things.point, "durationMinutes": 10}
        body = {"name": {"en": "Passport"}, "confirmation": confirmation, **where}
        return str(self._ask("POST", "/api/crm/reservations/definitions", body)["id"])

    def stop(self) -> None:
        self._hosted.close()

    def start(self) -> None:
        command = [sys.executable, "-m", "server", "--data", str(self._folder / "server")]
        command += ["--port", str(self._port), "--parent-pipe"]
        self._hosted = HostedServer(Hosting(command, self._folder, self._port))
        self._hosted.start()

    @property
    def _event(self) -> str:
        return f"/api/organizations/{self._org}/events/{self.things.event.id}"

    def _ask(self, method: str, path: str, body: object) -> Any:
        """What the API answers an administrator."""
        login = f"{self._address}/api/auth/staff/login"
        token = httpx.post(login, json=self._staff, trust_env=False).raise_for_status().json()["accessToken"]
        headers = {"Authorization": f"Bearer {token}", "orgid": self._org}
        made = httpx.request(method, self._address + path, json=body, headers=headers, trust_env=False)
        return made.raise_for_status().json()

    @property
    def _address(self) -> str:
        return f"http://127.0.0.1:{self._port}"


def _times(starts: Instant, ends: Instant) -> dict[str, str]:
    return {"starts": rfc3339(starts), "ends": rfc3339(ends)}


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


def paired(world: World, mode: str, folder: Path) -> Kiosk:
    """A kiosk of that mode that has all its copies."""
    own = folder / f"kiosk{next(_FOLDERS)}"
    own.mkdir()
    credentials.write(own, world.pair(mode))
    kiosk = Kiosk(own, deadline=5_000)
    kiosk.wait_synced()
    return kiosk


def work(kiosk: Kiosk) -> Work:
    assert kiosk.station.work is not None
    return kiosk.station.work
