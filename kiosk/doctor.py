"""What is missing on this machine, and how to get it."""

import ctypes.util
import importlib
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_ROOM = 500_000_000


class Mark(StrEnum):
    GOOD = "good"
    WARN = "warn"
    """Something will not work, the rest will."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `cure` says how to get what is missing."""

    what: str
    mark: Mark
    found: str
    cure: str = ""


def examine(data: Path) -> Iterator[Finding]:
    """Looks at the program, the system's libraries, the devices, and the folder of its data."""
    yield _python()
    for module, cure in _MODULES.items():
        yield _module(module, cure)
    if platform.system() == "Linux":
        yield from map(_library, _LIBRARIES)
    yield _screen()
    yield _cameras()
    yield _player()
    yield from _folder(data)


_MODULES = {
    "PySide6.QtWidgets": "run `make setup`; on Debian: apt-get install libegl1 libgl1 libxkbcommon0",
    "cv2": "run `make setup`; on Debian: apt-get install libgl1 libglib2.0-0",
    "zxingcpp": "run `make setup`",
    "pyzbar.pyzbar": "apt-get install libzbar0, or brew install zbar",
    "uvicorn": "run `make setup`",
}
_LIBRARIES = ("EGL", "GL", "xkbcommon", "xcb-cursor", "fontconfig", "zbar")


def _python() -> Finding:
    version = platform.python_version()
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Finding(
        "Python", Mark.GOOD if good else Mark.BAD, version, "" if good else "use Python 3.11 to 3.13"
    )


def _module(name: str, cure: str) -> Finding:
    try:
        importlib.import_module(name)
    except (ImportError, OSError) as fault:
        return Finding(name, Mark.BAD, str(fault), cure)
    return Finding(name, Mark.GOOD, "loads")


def _library(name: str) -> Finding:
    found = ctypes.util.find_library(name)
    if found:
        return Finding(f"lib{name}", Mark.GOOD, found)
    return Finding(
        f"lib{name}", Mark.WARN, "not found", "run `make setup`, which installs the system's libraries"
    )


def _screen() -> Finding:
    if platform.system() != "Linux":
        return Finding("screen", Mark.GOOD, platform.system())
    shown = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if shown:
        return Finding("screen", Mark.GOOD, shown)
    return Finding(
        "screen", Mark.WARN, "none", "start the kiosk in a graphical session; `usher serve` needs none"
    )


def _cameras() -> Finding:
    from kiosk.devices.cameras import cameras

    found = cameras()
    if found:
        return Finding("cameras", Mark.GOOD, ", ".join(info.name for info in found))
    return Finding("cameras", Mark.WARN, "none", "plug one in, or scan with a keyboard scanner")


def _player() -> Finding:
    known = ("paplay", "aplay", "afplay")
    found = next((name for name in known if shutil.which(name)), None)
    if found or platform.system() == "Windows":
        return Finding("sound", Mark.GOOD, found or "Windows")
    return Finding("sound", Mark.WARN, "no player", "apt-get install pulseaudio-utils or alsa-utils")


def _folder(data: Path) -> Iterator[Finding]:
    place = next(path for path in (data, *data.parents) if path.exists())
    writable = os.access(place, os.W_OK)
    cure = "" if writable else f"give this user the right to write in {place}, or choose another with --data"
    yield Finding("data folder", Mark.GOOD if writable else Mark.BAD, str(data), cure)
    free = shutil.disk_usage(place).free
    room = free >= _ROOM
    yield Finding(
        "free space",
        Mark.GOOD if room else Mark.WARN,
        f"{free // 1_000_000:,} MB",
        "" if room else "make room on the disk",
    )
