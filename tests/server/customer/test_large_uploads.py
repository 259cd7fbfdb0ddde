"""Two gigabytes that somebody sends as a picture, to a real server: neither its memory nor its disk fills."""

import asyncio
import resource
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from httpx import AsyncClient

from tests.server.customer.fair import Fair
from tests.server.office import problem
from tests.server.orders.shop import CLIENT

GIGABYTES = 2 * 2**30
_HEAD = b'--x\r\nContent-Disposition: form-data; name="picture"; filename="a.jpg"\r\n\r\n\xff\xd8'
OPEN_FILES = Path("/proc/self/fd")
pytestmark = pytest.mark.skipif(not OPEN_FILES.exists(), reason="needs to see open files")
_FORM = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.fixture
async def served(app: FastAPI, client: AsyncClient) -> AsyncIterator[AsyncClient]:
    """The same application through a real server."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    listener = socket.create_server(("127.0.0.1", 0))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    async with AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=60) as real:
        yield real
    server.should_exit = True
    await running


async def two_gigabytes() -> AsyncIterator[bytes]:
    yield _HEAD + bytes(2**20 - len(_HEAD))
    for _ in range(GIGABYTES // 2**20 - 1):
        yield bytes(2**20)


def used(folder: Path) -> int:
    """Bytes in a folder, those of files without a name too, which are gone once they are closed."""
    named = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    for fd in OPEN_FILES.iterdir():
        with suppress(OSError):
            if str(fd.readlink()).startswith(f"{folder}/#"):
                named += fd.stat().st_size
    return named


@pytest.mark.parametrize("declared", [True, False])
async def test_two_gigabytes_are_refused_and_kept_nowhere(
    fair: Fair, served: AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, declared: bool
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    ada = await fair.ticket("ada")
    headers = {**ada, **_FORM, **({"Content-Length": str(GIGABYTES)} if declared else {})}
    before, most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, used(spool) + used(tmp_path / "media"))
            await asyncio.sleep(0.01)

    watching = asyncio.create_task(watch())
    address = f"{CLIENT}/evt-1/media/upload"
    answer = await served.post(address, content=two_gigabytes(), headers=headers)
    watching.cancel()
    assert problem(answer) == (413, "too_large")
    assert 0 < most <= 22 * 2**20 if not declared else most == 0
    assert used(spool) == 0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert (await served.get("/healthz")).status_code == 200


async def test_a_picture_that_never_ends_arriving_leaves_nothing(
    fair: Fair, served: AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    ada = await fair.ticket("ada")

    async def half() -> AsyncIterator[bytes]:
        yield _HEAD + bytes(3 * 2**20)
        raise ConnectionError("the phone is gone")

    with pytest.raises(ConnectionError):
        await served.post(f"{CLIENT}/evt-1/media/upload", content=half(), headers={**ada, **_FORM})
    for _ in range(100):
        if used(spool) == 0 and not fair.shop.app.state.pictures.arriving.locked():
            break
        await asyncio.sleep(0.05)
    assert used(spool) == 0
    assert (await fair.get("evt-1/media", ada))["items"] == []
