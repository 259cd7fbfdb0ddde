"""Who this kiosk is to its server."""

import stat
import sys
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from domain.ids import DeviceId, ListId, OrgId
from kiosk.store import credentials
from kiosk.store.credentials import Credentials
from tests.kiosk.sample import DESK, EVENT

OWN = Credentials(
    server="https://tickets.example.org",
    token="secret",
    device=DeviceId("d1"),
    org=OrgId("o1"),
    organization="Sample",
    name="Main door",
    mode="door",
    scopes=(EVENT, DESK),
    lists=(ListId("main-door"),),
    gate="North",
    public="https://usher.example",
    since="2026-05-10T12:00:00.000Z",
)


def test_credentials_come_back_as_they_were_written(tmp_path: Path) -> None:
    credentials.write(tmp_path, OWN)
    assert credentials.read(tmp_path) == OWN
    credentials.write(tmp_path, replace(OWN, gate="South"))
    assert credentials.read(tmp_path) == replace(OWN, gate="South")


def test_phones_are_sent_where_the_server_says_or_where_a_file_of_before_says_it_is_asked(
    tmp_path: Path,
) -> None:
    assert OWN.page("/q/desk") == "https://usher.example/q/desk"
    credentials.write(tmp_path, OWN)
    path = tmp_path / credentials.NAME
    kept = orjson.loads(path.read_bytes())
    del kept["public"]
    path.write_bytes(orjson.dumps(kept))
    before = credentials.read(tmp_path)
    assert before is not None
    assert before.page("/q/desk") == "https://tickets.example.org/q/desk"


def test_what_a_server_tells_at_pairing_is_where_phones_reach_it() -> None:
    answer = {"deviceId": "d", "orgId": "o", "server": "https://usher.example"}
    known = credentials.from_json(answer, server="http://127.0.0.1:8750", token="t")
    assert (known.server, known.public) == ("http://127.0.0.1:8750", "https://usher.example")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_on_the_machine_may_read_the_token(tmp_path: Path) -> None:
    credentials.write(tmp_path, OWN)
    assert stat.S_IMODE((tmp_path / credentials.NAME).stat().st_mode) == 0o600


def test_a_kiosk_that_was_never_paired_or_forgot_has_none(tmp_path: Path) -> None:
    assert credentials.read(tmp_path) is None
    credentials.write(tmp_path, OWN)
    credentials.remove(tmp_path)
    credentials.remove(tmp_path)
    assert credentials.read(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"server": "x"}', "\x00\x00"])
def test_a_file_that_cannot_be_understood_means_pairing_again(tmp_path: Path, content: str) -> None:
    (tmp_path / credentials.NAME).write_text(content)
    assert credentials.read(tmp_path) is None


def test_scopes_that_this_version_does_not_know_are_left_out() -> None:
    answer = {"deviceId": "d", "orgId": "o", "scopes": ["event:spring", "moon:1", "event:"]}
    assert credentials.from_json(answer, server="s", token="t").scopes == (EVENT,)


def test_a_kiosk_remembers_which_devices_it_was(tmp_path: Path) -> None:
    second = replace(OWN, device=DeviceId("d2"), token="second")
    third = replace(OWN, device=DeviceId("d3"), token="third", org=OrgId("o2"))
    credentials.write(tmp_path, OWN)
    credentials.write(tmp_path, replace(OWN, gate="South"))
    assert credentials.former(tmp_path, OWN) == ()
    credentials.write(tmp_path, second)
    credentials.remove(tmp_path)
    credentials.write(tmp_path, third)
    assert credentials.former(tmp_path, OWN) == ("secret", "second")
    assert credentials.former(tmp_path, third) == ()
    assert credentials.former(tmp_path, replace(OWN, since="of another server")) == ()
    credentials.forget_former(tmp_path, "secret")
    assert credentials.former(tmp_path, OWN) == ("second",)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_on_the_machine_may_read_the_tokens_of_before(tmp_path: Path) -> None:
    credentials.write(tmp_path, OWN)
    credentials.remove(tmp_path)
    [file] = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{", "{}", "[1]", '[["o1"]]', "\x00"])
def test_a_list_of_former_devices_that_cannot_be_understood_is_none(tmp_path: Path, content: str) -> None:
    credentials.write(tmp_path, OWN)
    credentials.remove(tmp_path)
    [file] = tmp_path.iterdir()
    file.write_text(content)
    assert credentials.former(tmp_path, OWN) == ()
