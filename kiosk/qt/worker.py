"""A thread that does one thing after the other, and hands answers back to the window's thread."""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")

_log = logging.getLogger("usher.kiosk")


class Worker(QObject):
    """Whatever reads or writes the store goes through here, so that no picture waits for a disk.

    `ask` returns at once; `then` gets the answer, and `failed` gets what the job raised, both on the
    thread on which the worker was made.
    """

    _done = Signal(object)

    def __init__(self, name: str, failed: Callable[[Exception], None]) -> None:
        super().__init__()
        self._failed = failed
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(self, job: Callable[[], T], then: Callable[[T], None] | None = None) -> None:
        """Does `job` after all that was asked before."""

        def run() -> None:
            try:
                answer = job()
            except Exception as fault:
                self._done.emit(lambda fault=fault: self._failed(fault))
                return
            if then is not None:
                self._done.emit(lambda: then(answer))

        self._jobs.put(run)

    def close(self, seconds: float = 5.0) -> None:
        """Finishes what was asked; answers that are still to come are dropped."""
        self._done.disconnect(self._deliver)
        self._jobs.put(None)
        self._thread.join(seconds)

    @Slot(object)
    def _deliver(self, then: Callable[[], None]) -> None:
        then()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
