"""Garbage is looked for on the window's thread alone.

Python looks for it on whichever thread has just made one object too many. What it finds may belong to Qt,
whose objects may be looked at and let go on their own thread only: a kiosk that reads and sends on other
threads would crash now and then.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

_EVERY = 500
"""Milliseconds."""
_FULLY = 120
"""A look at everything takes longest: once a minute."""


@contextmanager
def on_this_thread() -> Iterator[None]:
    """Until the end of the context; what lives at its beginning is never looked at again."""
    looks = 0

    def look() -> None:
        nonlocal looks
        looks += 1
        young, middle, _ = gc.get_count()
        most_young, most_middle, _ = gc.get_threshold()
        if looks % _FULLY == 0:
            gc.collect()
        elif middle > most_middle:
            gc.collect(1)
        elif young > most_young:
            gc.collect(0)

    gc.disable()
    gc.freeze()
    timer = QTimer(interval=_EVERY)
    timer.timeout.connect(look)
    timer.start()
    try:
        yield
    finally:
        timer.stop()
        gc.unfreeze()
        gc.enable()
