"""Fetching a first copy over a network that breaks."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.errors import Problem, StorageFull, Unavailable
from kiosk.sync import download
from kiosk.sync.client import Client
from tests.kiosk.sample import EVENT, sample_event
from tests.kiosk.standin_server import StandinServer, serving
from tests.kiosk.standin_state import ServerState


@pytest.fixture
def server() -> Iterator[StandinServer]:
    with serving(ServerState.of(sample_event(3_000))) as server:
        yield server


def fetch(
    server: StandinServer, part: Path, stopped: Callable[[], bool] = lambda: False
) -> tuple[bytes, list[float]]:
    """As one start of the kiosk does it: what was unpacked, and what was told of the way there."""
    device = server.state.devices.get("t") or server.state.add_device("t")
    unpacked, shares = part.with_suffix(".new"), list[float]()

    async def job() -> None:
        client = Client(server.credentials(device))
        try:
            await download.fetch(client, EVENT, part, unpacked, shares.append, stopped)
        finally:
            await client.close()

    asyncio.run(job())
    return unpacked.read_bytes(), shares


def test_a_copy_arrives_whole_and_is_checked(server: StandinServer, tmp_path: Path) -> None:
    copy, shares = fetch(server, tmp_path / "copy.part")
    assert copy.startswith(b"SQLite format 3")
    assert shares[-1] == 1.0


def test_a_broken_download_goes_on_where_it_broke_off_also_after_a_restart(
    server: StandinServer, tmp_path: Path
) -> None:
    part = tmp_path / "copy.part"
    server.cut_after, server.cuts = 16_384, 2
    sizes = []
    for _ in range(2):
        with pytest.raises(Problem):
            fetch(server, part)
        sizes.append(part.stat().st_size)
        assert not (tmp_path / "copy.new").exists()
    assert 0 < sizes[0] < sizes[1]
    _, shares = fetch(server, part)
    assert min(shares) > sizes[1] / part.stat().st_size


def test_a_download_of_a_copy_that_the_server_replaced_begins_anew(
    server: StandinServer, tmp_path: Path
) -> None:
    part = tmp_path / "copy.part"
    server.cut_after, server.cuts = 16_384, 1
    with pytest.raises(Problem):
        fetch(server, part)
    server.state.put("ticket", **{**server.state.tables["ticket"]["t1"], "name": "Somebody Else"})
    copy, _ = fetch(server, part)
    assert b"Somebody Else" in copy


def test_a_whole_download_that_was_not_unpacked_yet_is_not_fetched_again(
    server: StandinServer, tmp_path: Path
) -> None:
    part = tmp_path / "copy.part"
    whole, _ = fetch(server, part)
    asked = len(server.asked)
    assert fetch(server, part)[0] == whole
    assert len(server.asked) == asked


def test_a_download_that_was_damaged_on_the_disk_is_thrown_away(
    server: StandinServer, tmp_path: Path
) -> None:
    part = tmp_path / "copy.part"
    fetch(server, part)
    whole = bytearray(part.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    part.write_bytes(whole)
    with pytest.raises(Unavailable, match="damaged"):
        fetch(server, part)
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_is_damaged_on_its_way_is_thrown_away(server: StandinServer, tmp_path: Path) -> None:
    """Found while the rest still arrives, or at its end."""
    part = tmp_path / "copy.part"
    server.cut_after, server.cuts = 16_384, 1
    with pytest.raises(Problem):
        fetch(server, part)
    begun = bytearray(part.read_bytes())
    begun[len(begun) // 2] ^= 0xFF
    part.write_bytes(begun)
    with pytest.raises(Unavailable, match="damaged"):
        fetch(server, part)
    assert list(tmp_path.iterdir()) == []
    assert fetch(server, part)[0].startswith(b"SQLite format 3")


def test_a_half_written_note_beside_a_download_means_beginning_anew(
    server: StandinServer, tmp_path: Path
) -> None:
    part = tmp_path / "copy.part"
    server.cut_after, server.cuts = 16_384, 1
    with pytest.raises(Problem):
        fetch(server, part)
    (tmp_path / "copy.part.json").write_bytes(b'{"etag": "x", "dig')
    assert fetch(server, part)[0].startswith(b"SQLite format 3")


def test_unpacking_ends_at_once_when_the_kiosk_closes(server: StandinServer, tmp_path: Path) -> None:
    part = tmp_path / "copy.part"
    with pytest.raises(Unavailable, match="closing"):
        fetch(server, part, lambda: True)
    assert part.exists()


def test_a_disk_without_room_says_so_and_leaves_no_half_copy(
    server: StandinServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(download, "disk_usage", lambda _path: usage(100, 99, 1))
    with pytest.raises(StorageFull, match="Free some space there"):
        fetch(server, tmp_path / "copy.part")
    assert list(tmp_path.iterdir()) == []
