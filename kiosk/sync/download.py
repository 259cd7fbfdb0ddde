"""Fetching a first copy: onto the disk piece by piece, going on where it broke off, also after a restart."""

import hashlib
import os
from base64 import b64decode
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import disk_usage

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


async def fetch(client: Client, scope: Scope, part: Path, progress: Progress) -> Expected:
    """Receives the rest of a copy into `part`. Raises `StorageFull`, or what the client raises; what has
    arrived by then stays, and the next call goes on from there."""
    kept = _kept(part)
    begun = _size(part) if kept else 0
    if kept and begun == kept.size:
        return kept
    headers = {"Accept": MEDIA_TYPE}
    if kept and begun:
        headers |= {"Range": f"bytes={begun}-", "If-Range": kept.etag}
    async with client.stream("/api/sync/snapshot", {"scope": str(scope)}, headers) as response:
        if response.status_code == 416:
            discard(part)
            raise Unavailable("The server has another copy by now; fetching it anew.", code="copy_replaced")
        if response.status_code != 206 or kept is None:
            kept, begun = _begin(response, part), 0
        await _receive(response, part, begun, kept.size, progress)
    if _size(part) != kept.size:
        raise Unavailable("The download broke off; going on from there.", code="download_broken")
    return kept


def unpack(part: Path, expected: Expected, target: Path, stopped: Callable[[], bool]) -> None:
    """Decompresses a whole download, in little memory, onto the disk for good.

    Raises `Unavailable` where it is not what the server sent; it is thrown away then.
    """
    digest = hashlib.sha256()
    unpacker = zstandard.ZstdDecompressor().decompressobj()
    try:
        with part.open("rb") as source, target.open("wb") as file:
            while piece := source.read(_PIECE):
                digest.update(piece)
                file.write(unpacker.decompress(piece))
                if stopped():
                    raise Unavailable("The kiosk is closing.", code="closing")
            file.flush()
            os.fsync(file.fileno())
        if digest.digest() != b64decode(expected.digest):
            raise zstandard.ZstdError("its checksum is not what the server said")
    except zstandard.ZstdError as error:
        discard(part)
        target.unlink(missing_ok=True)
        raise Unavailable(
            f"The download was damaged ({error}); fetching it anew.", code="copy_damaged"
        ) from error
    except OSError as error:
        target.unlink(missing_ok=True)
        raise _full(part, error) from error


def discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    _beside(part).unlink(missing_ok=True)


async def _receive(response: httpx.Response, part: Path, begun: int, size: int, progress: Progress) -> None:
    try:
        with part.open("ab") as file:
            # As they come: pieces of a set size would be lost with a connection that breaks in between.
            async for piece in response.aiter_raw():
                file.write(piece)
                begun += len(piece)
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
