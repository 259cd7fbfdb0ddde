"""Fetching a first copy: onto the disk piece by piece, going on where it broke off, also after a restart."""

import asyncio
import hashlib
import os
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import disk_usage
from threading import Condition

import httpx
import orjson
import zstandard

from domain.errors import StorageFull, Unavailable
from domain.sync import Scope
from kiosk.sync.client import Client

_PIECE = 1 << 20
MEDIA_TYPE = "application/vnd.usher.replica+zstd"

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the server said of the copy that is being received. `digest` is the SHA-256 of its bytes."""

    etag: str
    digest: str
    size: int


async def fetch(
    client: Client,
    scope: Scope,
    part: Path,
    unpacked: Path,
    progress: Progress,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Receives the rest of a copy into `part`, and unpacks it meanwhile into `unpacked`.

    Raises `StorageFull`, what the client raises, and `Unavailable` where it broke off or is not what the
    server sent. What has arrived by then stays, if it is sound, and the next call goes on from there.
    """
    kept = _kept(part)
    begun = _size(part) if kept else 0
    if kept and begun == kept.size:
        async with _unpacking(part, kept, unpacked, stopped) as arriving:
            arriving.grown(begun)
        return
    headers = {"Accept": MEDIA_TYPE}
    if kept and begun:
        headers |= {"Range": f"bytes={begun}-", "If-Range": kept.etag}
    async with client.stream("/api/sync/snapshot", {"scope": str(scope)}, headers) as response:
        if response.status_code == 416:
            discard(part)
            raise Unavailable("The server has another copy by now; fetching it anew.", code="copy_replaced")
        if response.status_code != 206 or kept is None:
            kept, begun = _begin(response, part), 0
        async with _unpacking(part, kept, unpacked, stopped) as arriving:
            await _receive(response, part, begun, kept.size, arriving, progress)
            if _size(part) != kept.size:
                raise Unavailable("The download broke off; going on from there.", code="download_broken")


class _Arriving:
    """How much of a download is on the disk, for whoever reads it on another thread meanwhile."""

    def __init__(self) -> None:
        self._size, self._over = 0, False
        self._changed = Condition()

    def grown(self, size: int) -> None:
        with self._changed:
            self._size = size
            self._changed.notify()

    def end(self) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()

    def beyond(self, read: int) -> bool:
        """Waits until there is more than was read; False where no more will come."""
        with self._changed:
            self._changed.wait_for(lambda: self._size > read or self._over)
            return self._size > read


@asynccontextmanager
async def _unpacking(
    part: Path, expected: Expected, target: Path, stopped: Callable[[], bool]
) -> AsyncIterator[_Arriving]:
    """Unpacks on a thread of its own what arrives within the context, and at its end the rest.

    Where the context is left by an error, that one is told, and nothing is unpacked.
    """
    arriving = _Arriving()
    work = asyncio.create_task(asyncio.to_thread(_unpack, part, expected, target, arriving, stopped))
    try:
        yield arriving
    except BaseException:
        arriving.end()
        with suppress(Exception):
            await work
        raise
    arriving.end()
    try:
        await work
    except zstandard.ZstdError as error:
        discard(part)
        raise Unavailable(
            f"The download was damaged ({error}); fetching it anew.", code="copy_damaged"
        ) from error
    except OSError as error:
        raise _full(part, error) from error


def _unpack(
    part: Path, expected: Expected, target: Path, arriving: _Arriving, stopped: Callable[[], bool]
) -> None:
    """Decompresses a download as it comes, in little memory, onto the disk for good.

    Leaves nothing where it breaks off. Raises `ZstdError` where it is not what the server sent.
    """
    digest, read = hashlib.sha256(), 0
    unpacker = zstandard.ZstdDecompressor().decompressobj()
    try:
        with part.open("rb") as source, target.open("wb") as file:
            while arriving.beyond(read):
                piece = source.read(_PIECE)
                if not piece:
                    raise zstandard.ZstdError("it is shorter than what arrived")
                read += len(piece)
                digest.update(piece)
                file.write(unpacker.decompress(piece))
                if stopped():
                    raise Unavailable("The kiosk is closing.", code="closing")
            if read < expected.size:
                raise EOFError("it broke off")
            file.flush()
            os.fsync(file.fileno())
        if digest.digest() != b64decode(expected.digest):
            raise zstandard.ZstdError("its checksum is not what the server said")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    _beside(part).unlink(missing_ok=True)


async def _receive(
    response: httpx.Response, part: Path, begun: int, size: int, arriving: _Arriving, progress: Progress
) -> None:
    try:
        with part.open("ab", buffering=0) as file:
            arriving.grown(begun)
            # As they come: pieces of a set size would be lost with a connection that breaks in between.
            async for piece in response.aiter_raw():
                file.write(piece)
                begun += len(piece)
                arriving.grown(begun)
                progress(begun / size if size else 1.0)
    except OSError as error:
        raise _full(part, error) from error


def _begin(response: httpx.Response, part: Path) -> Expected:
    """A copy from its first byte: what stood there before is of another one."""
    said = response.headers.get("Repr-Digest", "")
    digest = said.removeprefix("sha-256=:").removesuffix(":")
    size = response.headers.get("Content-Length", "")
    if not (said.startswith("sha-256=:") and size.isdigit()):
        raise Unavailable(
            "The server's copy came without its size or checksum. A proxy may be changing it: "
            "connect to the server directly.",
            code="copy_without_checksum",
        )
    discard(part)
    expected = Expected(response.headers.get("ETag", ""), digest, int(size))
    if disk_usage(part.parent).free < expected.size:
        raise _full(part, OSError("too little room"))
    _beside(part).write_bytes(orjson.dumps(asdict(expected)))
    part.touch()
    return expected


def _kept(part: Path) -> Expected | None:
    """What a broken download was of; None where there is none that can go on."""
    try:
        kept = Expected(**orjson.loads(_beside(part).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return kept if kept.etag and part.exists() and part.stat().st_size <= kept.size else None


def _size(part: Path) -> int:
    return part.stat().st_size


def _beside(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _full(part: Path, error: OSError) -> StorageFull:
    return StorageFull(
        f"The copy of the server's records does not fit on the disk of {part.parent} ({error}). "
        "Free some space there; the download goes on by itself."
    )
