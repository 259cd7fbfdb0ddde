"""The screen stays on: a desktop is asked, or the X server where there is none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

pytestmark = pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="needs dbus-daemon")

DESKTOP = """
import sys
from pathlib import Path
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusConnection

@ClassInfo({"D-Bus Interface": "org.freedesktop.ScreenSaver"})
class Saver(QObject):
    @Slot(str, str, result="uint")
    def Inhibit(self, who, why):
        Path(sys.argv[1]).write_text(who)
        return 7

app, saver, bus = QCoreApplication([]), Saver(), QDBusConnection.sessionBus()
bus.registerObject("/org/freedesktop/ScreenSaver", saver, QDBusConnection.RegisterOption.ExportAllSlots)
assert bus.registerService("org.freedesktop.ScreenSaver")
print("there", flush=True)
app.exec()
"""
KIOSK = """
from time import sleep
from PySide6.QtCore import QCoreApplication
from kiosk.devices.awake import keep_awake
app = QCoreApplication([])
keep_awake()
sleep(60)
"""


@pytest.fixture
def bus() -> Iterator[dict[str, str]]:
    """The environment of a session with a bus, and nobody on it."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        yield {**os.environ, "DBUS_SESSION_BUS_ADDRESS": daemon.stdout.readline().strip()}
        daemon.terminate()


@pytest.fixture
def xset(tmp_path: Path) -> Path:
    """A folder with an `xset` that writes down what it is told."""
    program = tmp_path / "bin" / "xset"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@" > "$0.told"\n')
    program.chmod(0o755)
    return program


def within(folder: Path, name: str) -> str:
    late = monotonic() + 30
    while not (folder / name).exists() or not (folder / name).read_text():
        assert monotonic() < late, f"no {name}"
        sleep(0.02)
    return (folder / name).read_text().strip()


def test_a_desktop_is_asked_to_leave_the_screen_on(bus: dict[str, str], xset: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    desktop = [sys.executable, "-c", DESKTOP, str(asked)]
    with subprocess.Popen(desktop, stdout=subprocess.PIPE, text=True, env=bus) as saver:
        assert saver.stdout is not None
        assert saver.stdout.readline() == "there\n"
        there = {**bus, "DISPLAY": ":0", "PATH": f"{xset.parent}:{bus['PATH']}"}
        with subprocess.Popen([sys.executable, "-c", KIOSK], env=there) as kiosk:
            assert within(tmp_path, "asked") == "Usher"
            kiosk.kill()
        saver.kill()
    assert not xset.with_name("xset.told").exists()


@pytest.mark.parametrize("session", ["no bus", "nobody on it"])
def test_without_a_desktop_the_x_server_is_told(bus: dict[str, str], xset: Path, session: str) -> None:
    alone = {**bus, "DISPLAY": ":0", "PATH": f"{xset.parent}:{bus['PATH']}"}
    if session == "no bus":
        alone["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"
    with subprocess.Popen([sys.executable, "-c", KIOSK], env=alone) as kiosk:
        assert within(xset.parent, "xset.told") == "s off -dpms"
        kiosk.kill()
