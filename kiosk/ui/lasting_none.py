"""Keeps `None` alive under Python 3.11.

PySide6 6.12 is built for Pythons in which `None` is never counted: each call that returns nothing drops a
reference to it. Python 3.11 does count, and after a few thousand calls ends with "deallocating None".
"""

import ctypes
import sys

_PLENTY = 1 << 60


def keep() -> None:
    """Gives `None` more references than a century of calls drops; where it needs none, does nothing."""
    if sys.version_info < (3, 12) and sys.getrefcount(None) < _PLENTY // 2:
        # CPython: the count is the first field of an object, and an object's id its address.
        ctypes.c_ssize_t.from_address(id(None)).value += _PLENTY
