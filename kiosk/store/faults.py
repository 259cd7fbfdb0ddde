"""What can go wrong with the kiosk's own files, said in words of what to do.

Problem
├── StorageFull                    the disk is full; nothing was written
├── Unavailable  `storage_failed`  the disk did not answer
└── Unusable                       this file cannot be used; it is kept as it is
    ├── Damaged
    └── FromNewerVersion
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import Problem, StorageFull, Unavailable


class Unusable(Problem):
    """A file that cannot be used. `file` is where it lies, untouched."""

    status = 500
    code = "file_unusable"

    def __init__(self, detail: str, file: Path) -> None:
        super().__init__(detail)
        self.file = file


class Damaged(Unusable):
    code = "file_damaged"

    @classmethod
    def at(cls, file: Path, why: str = "") -> "Damaged":
        reason = f" ({' '.join(why.split())})" if why else ""
        return cls(
            f"The file {file} is damaged{reason}. It was kept as it is. "
            "Run `usher rescue` to set it aside and go on with a new one; what can be read is carried over.",
            file,
        )


class FromNewerVersion(Unusable):
    code = "file_from_newer_version"

    @classmethod
    def at(cls, file: Path, found: int, known: int) -> "FromNewerVersion":
        return cls(
            f"The file {file} was written by a newer version of Usher (form {found}, this one knows "
            f"{known}). It was kept as it is. Install the newer version again to use it.",
            file,
        )


@contextmanager
def told(file: Path) -> Iterator[None]:
    """Turns what SQLite says of a file into a fault that a person can act on."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        fault = _fault(error, file)
        if fault is None:
            raise
        raise fault from error


def _fault(error: sqlite3.DatabaseError, file: Path) -> Problem | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_FULL:
            return StorageFull(
                f"The disk that holds {file.parent} is full: nothing was recorded. "
                "Free some space there, then do it again."
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Damaged.at(file, str(error))
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_BUSY:
            return Unavailable(
                f"The file {file} could not be written ({error}): nothing was recorded. "
                "Check the disk and its permissions, then do it again.",
                code="storage_failed",
            )
        case sqlite3.SQLITE_INTERRUPT:
            return Unavailable("The kiosk is closing; this is done when it starts again.", code="closing")
        case _:
            return None
