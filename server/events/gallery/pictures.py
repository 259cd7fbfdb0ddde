"""The files of pictures: made anew from what came in, named by their content, in `thumb` and `full`."""

import asyncio
import logging
import os
import shutil
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Literal

import orjson

from domain import errors
from domain.errors import Invalid, Problem
from server.db.sqlite import known

Size = Literal["thumb", "full"]
SIZES: tuple[Size, ...] = ("thumb", "full")
MEDIA_TYPE = "image/jpeg"
DARKROOM = (sys.executable, "-m", "server.events.gallery.darkroom")
_AT_ONCE, _ARRIVING = 2, 32
_HOUR = 3600.0
_MAKING = "making-"
_PROBLEMS: dict[str, type[Problem]] = {
    cls.__name__: cls for cls in (errors.Invalid, errors.Unsupported, errors.TooLarge, errors.Unavailable)
}
_log = logging.getLogger("usher.pictures")


@dataclass(frozen=True, slots=True)
class Picture:
    """What is kept of a picture: the name of its content, and how large `full` is."""

    content: str
    width: int
    height: int


class Pictures:
    """A folder of pictures. Two are made at once, each in a process of its own, within so many seconds.

    `arriving` has a place for each of those that may come in at once; one may take 20 MB of the disk.
    """

    def __init__(self, folder: Path, darkroom: Sequence[str] = DARKROOM, patience: float = 90.0) -> None:
        self._folder, self._darkroom, self._patience = folder, darkroom, patience
        self._room, self.arriving = asyncio.Semaphore(_AT_ONCE), asyncio.Semaphore(_ARRIVING)

    async def keep(self, file: BinaryIO) -> Picture:
        """Checks a picture and keeps it. Raises what `decoding` does, and `StorageFull`."""
        try:
            async with self._room:
                self._folder.mkdir(parents=True, exist_ok=True)
                with TemporaryDirectory(dir=self._folder, prefix=_MAKING) as folder:
                    picture = await self._made(await asyncio.to_thread(_whole, file), Path(folder))
                    self._put(picture, Path(folder))
                    return picture
        except OSError as fault:
            raise known(fault) from fault

    def path(self, content: str, size: Size) -> Path:
        return self._folder / content[:2] / f"{content}.{size}.jpg"

    def has(self, content: str) -> bool:
        return all(self.path(content, size).is_file() for size in SIZES)

    def forget(self, content: str) -> None:
        """Deletes its files. Only under the lock of `store.forget`."""
        for size in SIZES:
            self.path(content, size).unlink(missing_ok=True)

    def settled(self) -> Iterator[str]:
        """The contents that are kept since an hour or longer; what was never finished by then goes."""
        hour_ago = time.time() - _HOUR
        for path in self._folder.glob(f"{_MAKING}*"):
            if _written(path) < hour_ago:
                shutil.rmtree(path, ignore_errors=True)
        for path in self._folder.glob("??/*.full.jpg"):
            if _written(path) < hour_ago:
                yield path.name.partition(".")[0]

    def _put(self, picture: Picture, folder: Path) -> None:
        self.path(picture.content, "full").parent.mkdir(exist_ok=True)
        for size in SIZES:
            (folder / size).replace(self.path(picture.content, size))

    async def _made(self, data: bytes, folder: Path) -> Picture:
        """The picture whose files the darkroom wrote into the folder. Raises the problem that it found."""
        said = await self._ask(data, folder)
        if "problem" in said:
            raise _PROBLEMS[said["problem"]](said["detail"], code=said["code"])
        if "errno" in said:
            raise OSError(said["errno"], os.strerror(said["errno"]))
        return Picture(said["content"], said["width"], said["height"])

    async def _ask(self, data: bytes, folder: Path) -> dict[str, Any]:
        """What the darkroom says. Raises `Invalid` where it says nothing: it failed, or took too long."""
        settings = {name: value for name, value in os.environ.items() if not name.startswith("USHER_")}
        process = await asyncio.create_subprocess_exec(
            *self._darkroom,
            str(folder),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={**settings, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        try:
            async with asyncio.timeout(self._patience):
                out, trouble = await process.communicate(data)
        except TimeoutError:
            out, trouble = b"", b"too slow"
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if process.returncode or not out:
            _log.warning(
                "a picture was not made (%s): %s", process.returncode, trouble.decode(errors="replace")[-500:]
            )
            raise Invalid("this picture cannot be read: save it anew, then send that", code="picture_broken")
        return dict(orjson.loads(out))


def _whole(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _written(path: Path) -> float:
    """When; now for a file that is gone."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
