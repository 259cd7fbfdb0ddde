"""The first set-up of the server inside a computer: whole, or begun anew."""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from domain.clock import Instant
from domain.errors import Conflict
from domain.ids import DeviceId, OrgId
from kiosk import own_server
from kiosk.hosting import HostedServer, LocalServer, free_port
from kiosk.store.credentials import Credentials
from kiosk.store.store import Store
from kiosk.sync.first_setup import Begun, Wanted
from tests.kiosk.sample import NOON

WANTED = Wanted("Corner Shop", "UTC", event="Late Opening")
NOW = Instant(NOON)


class Local:
    """The server inside a computer, set up again and again; whatever runs of it is ended."""

    def __init__(self, folder: Path) -> None:
        self.server = LocalServer((sys.executable, "-m", "server"), folder / "server", free_port())
        self.folder = self.server.folder
        self._running: list[HostedServer] = []

    def set_up(self) -> Begun:
        begun, hosted = own_server.set_up(self.server, WANTED, NOW)
        self._running.append(hosted)
        return begun

    def end(self) -> None:
        while self._running:
            self._running.pop().close()

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.server.hosting().address}/healthz", trust_env=False).is_success
        except httpx.TransportError:
            return False


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Local]:
    monkeypatch.setenv("USHER_DATABASE_URL", "")
    made = Local(tmp_path)
    yield made
    made.end()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "kiosk")
    yield store
    store.close()


def test_a_set_up_that_was_cut_off_is_begun_anew_and_nothing_of_it_is_deleted(
    local: Local, store: Store
) -> None:
    first = local.set_up()
    local.end()
    # Here the plug is pulled: the server has its organisation, the kiosk was never told.
    second = local.set_up()
    assert second.credentials.token != first.credentials.token
    [aside] = local.folder.parent.glob("server.unfinished-*")
    assert (aside / own_server.DATABASE).exists()
    assert (aside / own_server.ADMINISTRATOR).read_text().split()[1] == first.password
    own_server.finish(local.server, second.credentials, store.settings)
    assert (local.folder / own_server.ADMINISTRATOR).read_text().split()[1] == second.password


def test_a_set_up_whose_password_cannot_be_kept_leaves_no_server_running(local: Local) -> None:
    (local.folder / own_server.ADMINISTRATOR).mkdir(parents=True)
    with pytest.raises(OSError, match=own_server.ADMINISTRATOR):
        local.set_up()
    assert not local.answers()


def test_a_server_that_is_in_use_is_not_set_aside(local: Local, store: Store) -> None:
    begun = local.set_up()
    own_server.finish(local.server, begun.credentials, store.settings)
    local.end()
    for _ in range(2):
        with pytest.raises(Conflict):
            local.set_up()
    assert not local.answers()
    assert list(local.folder.parent.glob("server.unfinished-*")) == []


def known(server: str, device: str = "d1") -> Credentials:
    return Credentials(server, "token", DeviceId(device), OrgId("o1"))


def test_a_kiosk_knows_its_own_server_by_its_port_and_later_by_its_device(
    tmp_path: Path, store: Store
) -> None:
    folder = tmp_path / "server"
    first, moved = LocalServer((), folder, 8750), LocalServer((), folder, 8751)
    mine, other = known("http://127.0.0.1:8750"), known("https://tickets.example.org", "d2")
    assert not own_server.is_own(first, mine, store.settings)
    folder.mkdir()
    (folder / own_server.DATABASE).touch()
    assert own_server.is_own(first, mine, store.settings)
    assert not own_server.is_own(moved, mine, store.settings)
    own_server.finish(first, mine, store.settings)
    assert own_server.is_own(moved, mine, store.settings)
    assert not own_server.is_own(moved, other, store.settings)
