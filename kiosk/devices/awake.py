"""The screen stays on, as far as the system lets a program ask for that."""

import os
import shutil
import subprocess
import sys
from threading import Thread

_SERVICE, _PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
_PATIENCE = 5_000
"""Milliseconds for a desktop to answer."""


def keep_awake() -> None:
    """From now on until this process ends; returns at once. Asked on the window's thread."""
    if sys.platform == "win32":
        import ctypes

        # Until further notice, the display, the system.
        ctypes.windll.kernel32.SetThreadExecutionState(0x80000000 | 0x2 | 0x1)
    elif sys.platform == "darwin":
        subprocess.Popen(["/usr/bin/caffeinate", "-d", "-w", str(os.getpid())])  # noqa: S603
    else:
        Thread(target=_ask_desktop, name="usher-awake", daemon=True).start()


def _ask_desktop() -> None:
    """The desktop, and where there is none the X server itself, which blanks the screen by its own clock."""
    if not inhibited() and os.environ.get("DISPLAY") and (xset := shutil.which("xset")):
        subprocess.run([xset, "s", "off", "-dpms"], capture_output=True, check=False)  # noqa: S603


def inhibited() -> bool:
    """Whether a desktop has promised to leave the screen on until this process ends."""
    try:
        from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage
    except ImportError:
        return False
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    asked = QDBusMessage.createMethodCall(_SERVICE, _PATH, _SERVICE, "Inhibit")
    asked.setArguments(["Usher", "A kiosk is looked at without being touched."])
    answer = bus.call(asked, QDBus.CallMode.Block, _PATIENCE)
    return answer.type() is QDBusMessage.MessageType.ReplyMessage
