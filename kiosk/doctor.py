"""What a kiosk misses on this machine, and how to get it."""

import ctypes.util
import importlib
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from domain.errors import Problem
from domain.finding import Finding, Mark
from kiosk.store.faults import Damaged, told
from kiosk.store.outbox_file import NAME
from kiosk.store.sqlite_file import connect


def examine(data: Path) -> Iterator[Finding]:
    """Looks at the program, the system's libraries, the devices, and what the kiosk keeps in `data`."""
    yield _python()
    for module, cure in _MODULES.items():
        yield _module(module, cure)
    if platform.system() == "Linux":
        for library, package in _LIBRARIES.items():
            yield _library(library, package)
    yield _screen()
    yield _cameras()
    yield _player()
    yield _voice()
    if (data / NAME).exists():
        yield _acts(data / NAME)


_MODULES = {
    "PySide6.QtWidgets": "apt-get install libegl1 libgl1 libxkbcommon0, or run `make setup`",
    "cv2": "apt-get install libgl1 libglib2.0-0, or run `make setup`",
    "zxingcpp": "run `make setup`",
    "pyzbar.pyzbar": "apt-get install libzbar0, or brew install zbar",
    "uvicorn": "run `make setup`",
}
_LIBRARIES = {
    "EGL": "libegl1",
    "GL": "libgl1",
    "fontconfig": "libfontconfig1",
    "xkbcommon": "libxkbcommon0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-image": "libxcb-image0",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-randr": "libxcb-randr0",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-shape": "libxcb-shape0",
    "xcb-xkb": "libxcb-xkb1",
    "zbar": "libzbar0",
}
"""What Qt and the decoders open on Linux, and the package of Debian and Ubuntu that brings it."""


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


def _library(name: str, package: str) -> Finding:
    found = ctypes.util.find_library(name)
    if found:
        return Finding(f"lib{name}", Mark.GOOD, found)
    return Finding(f"lib{name}", Mark.WARN, "not found", f"apt-get install {package}, or run `make setup`")


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
    try:
        from kiosk.devices.cameras import cameras
    except (ImportError, OSError):
        return Finding("cameras", Mark.WARN, "cannot be looked for", "get cv2 first")
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


def _voice() -> Finding:
    found = next((name for name in ("espeak-ng", "espeak") if shutil.which(name)), None)
    if found:
        return Finding("voice", Mark.GOOD, found)
    return Finding("voice", Mark.WARN, "none: calls are told by a chime alone", "apt-get install espeak-ng")


def _acts(path: Path) -> Finding:
    """The file of what this kiosk did."""
    try:
        with closing(connect(path, synchronous="FULL", readonly=True)) as db, told(path):
            verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                raise Damaged.at(path, verdict)
            [waiting] = db.execute("SELECT count(*) FROM outbox WHERE state = 'waiting'").fetchone()
    except Problem as problem:
        return Finding("kiosk's acts", Mark.BAD, str(path), problem.detail)
    return Finding("kiosk's acts", Mark.GOOD, f"{path}, {waiting} to send")
