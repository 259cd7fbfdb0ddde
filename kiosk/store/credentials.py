"""Who this kiosk is to its server, and which devices it was before: in files of their own that only its user
can read, apart from the data."""

import os
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from domain import sync
from domain.ids import DeviceId, ListId, OrgId
from domain.sync import Scope

NAME = "credentials.json"
_FORMER = "former-devices.json"
_MOST = 20


@dataclass(frozen=True, slots=True)
class Credentials:
    """What pairing gave. `server` is the address that this kiosk asks, such as `https://tickets.example.org`;
    `public` the one that the server tells phones. `since`, when the organisation was made, tells it from one
    of the same id on another server, and is empty where the server did not say. One that `sells` may sell
    tickets at its door."""

    server: str
    token: str
    device: DeviceId
    org: OrgId
    organization: str = ""
    name: str = ""
    mode: str = "door"
    scopes: tuple[Scope, ...] = ()
    lists: tuple[ListId, ...] = ()
    gate: str = ""
    sells: bool = False
    public: str = ""
    since: str = ""

    def page(self, path: str) -> str:
        """The address of a page for phones; a server that told none is asked where this kiosk asks it."""
        return f"{(self.public or self.server).rstrip('/')}{path}"


@dataclass(frozen=True, slots=True)
class _Former:
    """A device that this kiosk was."""

    org: str
    since: str
    token: str


def read(folder: Path) -> Credentials | None:
    """None where the kiosk is not paired, or its file cannot be understood: it has to be paired again."""
    try:
        kept = orjson.loads((folder / NAME).read_bytes())
        known = from_json(kept, server=str(kept["server"]), token=str(kept["token"]))
        return replace(known, public=str(kept.get("public") or ""))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def write(folder: Path, credentials: Credentials) -> None:
    """Replaces the file in one step. Which device the kiosk was until now, if another one, is remembered."""
    before = read(folder)
    if before is not None and before.device != credentials.device:
        _remember(folder, before)
    _replace(folder / NAME, _json(credentials))


def remove(folder: Path) -> None:
    """The kiosk is no device any more, but remembers which one it was."""
    before = read(folder)
    if before is not None:
        _remember(folder, before)
    (folder / NAME).unlink(missing_ok=True)


def former(folder: Path, now: Credentials) -> tuple[str, ...]:
    """The tokens of the devices of the same organisation that this kiosk was before, the oldest first: they
    prove to the server whose numbers it holds, and are good for nothing else once revoked."""
    own = [each for each in _remembered(folder) if each.org == now.org and each.since in ("", now.since)]
    return tuple(each.token for each in own)


def forget_former(folder: Path, token: str) -> None:
    """The server knows of it now."""
    _replace(folder / _FORMER, [astuple(each) for each in _remembered(folder) if each.token != token])


def from_json(answer: Mapping[str, Any], *, server: str, token: str) -> Credentials:
    """From the server's answer to pairing. Scopes of a kind that this version does not know are left out."""
    scopes = (sync.scope(str(name)) for name in answer.get("scopes") or ())
    return Credentials(
        server=server,
        token=token,
        device=DeviceId(str(answer["deviceId"])),
        org=OrgId(str(answer["orgId"])),
        organization=str(answer.get("organization") or ""),
        name=str(answer.get("name") or ""),
        mode=str(answer.get("mode") or "door"),
        scopes=tuple(scope for scope in scopes if scope is not None),
        lists=tuple(ListId(str(id_)) for id_ in answer.get("lists") or ()),
        gate=str(answer.get("gate") or ""),
        sells=bool(answer.get("sells")),
        public=str(answer.get("server") or ""),
        since=str(answer.get("orgSince") or ""),
    )


def _remember(folder: Path, device: Credentials) -> None:
    now = _Former(device.org, device.since, device.token)
    kept = [each for each in _remembered(folder) if each != now]
    _replace(folder / _FORMER, [astuple(each) for each in (*kept, now)][-_MOST:])


def _remembered(folder: Path) -> list[_Former]:
    """None where the file cannot be understood."""
    try:
        return [_Former(*map(str, each)) for each in orjson.loads((folder / _FORMER).read_bytes())]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def _replace(path: Path, content: object) -> None:
    """In one step; nobody but its user may read it, at no time."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(content))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _json(credentials: Credentials) -> dict[str, object]:
    return {
        "server": credentials.server,
        "token": credentials.token,
        "deviceId": credentials.device,
        "orgId": credentials.org,
        "organization": credentials.organization,
        "name": credentials.name,
        "mode": credentials.mode,
        "scopes": [str(scope) for scope in credentials.scopes],
        "lists": list(credentials.lists),
        "gate": credentials.gate,
        "sells": credentials.sells,
        "public": credentials.public,
        "orgSince": credentials.since,
    }
