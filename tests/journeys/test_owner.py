"""An owner with one computer and no network: set up on its screen, used, its plug pulled, used again."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.programs import PIN, Kiosk, until
from kiosk.hosting import free_port
from office import Office, ask


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the server inside the computer will be."""
    port = free_port()
    monkeypatch.setenv("USHER_KIOSK_PORT", str(port))
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def kiosk(tmp_path: Path, address: str) -> Iterator[Kiosk]:
    made = Kiosk("Own computer", tmp_path)
    yield made
    made.quit()


def test_a_shop_with_one_computer_admits_people_also_after_the_plug_was_pulled(
    kiosk: Kiosk, address: str, tmp_path: Path
) -> None:
    kiosk.start()
    set_up(kiosk)
    kiosk.shows("face", face="door")
    kiosk.hear("copied")
    ana, ben = tickets(tmp_path / "data" / "server" / "administrator.txt", address)
    assert verdict(kiosk, ana)["verdict"] == "admitted"
    pull_the_plug(kiosk, address)

    kiosk.start()
    kiosk.shows("face", face="door")
    assert verdict(kiosk, ana)["reason"] == "already_in"
    kiosk.shows("status", connection="online", backlog=0)
    assert verdict(kiosk, ben)["verdict"] == "admitted"

    kiosk.press("menu")
    kiosk.enter("1111")
    kiosk.enter(PIN)
    kiosk.press("quit")
    kiosk.press("quitNow")
    until(lambda: not answers(address), lambda: "the server outlives its kiosk")


def test_a_server_whose_port_another_program_took_goes_on_with_another_one(
    kiosk: Kiosk, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_and_pulled(kiosk, address)

    with socket.create_server(("127.0.0.1", int(address.rpartition(":")[2]))):
        kiosk.start()
        kiosk.shows("face", face="door")
        kiosk.hear("server", health="down")
        kiosk.quit()
        monkeypatch.setenv("USHER_KIOSK_PORT", str(free_port()))
        kiosk.start()
        kiosk.shows("status", connection="online")


def test_a_server_that_cannot_listen_at_first_is_tried_again(kiosk: Kiosk, address: str) -> None:
    set_up_and_pulled(kiosk, address)
    with socket.create_server(("127.0.0.1", int(address.rpartition(":")[2]))):
        kiosk.start()
        kiosk.hear("server", health="down")
    kiosk.shows("status", connection="online")


def set_up_and_pulled(kiosk: Kiosk, address: str) -> None:
    kiosk.start()
    set_up(kiosk)
    kiosk.shows("status", connection="online")
    pull_the_plug(kiosk, address)


def pull_the_plug(kiosk: Kiosk, address: str) -> None:
    kiosk.kill()
    until(lambda: not answers(address), lambda: "the server outlives its kiosk")


def set_up(kiosk: Kiosk) -> None:
    """In the order in which the screen asks."""
    kiosk.press("thisComputer")
    kiosk.do("type", name="organization", text="Corner Shop")
    kiosk.press("setupNext")
    kiosk.do("type", name="beginName", text="Late Opening")
    kiosk.press("setupNext")
    kiosk.choose_pin()


def tickets(administrator: Path, address: str) -> tuple[str, str]:
    """The codes of two tickets that the owner gives out, signed in as the set-up said."""
    email, password = administrator.read_text().split()
    assert administrator.stat().st_mode & 0o077 == 0
    desk = Office.sign_in(address, email, password)
    [event] = desk.events()
    base = f"/api/organizations/{desk.org}/events/{event['id']}"
    [kind] = ask(desk.client, "GET", f"{base}/ticket-types")["items"]
    new = {"tickets": [{"type": kind["id"], "name": name} for name in ("Ana", "Ben")]}
    made = ask(desk.client, "POST", f"{base}/tickets", new)["items"]
    desk.client.close()
    return str(made[0]["code"]), str(made[1]["code"])


def verdict(kiosk: Kiosk, code: str) -> dict[str, Any]:
    kiosk.do("scan", code=code)
    return kiosk.hear("verdict")


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz").is_success
    except httpx.TransportError:
        return False
