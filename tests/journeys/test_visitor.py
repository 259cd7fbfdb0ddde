"""A visitor with a phone: joins the line from the lobby, follows it, is called, leaves; staff answer."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from demo.stage import API, Stage

PHONE = {"phone": "+4930 1234567"}


@pytest.fixture
def point(stage: Stage) -> str:
    """A service point with one open counter, and no hours at which it closes."""
    made = stage.ask(
        "POST", f"{API}/service-point/create", name="Repairs", counters=[{"id": "c1", "name": "Counter 1"}]
    )
    stage.ask("POST", f"{API}/queue/counter/{made['id']}", counter="c1", state="open")
    return str(made["id"])


@pytest.fixture
def phone(stage: Stage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stage.backend.url, timeout=60) as client:
        yield client


def test_a_visitor_joins_follows_is_called_served_and_gone(
    stage: Stage, point: str, phone: httpx.Client
) -> None:
    with phone.stream("GET", f"{API}/queue/status/{point}/stream") as stream:
        lobby = shown(stream)
        assert next(lobby)["waiting"] == []
        mine = join(phone, point, 201, **PHONE)
        assert (mine["number"], mine["state"], mine["position"]) == ("A001", "waiting", 1)
        assert join(phone, point, 200, **PHONE)["id"] == mine["id"]
        assert until_shown(lobby, "waiting", ["A001"])
        with httpx.Client(base_url=stage.backend.url, timeout=60) as other:
            theirs = join(other, point, 201, email="next@visitor.example")
        assert (theirs["number"], theirs["ahead"]) == ("A002", 1)

        stage.ask("POST", f"{API}/queue/call-next/{point}", counter="c1")
        assert until_shown(lobby, "waiting", ["A002"])["lastCalled"][0]["number"] == "A001"
        called = look(phone, mine)
        assert (called["state"], called["counter"]) == ("called", "Counter 1")
        for act in ("start", "complete"):
            stage.ask("POST", f"{API}/queue/{act}/{mine['id']}")
        assert look(phone, mine)["state"] == "completed"

        assert phone.delete(f"{API}/queue/entry/{theirs['id']}").json()["state"] == "left"
        last = until_shown(lobby, "waiting", [])
    assert "visitor.example" not in json.dumps(last)
    assert "1234567" not in json.dumps(last)


def test_who_has_no_line_to_join_is_told_why(point: str, phone: httpx.Client) -> None:
    nowhere = phone.post(f"{API}/queue/join", json={"servicePoint": "nowhere", **PHONE})
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")
    odd = phone.post(f"{API}/queue/join", json={"servicePoint": point, "shoeSize": 43})
    assert odd.status_code == 422
    assert "shoeSize" in odd.json()["detail"]


def join(browser: httpx.Client, point: str, status: int, **who: str) -> dict[str, Any]:
    answer = browser.post(f"{API}/queue/join", json={"servicePoint": point, **who})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def look(phone: httpx.Client, entry: dict[str, Any]) -> dict[str, Any]:
    return dict(phone.get(f"{API}/queue/entry/{entry['id']}").json())


def shown(stream: httpx.Response) -> Iterator[dict[str, Any]]:
    """What a display in the lobby shows, one after the other."""
    for line in stream.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def until_shown(lobby: Iterator[dict[str, Any]], name: str, wanted: object) -> dict[str, Any]:
    return next(status for status in lobby if status[name] == wanted)
