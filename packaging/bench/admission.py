"""Durable check-ins a second, beside what raw SQLite and a bare server do in the same run."""

import json
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import uvloop

from bench import load, processes
from bench.result import Result, Row


def run(tickets: int = 12_000) -> Result:
    """Checks so many tickets in with 8 clients, and as many others with 64."""
    with tempfile.TemporaryDirectory(dir=processes.DISK) as folder:
        raw = _raw_rate(Path(folder) / "raw.db", tickets // 2)
        bare = hello(tickets)
        with processes.served(Path(folder) / "server", tickets * 2) as server:
            few, many = (_check_in(server, half, clients) for half, clients in ((0, 8), (1, 64)))
    rows = [
        Row("check-ins, 8 clients", _values(few) | {"of raw SQLite": few.rate / raw}),
        Row("check-ins, 64 clients", _values(many) | {"of raw SQLite": many.rate / raw}),
        Row("hello world, 8 clients", _values(bare)),
        Row("raw SQLite, one by one, FULL", {"per s": raw}),
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


def _raw_rate(path: Path, count: int) -> float:
    """The rows of a check-in, committed one by one with the driver alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(
            "CREATE TABLE scan (org, op, at, ticket, list, gate, actor, PRIMARY KEY (org, op))"
        )
        connection.execute("CREATE INDEX scan_ticket ON scan (ticket)")
        connection.execute("CREATE TABLE activity (seq INTEGER PRIMARY KEY, org, at, kind, subject, data)")
        connection.execute("CREATE TABLE change (seq INTEGER PRIMARY KEY, scope, name, key, at)")
        started = time.perf_counter()
        for number in range(count):
            op = f"bench-{number}"
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO scan VALUES ('org', ?, ?, ?, 'main', 'north', 'device:1')", (op, number, op)
            )
            connection.execute(
                "INSERT INTO activity (org, at, kind, subject, data) "
                "VALUES ('org', ?, 'ticket.checked_in', ?, '{}')",
                (number, op),
            )
            connection.execute(
                "INSERT INTO change (scope, name, key, at) VALUES ('org/event', 'scan', ?, ?)", (op, number)
            )
            connection.execute("COMMIT")
        return count / (time.perf_counter() - started)


def _values(measured: load.Load) -> dict[str, float | int | str]:
    return {
        "per s": measured.rate,
        "p50 ms": measured.quantile(0.5) * 1e3,
        "p99 ms": measured.quantile(0.99) * 1e3,
        "errors": measured.wrong,
    }
