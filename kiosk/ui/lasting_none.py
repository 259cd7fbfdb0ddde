"""Keeps `None`, `True` and the like alive under Python 3.11.

PySide6 6.12 is built for Pythons in which these are never counted: each call that returns nothing, each
signal that carries a `bool` drops a reference to one. Python 3.11 does count, and after a few thousand calls
ends with "deallocating None" or "deallocating True or False".
"""

import ctypes
import sys

_PLENTY = 1 << 60
_SINGLE = (None, True, False, NotImplemented, ...)


def keep() -> None:
    """Gives each more references than a century of calls drops; where they need none, does nothing."""
    for one in _SINGLE:
        if sys.version_info < (3, 12) and sys.getrefcount(one) < _PLENTY // 2:
            # CPython: the count is the first field of an object, and an object's id its address.
            ctypes.c_ssize_t.from_address(id(one)).value += _PLENTY
