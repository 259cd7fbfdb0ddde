"""Fetching a first copy over a network that breaks."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import Problem, StorageFull, Unavailable
from kiosk.sync import download
from kiosk.sync.client import Client
from kiosk.sync.download import Expected
from tests.kiosk.sample import EVENT, sample_event
from tests.kiosk.standin_server import StandinServer, serving
from tests.kiosk.standin_state import ServerState


@pytest.fixture
def server() -> Iterator[StandinServer]:
    with serving(ServerState.of(sample_event(3_000))) as server:
        yield server


def fetch(server: StandinServer, part: Path) -> tuple[Expected, list[float]]:
    """As one start of the kiosk does it."""
    device = server.state.devices.get("t") or server.state.add_device("t")
    shares: list[float] = []

    async def job() -> Expected:
        client = Client(server.credentials(device))
        try:
            return await download.fetch(client, EVENT, part, shares.append)
        finally:
            await client.close()

    return asyncio.run(job()), shares


def never() -> bool:
    return False


def test_a_copy_arrives_whole_and_is_checked(server: StandinServer, tmp_path: Path) -> None:
    part, unpacked = tmp_path / "copy.part", tmp_path / "copy.new"
    expected, shares = fetch(server, part)
    download.unpack(part, expected, unpacked, never)
    assert unpacked.read_bytes().startswith(b"SQLite format 3")
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
    assert 0 < sizes[0] < sizes[1]
    expected, shares = fetch(server, part)
    assert min(shares) > sizes[1] / expected.size
    download.unpack(part, expected, tmp_path / "copy.new", never)


def test_a_download_of_a_copy_that_the_server_replaced_begins_anew(
    server: StandinServer, tmp_path: Path
) -> None:
    part = tmp_path / "copy.part"
    server.cut_after, server.cuts = 16_384, 1
    with pytest.raises(Problem):
        fetch(server, part)
    server.state.put("ticket", **{**server.state.tables["ticket"]["t1"], "name": "Somebody Else"})
    expected, _ = fetch(server, part)
    download.unpack(part, expected, tmp_path / "copy.new", never)


def test_a_whole_download_that_was_not_unpacked_yet_is_not_fetched_again(
    server: StandinServer, tmp_path: Path
) -> None:
    part = tmp_path / "copy.part"
    fetch(server, part)
    asked = len(server.asked)
    expected, _ = fetch(server, part)
    assert len(server.asked) == asked
    download.unpack(part, expected, tmp_path / "copy.new", never)


def test_a_download_that_was_damaged_on_the_disk_is_thrown_away(
    server: StandinServer, tmp_path: Path
) -> None:
    part, unpacked = tmp_path / "copy.part", tmp_path / "copy.new"
    expected, _ = fetch(server, part)
    whole = bytearray(part.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    part.write_bytes(whole)
    with pytest.raises(Unavailable, match="damaged"):
        download.unpack(part, expected, unpacked, never)
    assert not part.exists()
    assert not unpacked.exists()


def test_a_half_written_note_beside_a_download_means_beginning_anew(
    server: StandinServer, tmp_path: Path
) -> None:
    part = tmp_path / "copy.part"
    server.cut_after, server.cuts = 16_384, 1
    with pytest.raises(Problem):
        fetch(server, part)
    (tmp_path / "copy.part.json").write_bytes(b'{"etag": "x", "dig')
    expected, _ = fetch(server, part)
    download.unpack(part, expected, tmp_path / "copy.new", never)


def test_unpacking_ends_at_once_when_the_kiosk_closes(server: StandinServer, tmp_path: Path) -> None:
    part = tmp_path / "copy.part"
    expected, _ = fetch(server, part)
    with pytest.raises(Unavailable, match="closing"):
        download.unpack(part, expected, tmp_path / "copy.new", lambda: True)
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
