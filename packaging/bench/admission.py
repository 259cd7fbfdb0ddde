"""Durable check-ins a second, beside what raw SQLite and a bare server do in the same run."""

import json
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import uvloop

from bench import load, processes
from bench.result import Result, Row
from server.app import open_database
from server.settings import Settings

_SCAN = (
    "org", "op", "at", "received", "event", "list", "ticket", "direction", "granted", "reason", "gate",
    "actor", "device", "offline", "forced", "code", "note", "answers",
)  # fmt: skip
_ADD_SCAN = f"INSERT INTO scan ({', '.join(_SCAN)}) VALUES ({', '.join('?' * len(_SCAN))})"  # noqa: S608


def run(tickets: int = 12_000) -> Result:
    """Checks so many tickets in with 8 clients, and as many others with 64."""
    with tempfile.TemporaryDirectory(dir=processes.DISK) as folder:
        own, plain = Path(folder) / "own.db", Path(folder) / "plain.db"
        _own_tables(own)
        _bare_tables(plain)
        raw, light = _raw_rate(own, tickets // 2), _raw_rate(plain, tickets // 2)
        bare = hello(tickets)
        with processes.served(Path(folder) / "server", tickets * 2) as server:
            few, many = (_check_in(server, half, clients) for half, clients in ((0, 8), (1, 64)))
    rows = [
        Row("check-ins, 8 clients", _values(few, raw, light)),
        Row("check-ins, 64 clients", _values(many, raw, light)),
        Row("hello world, 8 clients", _values(bare)),
        Row("raw SQLite, one by one, FULL", {"per s": raw}),
        Row("the same into tables without indexes", {"per s": light}),
    ]
    return Result("admission", tuple(rows), ("client and server share the machine",))


def _check_in(server: processes.Served, half: int, clients: int) -> load.Load:
    event = str(server.entries("events")[0]["id"])
    token = str(server.pair("door", [f"event:{event}"])["token"])
    issued = [t for t in server.entries("tickets") if t["state"] == "valid" and t["event"] == event]
    codes = [str(ticket["code"]) for ticket in issued[half::2]]
    lists = [next(str(item["id"]) for item in server.entries("lists") if item["event"] == event)]
    requests = [
        load.request(
            "POST",
            f"{server.url}/api/events/check-in",
            json.dumps({"code": code, "lists": lists, "opId": f"bench-{half}-{number}"}).encode(),
            token,
        )
        for number, code in enumerate(codes)
    ]
    return uvloop.run(load.drive(server.url, requests, clients, lambda body: b'"admitted"' in body))


def hello(count: int, clients: int = 8) -> load.Load:
    """What a bare server does on this machine, at the time."""
    with processes.process((sys.executable, "-m", "bench.hello")) as (url, _):
        requests = [load.request("POST", f"{url}/hello")] * count
        return uvloop.run(load.drive(url, requests, clients, lambda body: b"world" in body))


def _own_tables(path: Path) -> None:
    """The server's tables, with all their indexes."""
    settings = Settings(data=path.parent, database_url="")
    open_database(settings).close()
    settings.sqlite_path.rename(path)


def _bare_tables(path: Path) -> None:
    """The same columns with their keys alone, as nobody could run a door on them."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            f"CREATE TABLE scan ({', '.join(_SCAN)}, undoes, PRIMARY KEY (org, op)) WITHOUT ROWID"
        )
        connection.execute(
            "CREATE TABLE activity (seq INTEGER PRIMARY KEY, org, at, kind, subject, actor, data)"
        )
        connection.execute("CREATE TABLE change (seq INTEGER PRIMARY KEY, scope, name, key, gone, at)")


def _raw_rate(path: Path, count: int) -> float:
    """The rows of a check-in, committed one by one with the driver alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        started = time.perf_counter()
        for number in range(count):
            op, ticket, at = f"bench-{number}", str(uuid4()), 1_778_414_400_000 + number
            scan = (
                "org", op, at, at, "event", "main", ticket, "entry", 1, "", "north", "device:1", "1", 0, 0,
                "", "", "{}",
            )  # fmt: skip
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_ADD_SCAN, scan)
            connection.execute(
                "INSERT INTO activity (org, at, kind, subject, actor, data) "
                "VALUES ('org', ?, 'ticket.checked_in', ?, 'device:1', ?)",
                (at, f"ticket:{ticket}", f'{{"op":"{op}","event":"event"}}'),
            )
            connection.execute(
                "INSERT INTO change (scope, name, key, gone, at) VALUES ('org/event:event', 'scan', ?, 0, ?)",
                (op, at),
            )
            connection.execute("COMMIT")
        return count / (time.perf_counter() - started)


def _values(measured: load.Load, raw: float = 0, bare: float = 0) -> dict[str, float | int | str]:
    values: dict[str, float | int | str] = {
        "per s": measured.rate,
        "p50 ms": measured.quantile(0.5) * 1e3,
        "p99 ms": measured.quantile(0.99) * 1e3,
        "errors": measured.wrong,
    }
    if raw:
        values |= {"of raw SQLite": measured.rate / raw, "of that without indexes": measured.rate / bare}
    return values
