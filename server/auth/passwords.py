"""Passwords: Argon2id, worked out beside the event loop, two at a time since each takes a processor."""

import asyncio
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.auth.readable import readable

_AT_ONCE = 2
_MEMORY_KIB, _PASSES = 32 * 1024, 3
"""More than OWASP asks for; the library's own 64 MB would be most of what the server needs."""


class Passwords:
    """Makes and checks digests of passwords; checking takes as long where there is nothing to check."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(_PASSES, _MEMORY_KIB, parallelism=1)
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._decoy: str | None = None

    async def digest(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, digest: str | None, password: str) -> bool:
        """Whether a password is the one of a digest; never so for None, in the same time."""
        if self._decoy is None:
            self._decoy = await self.digest(token_urlsafe())
        async with self._turn:
            fits = await asyncio.to_thread(self._verify, digest or self._decoy, password)
        return fits and digest is not None

    def _verify(self, digest: str, password: str) -> bool:
        try:
            return self._hasher.verify(digest, password)
        except (VerificationError, InvalidHashError):
            return False


def generated() -> str:
    """A new password for a person to write down: 15 letters and digits in groups, 75 bits."""
    return readable(3, 5).lower()
