"""PostgreSQL that goes and comes back under a running server."""

import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import httpx
import pytest

from demo.stage import API, Stage, build
from tests.faults.callers import Told, wait
from tests.postgres import postgres

SCANS = 40
AWAY = (503, "unavailable")


@pytest.fixture
def server() -> Iterator[Any]:
    with postgres() as server:
        yield server


@pytest.fixture
def stage(server: Any, tmp_path: Path) -> Iterator[Stage]:
    made = build(tmp_path, tickets=100, database_url=str(server.get_uri()))
    yield made
    made.close()


class Follower:
    """Follows the changes of the event as a client should: comes back whenever a stream ends, with what it
    heard last. `ops` are the scans that it heard of."""

    def __init__(self, stage: Stage) -> None:
        self.ops: list[str] = []
        self._address = f"{stage.backend.url}/api/sync/stream?scope=event:{stage.event}"
        first = stage.ask("GET", f"/api/sync/changes?scope=event:{stage.event}&cursor=0&limit=5000")
        self._headers = {**stage.office.client.headers, "Last-Event-ID": first["nextCursor"]}
        self._stopped, self._thread = Event(), Thread(target=self._follow)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def join(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            try:
                with httpx.stream("GET", self._address, headers=self._headers, timeout=60) as answer:
                    for line in answer.iter_lines() if answer.is_success else ():
                        self._hear(line)
            except httpx.TransportError:
                pass
            sleep(0.05)

    def _hear(self, line: str) -> None:
        name, _, value = line.partition(": ")
        if name == "id":
            self._headers["Last-Event-ID"] = value
        elif name == "data" and (change := json.loads(value))["table"] == "scan":
            self.ops.append(change["key"])


def test_while_it_is_away_callers_are_told_so_and_once_it_is_back_everything_goes_on(
    stage: Stage, server: Any
) -> None:
    codes = [str(ticket["code"]) for ticket in stage.tickets()[: 2 * SCANS]]
    follower = Follower(stage)
    through(stage, server, codes[:SCANS], server.stop)
    through(stage, server, codes[SCANS:], lambda: os.kill(server.get_pid(), signal.SIGQUIT))
    wait(lambda: len(follower.ops) >= len(codes))
    follower.stop()
    assert stage.backend.stop() == 0
    follower.join()
    assert Counter(follower.ops) == Counter(map(op, codes))
    assert "Traceback" not in stage.backend.log.read_text()


def through(stage: Stage, server: Any, codes: list[str], goes: Callable[[], None]) -> None:
    """Scans while the database goes, looks around while it is away, and scans again once it is back."""
    told = Told()

    def scan(code: str) -> httpx.Response:
        asked = {"code": code, "lists": [stage.list_of_event()], "opId": op(code)}
        answer = stage.office.client.post("/api/events/check-in", json=asked)
        told.one_more()
        return answer

    with ThreadPoolExecutor(4) as doors:
        going = [doors.submit(scan, code) for code in codes]
        told.wait_for(5)
        goes()
        answers = [each.result() for each in going]
    assert {said(answer) for answer in answers} <= {"admitted", AWAY}
    wait(lambda: said(stage.office.client.get("/readyz")) == AWAY)
    for answer in asked_meanwhile(stage):
        assert said(answer) == AWAY, answer.request.url
    assert stage.office.client.get("/healthz").is_success
    server.start()
    wait(lambda: stage.office.client.get("/readyz").is_success)
    assert {said(scan(code)) for code in codes} == {"admitted"}


def op(code: str) -> str:
    return f"op-{sha256(code.encode()).hexdigest()[:20]}"


def asked_meanwhile(stage: Stage) -> Iterator[httpx.Response]:
    client, scope = stage.office.client, f"event:{stage.event}"
    point = stage.seeded["servicePoints"][0]["id"]
    yield client.get(f"/api/sync/changes?scope={scope}&cursor=0")
    yield client.get(f"/api/sync/stream?scope={scope}")
    yield client.get(f"/api/sync/snapshot?scope={scope}")
    yield client.get(f"/api/events/{stage.event}/check-in/stats")
    yield client.get(f"{API}/queue/status/{point}")
    yield client.post(f"{API}/queue/join", json={"servicePoint": point, "phone": "+493012345678"})
    yield client.post("/api/auth/staff/login", json=stage.seeded["staff"])
    yield client.get("/api/devices")


def said(answer: httpx.Response) -> object:
    read = answer.json()
    return read["verdict"] if answer.is_success else (answer.status_code, read["code"])
