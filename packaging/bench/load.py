"""Load: keep-alive clients that send prepared requests and time the answers.

A general HTTP client would cost more than the server that is measured.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, and how many seconds it took."""

    seconds: float
    status: int
    etag: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """What clients saw: seconds in all, seconds for each answer in order of size, answers that were wrong."""

    seconds: float
    times: tuple[float, ...]
    wrong: int

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def quantile(self, share: float) -> float:
        return self.times[min(len(self.times) - 1, int(len(self.times) * share))]


def request(method: str, url: str, body: bytes = b"", token: str = "", etag: str = "") -> bytes:
    """The bytes of a request, by who has `etag` already."""
    at = urlsplit(url)
    lines = [f"{method} {at.path or '/'}{'?' + at.query if at.query else ''} HTTP/1.1", f"Host: {at.netloc}"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if etag:
        lines.append(f"If-None-Match: {etag}")
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def drive(
    url: str, requests: Sequence[bytes], clients: int, right: Callable[[bytes], bool], status: int = 200
) -> Load:
    """Sends every request once, over so many connections; `right` looks at each body."""
    at = urlsplit(url)
    times: list[float] = []
    wrong = 0
    waiting: Iterator[bytes] = iter(requests)

    async def client() -> None:
        nonlocal wrong
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        for prepared in waiting:
            answer = await _ask(reader, writer, prepared, time.perf_counter())
            times.append(answer.seconds)
            wrong += not (answer.status == status and right(answer.body))
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Load(time.perf_counter() - started, tuple(sorted(times)), wrong)


async def at_once(url: str, requests: Sequence[bytes]) -> list[Answer]:
    """Sends all requests at the same time, each over a connection of its own, which is made then."""
    at = urlsplit(url)

    async def one(prepared: bytes) -> Answer:
        started = time.perf_counter()
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        answer = await _ask(reader, writer, prepared, started)
        writer.close()
        return answer

    return list(await asyncio.gather(*map(one, requests)))


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, prepared: bytes, started: float
) -> Answer:
    writer.write(prepared)
    head = await reader.readuntil(b"\r\n\r\n")
    body = await reader.readexactly(int(_header(head, b"content-length") or 0))
    status = int(head[9:12])
    return Answer(time.perf_counter() - started, status, _header(head, b"etag").decode(), body)


def _header(head: bytes, name: bytes) -> bytes:
    """What a header says; nothing where it is not there."""
    place = head.lower().find(b"\r\n" + name + b":")
    if place < 0:
        return b""
    return head[place + len(name) + 3 :].partition(b"\r\n")[0].strip()
