"""The server inside this computer, as this kiosk's own: set up whole or begun anew, and known again later."""

import secrets
from pathlib import Path

from domain.clock import Instant
from kiosk.desk.ports import Kept
from kiosk.hosting import HostedServer, LocalServer
from kiosk.store.credentials import Credentials
from kiosk.sync import first_setup
from kiosk.sync.first_setup import Begun, Wanted

DATABASE = "usher.db"
ADMINISTRATOR = "administrator.txt"
_UNFINISHED = "setup.unfinished"
"""Lies in the folder of a server from before its database is made until the kiosk is its device."""

_OWN = "own_server"
"""Under this name the kiosk keeps as which device of its own server it works."""


def set_up(local: LocalServer, wanted: Wanted, now: Instant) -> tuple[Begun, HostedServer]:
    """Starts the server and makes its organisation. What fails leaves nothing running, and what was left
    half done by an earlier try is set aside: nobody can have worked with it."""
    folder = local.folder
    if (folder / _UNFINISHED).exists():
        folder.rename(folder.with_name(f"{folder.name}.unfinished-{now}"))
    if not (folder / DATABASE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _UNFINISHED).touch()
    secret = secrets.token_urlsafe(32)
    hosting = local.hosting(secret)
    server = HostedServer(hosting)
    server.start()
    try:
        begun = first_setup.set_up(hosting.address, secret, wanted, now)
        _keep(begun, folder)
    except Exception:
        server.close()
        raise
    return begun, server


def finish(local: LocalServer, known: Credentials, settings: Kept) -> None:
    """The kiosk is paired with its own server, and that is on the disk."""
    if settings.get(_OWN) != known.device:
        settings.put(_OWN, known.device)
    (local.folder / _UNFINISHED).unlink(missing_ok=True)


def is_own(local: LocalServer, known: Credentials, settings: Kept) -> bool:
    """Whether these credentials are of the server inside this computer, on whatever port it was before."""
    here = settings.get(_OWN) == known.device or known.server == local.hosting().address
    return here and (local.folder / DATABASE).exists()


def _keep(begun: Begun, folder: Path) -> None:
    """Writes the administrator's first password where only this user can read it."""
    path = folder / ADMINISTRATOR
    path.touch(mode=0o600)
    path.write_text(f"{begun.email}\n{begun.password}\n")
