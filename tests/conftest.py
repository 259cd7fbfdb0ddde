"""What every test stands on: windows are drawn without a screen unless one is asked for, and let go on the
thread that they belong to."""

import gc
import os
from collections.abc import Generator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """Where windows are shown, garbage is looked for on this thread alone, as `kiosk.qt.garbage` does in a
    kiosk. What is left of them is looked for before a test that shows none, whose threads might find it."""
    if not _shows_windows(item):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect(1 if _shows_windows(nextitem) else 2)
        gc.enable()


def _shows_windows(item: pytest.Item | None) -> bool:
    return "qapp" in getattr(item, "fixturenames", ())
