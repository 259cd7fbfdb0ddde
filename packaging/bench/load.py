"""Load: keep-alive clients that send prepared requests and time the answers.

A general HTTP client would cost more than the server that is measured.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


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


def request(method: str, url: str, body: bytes = b"", token: str = "") -> bytes:
    """The bytes of a request."""
    at = urlsplit(url)
    lines = [f"{method} {at.path or '/'}{'?' + at.query if at.query else ''} HTTP/1.1", f"Host: {at.netloc}"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def drive(url: str, requests: Sequence[bytes], clients: int, right: Callable[[bytes], bool]) -> Load:
    """Sends every request once, over so many connections; `right` looks at each body."""
    at = urlsplit(url)
    times: list[float] = []
    wrong = 0
    waiting: Iterator[bytes] = iter(requests)

    async def client() -> None:
        nonlocal wrong
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        for prepared in waiting:
            started = time.perf_counter()
            writer.write(prepared)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            body = await reader.readexactly(length)
            times.append(time.perf_counter() - started)
            wrong += not (head.startswith(b"HTTP/1.1 200") and right(body))
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Load(time.perf_counter() - started, tuple(sorted(times)), wrong)
