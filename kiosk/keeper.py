"""A kiosk that fell is started again, and comes back with the face that it had."""

import signal
import subprocess
from collections.abc import Sequence
from time import monotonic, sleep
from types import FrameType

_MEANT = (0, 2)
"""Somebody quit it, or it said why it cannot start: both are for a person to change."""

_PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
_STEADY_SECONDS = 60.0
"""A kiosk that ran so long has made up for earlier falls."""

_STEP = 0.1


class Keeper:
    """Runs a program in the foreground until it ends as it is meant to, or this process is told to end."""

    def __init__(self, pauses: Sequence[float] = _PAUSES) -> None:
        self._pauses = tuple(pauses)
        self._ending = False
        self._child: subprocess.Popen[bytes] | None = None

    def keep(self, first: Sequence[str], again: Sequence[str]) -> int:
        """Its exit status; `again` is run in the place of `first` after a fall."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        command, falls = first, 0
        while True:
            began = monotonic()
            self._child = subprocess.Popen(list(command))  # noqa: S603
            if self._ending:  # Told so while it was just being run again.
                self._child.terminate()
            status = self._child.wait()
            if status in _MEANT or self._ending:
                return status
            falls = 1 if monotonic() - began > _STEADY_SECONDS else falls + 1
            command = again
            if not self._rest(self._pauses[min(falls, len(self._pauses)) - 1]):
                return status

    def _rest(self, seconds: float) -> bool:
        """Whether it is to go on after that."""
        until = monotonic() + seconds
        while not self._ending and monotonic() < until:
            sleep(_STEP)
        return not self._ending

    def _end(self, number: int, _frame: FrameType | None) -> None:
        self._ending = True
        if self._child:
            self._child.send_signal(number)
