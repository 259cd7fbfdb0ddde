"""Sounds, to be heard without looking up: short files of the product, played by the system's player."""

import platform
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

FOLDER = Path(__file__).parents[2] / "resources" / "sounds"
_PLAYERS = ("paplay", "pw-play", "aplay", "afplay")


class Sound(Protocol):
    """`play` returns at once, `play_through` once it was heard; neither raises. Names: `admitted`, `ask`,
    `refused`, `chime`."""

    @property
    def present(self) -> bool: ...
    def play(self, name: str) -> None: ...
    def play_through(self, name: str) -> None: ...


class SilentSound:
    """Plays nothing, and remembers what it was asked for."""

    present = False

    def __init__(self) -> None:
        self.played: list[str] = []

    def play(self, name: str) -> None:
        self.played.append(name)

    play_through = play


class SystemSound:
    """Plays through the system's own player, one sound after the other; without one it is silent."""

    def __init__(self, folder: Path = FOLDER, player: str | None = None) -> None:
        self._folder = folder
        self._player = player or next(filter(None, map(shutil.which, _PLAYERS)), None)
        self._names: SimpleQueue[str] = SimpleQueue()
        if self.present:
            Thread(target=self._run, name="usher-sound", daemon=True).start()

    @property
    def present(self) -> bool:
        return self._player is not None or platform.system() == "Windows"

    def play(self, name: str) -> None:
        if self.present:
            self._names.put(name)

    def play_through(self, name: str) -> None:
        with suppress(OSError, RuntimeError):
            self._play(self._folder / f"{name}.wav")

    def _run(self) -> None:
        while True:
            self.play_through(self._names.get())

    def _play(self, file: Path) -> None:
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(file), winsound.SND_FILENAME)
        elif self._player is not None and file.is_file():
            subprocess.run([self._player, str(file)], capture_output=True, check=False)  # noqa: S603
