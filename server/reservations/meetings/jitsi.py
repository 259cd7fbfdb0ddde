"""Rooms of any Jitsi server: an address, and a JWT signed with the secret that the server knows too."""

from urllib.parse import quote, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from domain.clock import SECOND, Instant
from server.reservations.meetings.provider import Entry, Guest


class Jitsi:
    name = "jitsi"

    def __init__(self, url: str, app_id: str, secret: str) -> None:
        self._url, self._app_id = url.rstrip("/"), app_id
        self._key = OctKey.import_key(secret)

    async def open(self, room: str, until: Instant) -> str:
        """Rooms of Jitsi are there as soon as somebody enters."""
        return f"{self._url}/{quote(room)}"

    async def token(self, room: str, guest: Guest, until: Instant) -> str:
        claims = {
            "aud": "jitsi",
            "iss": self._app_id,
            "sub": urlsplit(self._url).hostname or "",
            "room": room,
            "exp": until // SECOND,
            "context": {"user": {"name": guest.name, "email": guest.email, "moderator": guest.host}},
            "moderator": guest.host,
        }
        return jwt.encode({"alg": "HS256"}, claims, self._key, algorithms=["HS256"])

    async def entry(self, token: str) -> Entry | None:
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
            user = claims["context"]["user"]
            return Entry(
                str(claims["room"]),
                str(user["name"]),
                bool(user["moderator"]),
                Instant(int(claims["exp"]) * SECOND),
            )
        except (JoseError, KeyError, TypeError, ValueError):
            return None

    def link(self, address: str, token: str) -> str:
        return f"{address}?jwt={token}"

    async def close(self) -> None: ...
