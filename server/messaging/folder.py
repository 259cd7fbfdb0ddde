"""The embedded default: every mail is a file `ID.eml` in a folder, whole or not there."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from server.messaging.message import Message
from server.messaging.transport import Unreachable


class FolderTransport:
    """A line into a folder; the same mail again replaces its file."""

    keeps = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @asynccontextmanager
    async def line(self) -> AsyncIterator["FolderTransport"]:
        yield self

    async def send(self, message: Message) -> None:
        try:
            await asyncio.to_thread(self._write, message)
        except OSError as fault:
            raise Unreachable(f"the folder {self._folder} cannot be written: {fault.strerror}") from fault

    def _write(self, message: Message) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._folder / f"{message.id}.part"
        with part.open("wb") as file:
            file.write(message.content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(file_of(self._folder, message.id))


def file_of(folder: Path, mail: str) -> Path:
    """Where the mail of an id lies."""
    return folder / f"{mail}.eml"
