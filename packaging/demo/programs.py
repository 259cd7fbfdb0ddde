"""The programs of the demonstration, each a process of its own: the backend, and kiosks with a hand."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpx

_SECONDS = 60.0
_DEADLINE = "4000"
"""Kiosks wait so many milliseconds for the server, so that a machine with much to do shows the same."""

PIN = "2468"
"""What staff of every kiosk give."""

USHER = (sys.executable, "-c", "import launch; launch.main()")


class Trouble(Exception):
    """A step did not do what it should; the message says what happened instead."""


class Backend:
    """The server over one data folder, on one port; may be stopped, killed and started again."""

    def __init__(self, data: Path, port: int, database_url: str = "") -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.data, self.log = data, data.parent / "backend.log"
        self._command = (*USHER, "serve", "--data", str(data), "--port", str(port))
        self._quiet = {**os.environ, "USHER_RATE_LIMITS": "false", "USHER_DATABASE_URL": database_url}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, env=self._quiet)
        until(self._answers, lambda: f"the backend does not answer; see {self.log}")

    def stop(self) -> int | None:
        """Asks it to end; its exit status, None where it did not run."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As if somebody had pulled the plug."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        process.send_signal(how)
        return process.wait(_SECONDS)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz").is_success
        except httpx.TransportError:
            return False


class Kiosk:
    """A kiosk whose window is pressed and whose camera is shown pictures."""

    def __init__(self, name: str, folder: Path, theme: str = "light") -> None:
        self.name, self._folder, self._theme = name, folder, theme
        self.pictures = folder / "camera"
        self.pictures.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[str] | None = None
        self._lines: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._number = 0
        self._passed: list[dict[str, Any]] = []
        self._states: dict[str, dict[str, Any]] = {}

    def start(self, *more: str, window: bool = True) -> None:
        """In a window, or on the whole screen, where a kiosk that falls is started again."""
        command = (
            *USHER, "kiosk", "--data", str(self._folder / "data"), "--pictures", str(self.pictures),
            "--theme", self._theme, *(("--window",) if window else ()), "--remote", *more,
        )  # fmt: skip
        # What an earlier run told, and that it ended, is told of this one no more.
        self._lines, self._passed, self._states = SimpleQueue(), [], {}
        with (self._folder / "kiosk.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, bufsize=1,
                env={**os.environ, "USHER_KIOSK_DEADLINE": _DEADLINE},
            )  # fmt: skip
        self._listener = Thread(target=self._listen, args=(self._process,), daemon=True)
        self._listener.start()
        self.hear("ready")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """As if somebody had pulled the plug."""
        assert self._process is not None
        self._process.kill()
        self._let_go(self._process)

    def quit(self) -> None:
        """Ends it, gently first."""
        if self._process is not None:
            with suppress(Trouble, OSError, ValueError):
                self.do("quit")
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            self._process.kill()
            self._let_go(self._process)
            self._process = None

    def _let_go(self, process: "subprocess.Popen[str]") -> None:
        """Waits for its end, and for its last words."""
        process.wait()
        self._listener.join()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def do(self, what: str, **more: object) -> dict[str, Any]:
        """Gives an order and waits for its answer. Raises `Trouble` where it cannot be done."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._number += 1
        order = {"id": self._number, "do": what, **more}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._wait(lambda line: line.get("id") == self._number, f"no answer to {order}")
        if "error" in answer:
            raise Trouble(f"{self.name}: {answer['error']}")
        return answer

    def press(self, *names: str) -> None:
        """Presses the first of these that is to be seen, waiting for one."""
        late = time.monotonic() + _SECONDS
        while True:
            for name in names:
                try:
                    self.do("press", name=name)
                except Trouble:
                    if time.monotonic() > late:
                        raise
                else:
                    return
            time.sleep(0.05)

    def enter(self, pin: str) -> None:
        """Digit after digit, as a finger does it."""
        for digit in pin:
            self.press(f"pin:{digit}")
        self.press("pin:ok")

    def choose_pin(self) -> None:
        """A new one is asked for twice."""
        self.enter(PIN)
        self.enter(PIN)

    def hear(self, event: str, **wanted: object) -> dict[str, Any]:
        """Waits for something that the kiosk tells of; what it told before counts too, once."""

        def fits(line: Mapping[str, object]) -> bool:
            return line.get("event") == event and all(line.get(k) == v for k, v in wanted.items())

        return self._wait(fits, f"did not tell of {event} {dict(wanted) or ''}")

    def shows(self, state: str, **wanted: object) -> None:
        """Waits until what the kiosk last told of a state is as wanted."""

        def holds() -> bool:
            told = self._states.get(state)
            return told is not None and wanted.items() <= told.items()

        until(holds, lambda: f"{self.name} does not show {state} {wanted}, but {self._states.get(state)}")

    def picture(self, path: Path) -> str:
        return str(self.do("picture", path=str(path))["saved"])

    def _wait(self, fits: Callable[[Mapping[str, object]], bool], trouble: str) -> dict[str, Any]:
        for line in self._passed:
            if fits(line):
                self._passed.remove(line)
                return line
        for line in self._until_late():
            if fits(line):
                return line
            self._passed.append(line)
        raise Trouble(f"{self.name} {trouble}")

    def _until_late(self) -> Iterator[dict[str, Any]]:
        late = time.monotonic() + _SECONDS
        while (left := late - time.monotonic()) > 0:
            with suppress(Empty):
                line = self._lines.get(timeout=left)
                if line.get("event") == "ended":
                    raise Trouble(f"{self.name} ended by itself; see {self._folder / 'kiosk.log'}")
                yield line

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        lines, states = self._lines, self._states
        assert process.stdout is not None
        for line in process.stdout:
            with suppress(ValueError):
                told = json.loads(line)
                states[str(told.get("event"))] = told
                lines.put(told)
        lines.put({"event": "ended"})


def until(holds: Callable[[], bool], trouble: Callable[[], str]) -> None:
    late = time.monotonic() + _SECONDS
    while time.monotonic() < late:
        if holds():
            return
        time.sleep(0.02)
    raise Trouble(trouble())
