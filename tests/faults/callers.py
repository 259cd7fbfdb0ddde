"""Whoever calls a server that may go at any moment: each remembers what it was told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Condition, Thread
from time import monotonic, sleep
from typing import Any

import httpx

Ask = tuple[str, dict[str, Any]]
"""A path, and what is posted there."""


@dataclass
class Told:
    """Answers as they come, from all callers together."""

    answers: int = 0
    _more: Condition = field(default_factory=Condition)

    def one_more(self) -> None:
        with self._more:
            self.answers += 1
            self._more.notify_all()

    def wait_for(self, answers: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: self.answers >= answers, 60), self.answers


class Caller:
    """Asks one thing after the other until nobody answers any more. `answers` are in the order of `asked`;
    the last that was asked may have none."""

    def __init__(self, url: str, headers: dict[str, str], asks: Sequence[Ask]) -> None:
        self.asked: list[Ask] = []
        self.answers: list[Any] = []
        self._url, self._headers, self._asks = url, headers, asks
        self._thread = Thread(target=lambda: None)

    def start(self, told: Told) -> None:
        self._thread = Thread(target=self._run, args=(told,))
        self._thread.start()

    def join(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()

    def again(self) -> list[Any]:
        """Asks everything once more, of a server that is there."""
        with self._client() as client:
            return [_answer(client, ask) for ask in self.asked]

    def _run(self, told: Told) -> None:
        with self._client() as client:
            for ask in self._asks:
                self.asked.append(ask)
                try:
                    self.answers.append(_answer(client, ask))
                except httpx.TransportError:
                    return
                told.one_more()

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=self._url, headers=self._headers, timeout=60, trust_env=False)


def _answer(client: httpx.Client, ask: Ask) -> Any:
    answer = client.post(ask[0], json=ask[1])
    assert answer.status_code == 200, answer.text
    return answer.json()


def wait(what: Callable[[], bool]) -> None:
    """Until it is so; a limit for waiting, not a time that is expected."""
    until = monotonic() + 60
    while not what():
        assert monotonic() < until
        sleep(0.02)
