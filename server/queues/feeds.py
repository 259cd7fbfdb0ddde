"""Server-sent events for one who looks: the newest frame, and signs of life while nothing changes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Frame:
    """One server-sent event, ready to be sent."""

    id: str
    data: bytes


class Feed:
    """The newest frame for one who looks. One that reads slowly skips those in between."""

    def __init__(self) -> None:
        self._new = asyncio.Event()
        self._frame: Frame | None = None
        self._ended = False

    def put(self, frame: Frame) -> None:
        self._frame = frame
        self._new.set()

    def end(self) -> None:
        self._ended = True
        self._new.set()

    async def frames(self, seen: str | None, beat: float, still: Callable[[], bytes]) -> AsyncIterator[bytes]:
        """Frames as they come, but the one that has been `seen`; `still` after `beat` seconds without."""
        yield b"retry: 2000\n\n"
        while not self._ended:
            try:
                async with asyncio.timeout(beat):
                    await self._new.wait()
            except TimeoutError:
                yield still()
                continue
            self._new.clear()
            if self._frame is not None and self._frame.id != seen:
                seen = self._frame.id
                yield self._frame.data


def frame(name: str, data: bytes, told: bytes | None = None) -> Frame:
    """The event of that name with one line of data; `told`, usually all of it, makes it another."""
    id_ = blake2b(data if told is None else told, digest_size=9).hexdigest()
    return Frame(id_, b"id: %s\nevent: %s\ndata: %s\n\n" % (id_.encode(), name.encode(), data))
