"""A disk that fills up while a real server runs: what it said is saved stays, and nothing else is said."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from httpx import Client, Response

from server.seed import seed
from server.settings import Settings

pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs a limit that can be lifted")
ENVIRONMENT = {**os.environ, "USHER_DATABASE_URL": "", "USHER_LOG_LEVEL": "warning"}


@dataclass
class Served:
    """A server process over sample data; `room` is how large its files may grow."""

    process: subprocess.Popen[str]
    client: Client
    data: Path
    sample: dict[str, Any]

    def room(self, size: int) -> None:
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def scan(self, number: int) -> Response:
        ticket = [each for each in self.sample["tickets"] if each["state"] == "valid"][number]
        lists = [each["id"] for each in self.sample["lists"] if each["event"] == ticket["event"]]
        body = {"code": ticket["code"], "lists": lists, "opId": f"op-{number}"}
        return self.client.post("/api/events/check-in", json=body)

    def killed(self) -> set[str]:
        """Ends the process at once; the scans that are in its database."""
        self.process.kill()
        self.process.wait()
        with closing(sqlite3.connect(self.data / "usher.db")) as database:
            return {op for (op,) in database.execute("SELECT op FROM scan")}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    sample: dict[str, Any] = dict(seed(Settings(data=tmp_path, database_url=""), tickets=400))
    options = ("--data", str(tmp_path), "--host", "127.0.0.1", "--port", "0")
    command = [sys.executable, "-m", "server", *options]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        assert process.stdout is not None
        try:
            with Client(base_url=process.stdout.readline().split()[-1]) as client:
                person = {name: sample["staff"][name] for name in ("email", "password")}
                signed_in = client.post("/api/auth/staff/login", json=person).json()
                client.headers["Authorization"] = f"Bearer {signed_in['accessToken']}"
                yield Served(process, client, tmp_path, sample)
        finally:
            process.kill()


def problem(response: Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    return response.status_code, json.loads(response.text)["code"]


def test_what_was_told_as_done_is_there_when_the_disk_was_full_and_the_power_went(served: Served) -> None:
    before = (served.data / "usher.db-wal").stat().st_size
    served.room(before + 100_000)
    answers = [served.scan(number) for number in range(60)]
    good = {f"op-{n}" for n, answer in enumerate(answers) if answer.status_code == 200}
    assert 0 < len(good) < 60
    assert {problem(answer) for answer in answers if answer.status_code != 200} == {(507, "storage_full")}
    assert served.client.get("/healthz").status_code == 200
    served.room(resource.RLIM_INFINITY)
    assert served.scan(60).status_code == 200
    assert served.killed() >= good | {"op-60"}
    assert "Traceback" not in (served.data / "log").read_text()


def test_reading_goes_on_while_the_disk_is_full_and_a_first_copy_waits_for_room(served: Served) -> None:
    assert served.scan(0).json()["verdict"] == "admitted"
    served.room(4096)
    event = served.sample["events"][0]["id"]
    copy = f"/api/sync/snapshot?scope=event:{event}"
    assert problem(served.client.get(copy)) == (507, "storage_full")
    assert problem(served.scan(1)) == (507, "storage_full")
    assert served.client.get(f"/api/sync/changes?scope=event:{event}&cursor=0").status_code == 200
    served.room(resource.RLIM_INFINITY)
    assert served.client.get(copy).status_code == 200
    assert served.scan(1).json()["verdict"] == "admitted"
    assert "Traceback" not in (served.data / "log").read_text()
