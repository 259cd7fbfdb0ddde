"""The backend as a program: `python -m server`, or `usher serve`."""

import asyncio
import errno
import gc
import logging
import os
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from domain.errors import Problem
from server.app import create_app, open_database
from server.auth.access import ensure_key
from server.db.database import Database
from server.migrations.migrate import SchemaError
from server.settings import Settings

_PATIENCE = 5.0
"""Seconds for which a server that is just ending is waited for."""


class CannotStart(Exception):
    """The message says why, and what to do."""


def serve(settings: Settings, *, parent_pipe: bool = False) -> None:
    """Serves until it is told to stop. Raises `CannotStart`.

    With `parent_pipe` it stops when its standard input ends, so that it never outlives its parent.
    """
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    # So that what is open is closed, also where the signal comes before anything is served.
    signal.signal(signal.SIGTERM, _leave)
    with closing(_listen(settings)) as listener, _alone(settings):
        _serve(settings, listener, parent_pipe)


def _serve(settings: Settings, listener: socket.socket, parent_pipe: bool) -> None:
    database = _open(settings)
    address = listener.getsockname()
    bound = settings.model_copy(update={"port": address[1]})
    app = create_app(bound, database)
    config = uvicorn.Config(
        app,
        log_level=settings.log_level,
        access_log=False,
        timeout_graceful_shutdown=2,
        server_header=False,
        # Whom to believe about addresses is said in our settings (`trusted_proxies`), and by nobody else.
        proxy_headers=False,
    )
    server = _Server(config, app)
    if parent_pipe:
        threading.Thread(target=_watch_parent, args=(server,), name="parent", daemon=True).start()
    try:
        server.run(sockets=[listener])
    finally:
        database.close()
    if not server.started:
        raise CannotStart("the server could not start: its log says why")


class _Server(uvicorn.Server):
    """Says where it is as soon as it answers there, and waits for no live stream when it stops."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What is loaded stays: looking through all of it for garbage would hold up everybody, now and then.
        gc.freeze()
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            print(f"Usher is serving on http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.wake.end()
        await super().shutdown(sockets)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Holds the data folder of a SQLite file; the system lets go of it when this process ends, however."""
    with ExitStack() as held:
        if not settings.database_url:
            # Where nothing can be written, opening the database says so, in better words.
            with suppress(OSError, sqlite3.OperationalError):
                settings.data.mkdir(parents=True, exist_ok=True)
                held.enter_context(closing(_lock(settings.data)))
        yield


def _lock(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "serving.lock", timeout=_PATIENCE, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as fault:
        connection.close()
        if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise CannotStart(
            f"another Usher serves the data folder {folder}: stop it, or choose another folder with --data"
        ) from fault
    return connection


def _open(settings: Settings) -> Database:
    """The database, to which the least that a server needs was written."""
    try:
        database = open_database(settings)
    except SchemaError as fault:
        raise CannotStart(str(fault)) from fault
    try:
        asyncio.run(database.write(ensure_key))
    except Problem as problem:
        database.close()
        raise CannotStart(problem.detail) from problem
    return database


def _leave(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as fault:
        listener.close()
        if fault.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"port {settings.port} on {settings.host} is taken, perhaps by another Usher: "
                "stop it, or choose another port with --port (0 takes a free one)"
            ) from fault
        raise CannotStart(
            f"cannot listen on {settings.host}:{settings.port} ({fault.strerror}): choose an address of "
            "this machine with --host, such as 127.0.0.1, or 0.0.0.0 for all of them"
        ) from fault
    return listener


def _watch_parent(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True


def main(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; 0.0.0.0 serves the local network.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    data: Annotated[str | None, typer.Option(help="Folder of the database and its files.")] = None,
    parent_pipe: Annotated[bool, typer.Option(help="Stop when standard input ends.")] = False,
) -> None:
    """Serve the backend."""
    given = {"host": host, "port": port, "data": data}
    try:
        serve(_settings(given), parent_pipe=parent_pipe)
    except CannotStart as fault:
        print(f"usher: {fault}", file=sys.stderr)
        raise SystemExit(2) from None


def _settings(given: Mapping[str, object]) -> Settings:
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as fault:
        first = fault.errors()[0]
        raise CannotStart(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


if __name__ == "__main__":
    typer.run(main)
