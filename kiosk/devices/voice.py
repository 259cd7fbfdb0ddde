"""A voice that reads announcements out, without a network."""

import shutil
import subprocess
from typing import Protocol

_PROGRAMS = ("espeak-ng", "espeak")
_SLOWLY = "140"
"""Words a minute: a lobby echoes."""
_PATIENCE = 30.0
"""Seconds after which a sentence is given up: a sound card that hangs keeps no announcement after it."""


class Voice(Protocol):
    """`say` returns once the words were said, and never raises. `language` is a tag such as `de`."""

    @property
    def present(self) -> bool: ...
    def say(self, words: str, language: str) -> None: ...


class NoVoice:
    """Says nothing, and remembers what it was asked to say."""

    present = False

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    def say(self, words: str, language: str) -> None:
        self.said.append((words, language))


class EspeakVoice:
    """espeak-ng, where the system has it; silent where not."""

    def __init__(self, program: str | None = None) -> None:
        self._program = program or next(filter(None, map(shutil.which, _PROGRAMS)), None)

    @property
    def present(self) -> bool:
        return self._program is not None

    def say(self, words: str, language: str) -> None:
        if self._program is None:
            return
        command = [self._program, "-v", language.lower(), "-s", _SLOWLY, "--stdin"]
        try:
            subprocess.run(  # noqa: S603
                command, input=words.encode(), capture_output=True, timeout=_PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return
