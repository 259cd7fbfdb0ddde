"""What a provider of video rooms does, and the one that there is without any."""

from dataclasses import dataclass
from typing import NoReturn, Protocol

from domain.clock import MINUTE, Instant
from domain.errors import Conflict

GRACE = 15 * MINUTE
"""So long after the end a token still lets in."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who enters; a `host` may let others in and end the meeting."""

    name: str
    email: str
    host: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """Whom a token lets into which room, until when."""

    room: str
    name: str
    host: bool
    until: Instant


class Provider(Protocol):
    """Calls of a service may raise `Unavailable`; each can be repeated."""

    name: str

    async def open(self, room: str, until: Instant) -> str:
        """The address of a room of that name, which is there from now on."""

    async def token(self, room: str, guest: Guest, until: Instant) -> str:
        """Lets one person in."""

    async def entry(self, token: str) -> Entry | None:
        """Whom a token lets in; None for one that is not this provider's."""

    def link(self, address: str, token: str) -> str:
        """The address that opens the room with a token."""

    async def close(self) -> None: ...


class Nobody:
    """The default: there are no video meetings."""

    name = "none"

    async def open(self, room: str, until: Instant) -> NoReturn:
        self._refuse()

    async def token(self, room: str, guest: Guest, until: Instant) -> NoReturn:
        self._refuse()

    async def entry(self, token: str) -> NoReturn:
        self._refuse()

    def link(self, address: str, token: str) -> NoReturn:
        self._refuse()

    async def close(self) -> None: ...

    def _refuse(self) -> NoReturn:
        raise Conflict(
            "video meetings are not set up on this server: set USHER_MEETING_PROVIDER to jitsi or daily",
            code="meetings_off",
        )
