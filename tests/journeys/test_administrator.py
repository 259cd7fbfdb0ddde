"""An administrator at the command line: from nothing to a door that admits, and through a broken disk."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from demo.programs import Backend
from kiosk.hosting import free_port
from kiosk.store import credentials
from office import Office, ask
from tests.journeys.commands import done, refused

WHO = "boss@shop.example"
CSV = "code,name,type\nOLD-1,Ana,ticket\nOLD-2,Ben,ticket\n"
_OPS = count(1)


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    made = Backend(tmp_path / "server", free_port())
    yield made
    made.stop()


def test_a_server_is_set_up_used_broken_and_restored(backend: Backend, tmp_path: Path) -> None:
    at = ("--data", backend.data)
    told = done("setup", "--organization", "Shop", "--email", WHO, "--event", "Fair", *at)
    [password] = re.findall(r"with the password (\S+)", told)
    backend.start()
    token = pair(backend, password, tmp_path / "kiosk")
    desk = Office.sign_in(backend.url, WHO, password)
    [event] = desk.events()
    import_tickets(desk, event["id"])
    assert scan(desk, event["id"], "OLD-1") == "admitted"
    saved = Path(done("backup", *at))
    assert saved.parent == backend.data / "backups"
    assert scan(desk, event["id"], "OLD-2") == "admitted"
    assert "in use" in refused("restore", saved, *at)
    backend.kill()

    with (backend.data / "usher.db").open("r+b") as disk:
        disk.truncate(10_000)
    assert "usher restore" in refused("serve", "--port", "0", *at)
    assert "what was there is now" in done("restore", saved, *at)

    backend.start()
    me = desk.client.get("/api/devices/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["name"] == "North door"
    # As of the backup: the first was in, the second came later.
    assert [scan(desk, event["id"], code) for code in ("OLD-1", "OLD-2")] == ["already_in", "admitted"]
    desk.client.close()


def pair(backend: Backend, password: str, folder: Path) -> str:
    """Invites a kiosk, and pairs it on its own computer; its token."""
    who = ("--email", WHO, "--password", password, "--server", backend.url)
    [code] = re.findall(r"or type (\S+) there", done("invite", "North door", *who))
    assert "'North door'" in done("pair", code, "--server", backend.url, "--data", folder)
    assert refused("pair", code, "--server", backend.url, "--data", folder)
    known = credentials.read(folder)
    assert known is not None
    return known.token


def import_tickets(desk: Office, event: str) -> None:
    address, typed = (
        f"/api/organizations/{desk.org}/events/{event}/tickets/import",
        {"Content-Type": "text/csv"},
    )
    broken = desk.client.post(address, content=CSV + "OLD-1,Twice,ticket\n", headers=typed)
    assert broken.json()["code"] == "import_broken"
    assert broken.json()["report"][0]["line"] == 4
    good = desk.client.post(address, content=CSV, headers=typed)
    assert good.json()["imported"] == 2


def scan(desk: Office, event: str, code: str) -> str:
    """The verdict, or the reason of a refusal."""
    asked = {"code": code, "lists": desk.lists(event), "opId": f"op-{next(_OPS)}"}
    told = ask(desk.client, "POST", "/api/events/check-in", asked)
    return str(told["reason"] or told["verdict"])
