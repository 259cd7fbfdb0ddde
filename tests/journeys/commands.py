"""The `usher` command, as a person types it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

USHER = Path(sys.executable).with_name("usher")


@dataclass(frozen=True)
class Said:
    """`out` is what it printed, `trouble` its sentence on the error output."""

    status: int
    out: str
    trouble: str


def usher(*arguments: object, **environment: str) -> Said:
    """Runs it to its end; it never shows a traceback."""
    quiet = {**os.environ, "USHER_DATABASE_URL": "", "USHER_LOG_LEVEL": "warning", **environment}
    ended = subprocess.run(
        [USHER, *map(str, arguments)], env=quiet, capture_output=True, text=True, timeout=120, check=False
    )
    assert "Traceback" not in ended.stderr + ended.stdout
    return Said(ended.returncode, ended.stdout, ended.stderr)


def done(*arguments: object, **environment: str) -> str:
    """What it printed, where it did what it should."""
    said = usher(*arguments, **environment)
    assert said.status == 0, said.trouble
    return said.out.strip()


def refused(*arguments: object, **environment: str) -> str:
    """The one sentence that says why it did not."""
    said = usher(*arguments, **environment)
    assert said.status == 2, said
    [sentence] = said.trouble.splitlines()
    assert sentence.startswith("usher: ")
    assert said.out == ""
    return sentence
