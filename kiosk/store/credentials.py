"""Who this kiosk is to its server: in a file of its own that only its user can read, apart from the data."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from domain import sync
from domain.ids import DeviceId, ListId, OrgId
from domain.sync import Scope

NAME = "credentials.json"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What pairing gave. `server` is the address that this kiosk asks, such as `https://tickets.example.org`;
    `public` the one that the server tells phones. One that `sells` may sell tickets at its door."""

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

    def page(self, path: str) -> str:
        """The address of a page for phones; a server that told none is asked where this kiosk asks it."""
        return f"{(self.public or self.server).rstrip('/')}{path}"


def read(folder: Path) -> Credentials | None:
    """None where the kiosk is not paired, or its file cannot be understood: it has to be paired again."""
    try:
        kept = orjson.loads((folder / NAME).read_bytes())
        known = from_json(kept, server=str(kept["server"]), token=str(kept["token"]))
        return replace(known, public=str(kept.get("public") or ""))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def write(folder: Path, credentials: Credentials) -> None:
    """Replaces the file in one step; nobody but its user may read it, at no time."""
    fresh = folder / f"{NAME}.new"
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(_json(credentials)))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / NAME)


def remove(folder: Path) -> None:
    (folder / NAME).unlink(missing_ok=True)


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
    )


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
    }
