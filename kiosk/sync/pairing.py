"""Pairing: from the code that an administrator shows to what this kiosk may do."""

import platform
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import orjson

from domain.errors import Invalid
from kiosk.store import credentials
from kiosk.store.credentials import Credentials
from kiosk.sync.faults import problem, unreachable

_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Invitation:
    """A server's address and a code that it accepts once."""

    server: str
    code: str


def invitation(text: str, server: str = "") -> Invitation:
    """Reads what was scanned, `usher://pair?server=…&code=…`, or a typed code for a known server.

    Raises `Invalid` that says what is missing.
    """
    if text.strip().lower().startswith("usher:"):
        said = parse_qs(text.partition("?")[2].strip())
        server, code = said.get("server", [""])[0], said.get("code", [""])[0]
    else:
        code = "".join(text.split()).upper()
    address = server.strip().rstrip("/")
    if not code:
        raise Invalid(
            "Scan the pairing code that the administrator shows, or type it.", code="pairing_code_missing"
        )
    if not _is_address(address):
        raise Invalid(
            "Type the server's address, such as https://tickets.example.org, or scan the QR code.",
            code="server_missing",
        )
    return Invitation(address, code)


def pair(asked: Invitation, name: str = "") -> Credentials:
    """Redeems a code. Raises `NotFound` for one that is wrong or was used, `Gone` for one that is too old,
    `Unavailable` where no server answers."""
    body = {"pairingCode": asked.code, "platform": f"{platform.system()} {platform.machine()}"}
    if name:
        body["name"] = name
    try:
        response = httpx.post(
            f"{asked.server}/api/devices/pair",
            content=orjson.dumps(body),
            headers={"Content-Type": "application/json"},
            timeout=_SECONDS,
        )
    except httpx.HTTPError as error:
        raise unreachable(asked.server, error) from error
    if not response.is_success:
        raise problem(response, response.content)
    try:
        read = orjson.loads(response.content)
        return credentials.from_json(read, server=asked.server, token=str(read["token"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreachable(asked.server, "its answer is not that of an Usher server") from error


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
