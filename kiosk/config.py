"""Settings of the kiosk: every entry with its default and what it is for, read once at the start.

Written by hand, since a library for settings takes a third of the time in which a kiosk starts.
"""

import os
from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from domain.errors import Invalid

PREFIX = "USHER_KIOSK_"


def _setting(
    default: Any, words: str, *, among: tuple[str, ...] = (), between: tuple[int, int] | None = None
) -> Any:
    """An entry: `among` are the words that it may be, `between` its least and its most."""
    about = {"words": words, "among": among, "between": between}
    if callable(default):
        return field(default_factory=default, metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Read from the environment, each with the prefix `USHER_KIOSK_`; what the command line gives wins.

    What an administrator decides (mode, scopes, lists, gate) comes with the pairing, not from here.
    """

    data: Path = _setting(  # noqa: RUF009  # it makes a field
        lambda: user_data_path("usher", appauthor=False) / "kiosk",
        "Folder of what this kiosk keeps: its acts, copies of the server's records, settings.",
    )
    server: str = _setting("", "Server that is offered at the first start, such as https://host.")
    theme: str = _setting("auto", "Look of the screen.", among=("auto", "light", "dark"))
    language: str = _setting("", "Language of the screen, such as de; empty for the system's.")
    text_size: int = _setting(100, "Size of texts, in percent.", between=(80, 200))
    fullscreen: bool = _setting(True, "Fill the screen, and leave it only with the PIN.")
    reduced_motion: bool = _setting(False, "Show changes without movement.")
    sound: bool = _setting(True, "Tell verdicts and calls by sound too.")
    announce: str = _setting(
        "", "Languages that calls are read out in, such as de,en; empty for the screen's."
    )
    deadline: int = _setting(
        250, "How long the door waits for the server's verdict, in milliseconds.", between=(50, 5_000)
    )
    verdict_seconds: int = _setting(
        4, "How long a verdict stays before the door is ready again by itself.", between=(1, 60)
    )
    visitor_seconds: int = _setting(
        30, "How long a visitor's screen waits for a touch before it starts anew.", between=(10, 300)
    )
    journal_days: int = _setting(
        7, "How long scans stay in the kiosk's own journal once the server has them.", between=(1, 90)
    )
    camera: str = _setting("", "Camera to use by name or number; empty for the first.")
    port: int = _setting(8750, "Port of the server inside this computer.", between=(1, 65_535))

    given: frozenset[str] = frozenset()
    """Names of the settings that were given, and are no defaults."""

    @property
    def announced(self) -> tuple[str, ...]:
        """Tags of the languages that calls are read out in."""
        return tuple(tag for tag in map(str.strip, self.announce.split(",")) if tag)

    @property
    def server_data(self) -> Path:
        """Folder of the server inside this computer, and of its log."""
        return self.data / "server"


ENTRIES: tuple[Field[Any], ...] = tuple(entry for entry in fields(Config) if entry.metadata)


def read(**given: Any) -> Config:
    """The settings, those given before those of the environment; None means not given. Raises `Invalid`."""
    found: dict[str, Any] = {}
    for entry in ENTRIES:
        value = given.get(entry.name)
        if value is None:
            value = os.environ.get(PREFIX + entry.name.upper())
        if value is not None:
            found[entry.name] = _checked(entry, value)
    return Config(**found, given=frozenset(found))


def _checked(entry: Field[Any], value: Any) -> Any:
    among, between = entry.metadata["among"], entry.metadata["between"]
    try:
        read = _READ[entry.type](value)
    except (ValueError, KeyError):
        raise _wrong(entry, value, f"is to be {_KINDS[entry.type]}") from None
    if among and read not in among:
        raise _wrong(entry, value, f"is to be one of {', '.join(among)}")
    if between and not between[0] <= read <= between[1]:
        raise _wrong(entry, value, f"is to be from {between[0]} to {between[1]}")
    return read


def _wrong(entry: Field[Any], value: object, why: str) -> Invalid:
    return Invalid(f"{entry.name} {why}, not {value!r}", code="setting_invalid")


_SAID = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}
_READ: dict[object, Callable[[Any], Any]] = {
    bool: lambda value: value if isinstance(value, bool) else _SAID[str(value).strip().lower()],
    int: int,
    str: str,
    Path: Path,
}
_KINDS: dict[object, str] = {bool: "yes or no", int: "a whole number", str: "a text", Path: "a path"}
