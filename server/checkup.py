"""What keeps the backend from its work on this machine, and what to do."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from ipaddress import ip_address

import httpx

from domain.finding import Finding, Mark
from server.db.postgres import postgres_engine
from server.db.sqlite import sqlite_engine
from server.migrations.migrate import SchemaError, state
from server.settings import Settings

_ROOM = 500_000_000


def examine(settings: Settings) -> Iterator[Finding]:
    """Looks at the data folder, the database and the port. Changes nothing."""
    yield from _folder(settings)
    yield _database(settings)
    yield _port(settings)


def _folder(settings: Settings) -> Iterator[Finding]:
    place = next(path for path in (settings.data, *settings.data.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            writable = True
    except OSError:
        writable = False
    cure = f"give this user the right to write in {place}, or choose another folder with --data"
    yield Finding(
        "data folder", Mark.GOOD if writable else Mark.BAD, str(settings.data), "" if writable else cure
    )
    free = shutil.disk_usage(place).free
    room = free >= _ROOM
    yield Finding(
        "free space",
        Mark.GOOD if room else Mark.WARN,
        f"{free // 1_000_000:,} MB",
        "" if room else "make room on the disk",
    )


def _database(settings: Settings) -> Finding:
    url, path = settings.database_url, settings.sqlite_path
    if not url and not path.exists():
        return Finding("database", Mark.GOOD, "none yet; the first start makes it")
    engine = postgres_engine(url) if url else sqlite_engine(path, read_only=True)
    try:
        current, newest = state(engine)
    except SchemaError as fault:
        return Finding("database", Mark.BAD, "PostgreSQL" if url else str(path), str(fault))
    finally:
        engine.dispose()
    known = (
        f"schema {current}" if current == newest else f"schema {current}, which the next start makes {newest}"
    )
    return Finding("database", Mark.GOOD, known)


def _port(settings: Settings) -> Finding:
    what, address = f"port {settings.port}", _reachable(settings.host)
    try:
        socket.create_connection((address, settings.port), timeout=1).close()
    except OSError:
        return Finding(what, Mark.GOOD, "free")
    if _is_ours(f"http://{f'[{address}]' if ':' in address else address}:{settings.port}/healthz"):
        return Finding(what, Mark.GOOD, "Usher is serving there")
    return Finding(
        what, Mark.WARN, "another program has it", "choose another one with --port (0 takes a free one)"
    )


def _reachable(host: str) -> str:
    """Where this machine reaches a server that listens on `host`."""
    try:
        listened = ip_address(host)
    except ValueError:
        return host
    if listened.is_unspecified:
        return "::1" if listened.version == 6 else "127.0.0.1"
    return host


def _is_ours(address: str) -> bool:
    try:
        return bool(httpx.get(address, timeout=2, trust_env=False).json() == {"status": "ok"})
    except (httpx.HTTPError, ValueError):
        return False
