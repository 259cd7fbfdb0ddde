"""The server inside this computer: a child process, watched, started again, and ended with the kiosk."""

import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import SystemRandom
from threading import Event, Lock, Thread
from time import monotonic

import httpx

from domain import sync
from domain.errors import Problem

_LOG_BYTES = 5_000_000
_NEW_SECONDS, _READY_SECONDS = 30.0, 600.0
"""How long a server without data may take until it answers, and one that was updated: that may bring a large
database up to date first, and to end it would only make it begin again."""

_CHECK_SECONDS = 2.0
_END_SECONDS = 5.0
_MISSES = 5
"""So many checks in a row without an answer, and the server is started anew."""

_STEADY_SECONDS = 60.0
"""A server that ran so long has made up for earlier falls."""


class PortTaken(Problem):
    code = "port_taken"


class NotStarted(Problem):
    code = "server_not_started"


class Health(StrEnum):
    STARTING = "starting"
    READY = "ready"
    DOWN = "down"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Hosting:
    """How the server is run. `command` runs it in the foreground, listening on `host` and `port`, until its
    standard input is closed: that is so once this process is gone, however it went."""

    command: Sequence[str]
    folder: Path
    port: int
    host: str = "127.0.0.1"
    environment: Mapping[str, str] | None = None
    check_seconds: float = _CHECK_SECONDS
    ready_seconds: float = _READY_SECONDS

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"


@dataclass(frozen=True, slots=True)
class LocalServer:
    """The server inside this computer: how to run it, where its data is. `secret` lets it be set up."""

    command: Sequence[str]
    folder: Path
    port: int

    def hosting(self, secret: str = "") -> Hosting:
        command = (*self.command, "--data", str(self.folder), "--port", str(self.port), "--parent-pipe")
        environment = {"USHER_SETUP_SECRET": secret} if secret else {}
        patience = _NEW_SECONDS if secret else _READY_SECONDS
        return Hosting(command, self.folder, self.port, environment=environment, ready_seconds=patience)


Tell = Callable[[Health, str], None]
"""Told whenever the server's health is another, with words on why. Called on the watching thread."""


class HostedServer:
    """Started or kept once, closed once. Methods may be called from any thread."""

    def __init__(self, hosting: Hosting, tell: Tell = lambda _health, _why: None) -> None:
        self._hosting, self._tell = hosting, tell
        self._process: subprocess.Popen[bytes] | None = None
        self._lock, self._ending = Lock(), Event()
        self._watcher = Thread(target=self._watch, name="usher-hosting", daemon=True)
        # Nothing is encrypted within a machine, and authorities take a twentieth of a second to read.
        nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._http = httpx.Client(timeout=2.0, trust_env=False, verify=nobody)
        self.health = Health.STARTING

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Returns once the server answers. Raises `PortTaken`, or `NotStarted` with its last words."""
        try:
            self._spawn()
            self._wait_ready()
        except (Problem, OSError):
            self.close()
            raise
        self._watcher.start()

    def keep(self) -> None:
        """As `start`, but returns at once, and goes on trying where the server cannot be started."""
        self._watcher.start()

    def close(self) -> None:
        """Ends the server, gently first. May be called twice."""
        self._ending.set()
        if self._watcher.is_alive():
            self._watcher.join()
        self._end()
        self._http.close()
        self._say(Health.ENDED)

    def _spawn(self) -> None:
        hosting = self._hosting
        _require_free(hosting)
        hosting.folder.mkdir(parents=True, exist_ok=True)
        _turn_over(hosting.log)
        environment = {**os.environ, **(hosting.environment or {})}
        with self._lock, hosting.log.open("ab") as log:
            if self._ending.is_set():
                return
            try:
                self._process = subprocess.Popen(  # noqa: S603
                    list(hosting.command),
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=environment,
                    start_new_session=True,
                )
            except OSError as error:
                raise NotStarted(f"The server could not be run ({error}): install Usher again.") from error

    def _wait_ready(self) -> None:
        until = monotonic() + self._hosting.ready_seconds
        while monotonic() < until and not self._ending.is_set():
            if self._fallen():
                raise NotStarted(f"The server ended as soon as it was started. {self._last_words()}")
            if self._answers():
                self._say(Health.READY)
                return
            self._ending.wait(0.05)
        seconds = self._hosting.ready_seconds
        raise NotStarted(f"The server does not answer after {seconds:.0f} s. {self._last_words()}")

    def _watch(self) -> None:
        falls = 0
        # Nobody is told of a first try: the server of a kiosk before may just be ending.
        if self._process is None and not self._again(tells=False):
            falls = self._until_up(1)
        misses, since = 0, monotonic()
        while not self._ending.wait(self._hosting.check_seconds):
            misses = 0 if self._answers() else misses + 1
            if not self._fallen() and misses < _MISSES:
                continue
            falls = 0 if monotonic() - since > _STEADY_SECONDS else falls + 1
            self._say(Health.DOWN, f"The server has stopped; it is started again. {self._last_words()}")
            self._end()
            falls = self._until_up(falls)
            misses, since = 0, monotonic()

    def _until_up(self, falls: int) -> int:
        """Tries until the server answers, or all ends; how often it has fallen by then."""
        while not self._ending.wait(sync.retry_delay(falls, SystemRandom().random()) / 1_000):
            if self._again():
                break
            falls += 1
        return falls

    def _again(self, *, tells: bool = True) -> bool:
        try:
            self._spawn()
            self._wait_ready()
        except (Problem, OSError) as fault:
            self._end()
            if tells and not self._ending.is_set():
                self._say(Health.DOWN, fault.detail if isinstance(fault, Problem) else str(fault))
            return False
        return True

    def _end(self) -> None:
        """Its standard input closes, which it watches; what does not end by that is ended with its group."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            with suppress(OSError):
                process.stdin.close()
        for ending in (_let, _terminate, _kill):
            ending(process)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_END_SECONDS)
                return

    def _fallen(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _answers(self) -> bool:
        try:
            return self._http.get(f"{self._hosting.address}/healthz").is_success
        except httpx.HTTPError:
            return False

    def _last_words(self) -> str:
        """What the server wrote last, and where all of it stands."""
        try:
            lines = self._hosting.log.read_text("utf-8", "replace").strip().splitlines()
        except OSError:
            lines = []
        said = f"It said: {lines[-1]} " if lines else ""
        return f"{said}Its log is {self._hosting.log}."

    def _say(self, health: Health, why: str = "") -> None:
        if health is not self.health:
            self.health = health
            self._tell(health, why)


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on just now."""
    with socket.create_server((host, 0)) as listener:
        return int(listener.getsockname()[1])


def _require_free(hosting: Hosting) -> None:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            if sys.platform != "win32":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((hosting.host, hosting.port))
    except OSError as error:
        raise PortTaken(
            f"Port {hosting.port} on {hosting.host} is taken ({error.strerror}). Close the program that uses "
            "it, perhaps another Usher, or choose another port with USHER_KIOSK_PORT.",
        ) from error


def _turn_over(log: Path) -> None:
    """Keeps the log of before, and no more than that."""
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_name(log.name + ".1"))


def _let(process: subprocess.Popen[bytes]) -> None:
    """It ends by itself."""


def _terminate(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.terminate()
    else:
        _signal(process, signal.SIGTERM)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        _signal(process, signal.SIGKILL)


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    """To the server and whatever it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
