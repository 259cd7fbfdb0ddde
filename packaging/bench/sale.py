"""A sale that everybody waited for: more buyers at once than seats, and all who look what is left."""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from bench import crowd, load, processes
from bench.admission import hello
from bench.postgres import postgres
from bench.result import Result, Row

_API = "/api/client/events"
_CLIENTS = 64
_CHANGES = 20


@dataclass(frozen=True, slots=True)
class Sale:
    """A server with an event, those who want to go there, and who sells."""

    name: str
    url: str
    org: str
    event: str
    buyers: Sequence[str]
    cashier: str
    server: processes.Served

    def ask(self, buyer: int, path: str, body: object = None, etag: str = "") -> bytes:
        """A customer's request."""
        method, sent = ("GET", b"") if body is None else ("POST", json.dumps(body).encode())
        return load.request(method, f"{self.url}{_API}{path}", sent, self.buyers[buyer], etag)

    def staff(self, path: str, body: object) -> bytes:
        """What the cashier does within the event."""
        address = f"{self.url}/api/organizations/{self.org}/events/{self.event}/{path}"
        return load.request("POST", address, json.dumps(body).encode(), self.cashier)


def run(buyers: int = 500, seats: int = 100, looks: int = 10_000) -> Result:
    """So many buyers at once for so many seats, and so many looks at what is on, on each database."""
    rows: list[Row] = []
    notes = ["client and server share the machine; every buyer comes over a new connection"]
    with tempfile.TemporaryDirectory(dir=processes.DISK) as folder:
        rows += _sell(Path(folder) / "sqlite", "SQLite", buyers, seats, looks)
        with ExitStack() as stack:
            try:
                server = stack.enter_context(postgres(processes.DISK))
            except ImportError:
                notes.append("PostgreSQL was not measured: there is none here, 'make setup' installs one")
            else:
                url = str(server.get_uri())
                rows += _sell(Path(folder) / "postgres", "PostgreSQL", buyers, seats, looks, url)
    bare = hello(looks, _CLIENTS)
    rows.append(Row(f"hello world, {_CLIENTS} clients", {"per s": bare.rate, "errors": bare.wrong}))
    return Result("sale", tuple(rows), tuple(notes))


def _sell(folder: Path, name: str, buyers: int, seats: int, looks: int, database: str = "") -> list[Row]:
    with processes.served(folder, 100, database) as server:
        org, event = str(server.seeded["orgId"]), str(server.entries("events")[0]["id"])
        cashier = str(server.office().client.headers["Authorization"]).removeprefix("Bearer ")
        people = uvloop.run(crowd.tokens(server.url, org, folder / "mail", buyers))
        return uvloop.run(_measure(Sale(name, server.url, org, event, people, cashier, server), seats, looks))


async def _measure(sale: Sale, seats: int, looks: int) -> list[Row]:
    return [
        await _purchases(sale, seats),
        await _registrations(sale, seats),
        *await _looks(sale, "event list", "", looks),
        *await _looks(sale, "ticket types", f"/{sale.event}/ticket-types", looks),
        await _told(sale),
    ]


async def _purchases(sale: Sale, seats: int) -> Row:
    """Everybody orders, who got an order pays at the desk, and fetches the tickets."""
    await _type(sale, "rush", seats, 4900)
    body = {"eventId": sale.event, "tickets": [{"ticketTypeId": "rush", "quantity": 1}]}
    asked = [sale.ask(n, "/tickets/purchase", body) for n in range(len(sale.buyers))]
    sale.server.settle()
    answers = await load.at_once(sale.url, asked)
    orders = [
        (buyer, json.loads(answer.body)["orderId"])
        for buyer, answer in enumerate(answers)
        if answer.status == 201
    ]
    for _, order in orders:
        await _one(sale, sale.staff(f"orders/{order}/pay", {"method": "card"}), 200)
    fetched = [
        await _one(sale, sale.ask(buyer, "/tickets/confirm-order", {"orderId": order}), 200)
        for buyer, order in orders
    ]
    return Row(f"{sale.name}: {len(sale.buyers)} buy {seats} seats", _waited(answers, fetched))


async def _registrations(sale: Sale, seats: int) -> Row:
    """The same for what costs nothing: one step."""
    await _type(sale, "gift", seats, 0)
    body = {"eventId": sale.event, "ticketTypeId": "gift"}
    asked = [sale.ask(n, "/tickets/register", body) for n in range(len(sale.buyers))]
    sale.server.settle()
    answers = await load.at_once(sale.url, asked)
    got = [json.loads(answer.body) for answer in answers if answer.status == 201]
    return Row(f"{sale.name}: {len(sale.buyers)} register for {seats} seats", _waited(answers, got))


def _waited(answers: Sequence[load.Answer], orders: Sequence[dict[str, Any]]) -> dict[str, float | int | str]:
    times = sorted(answer.seconds for answer in answers)
    statuses = Counter(answer.status for answer in answers)
    sold_out = sum(answer.status == 409 and b'"sold_out"' in answer.body for answer in answers)
    return {
        "p50 ms": times[len(times) // 2] * 1e3,
        "max ms": times[-1] * 1e3,
        "orders": statuses[201],
        "sold out": sold_out,
        "errors": len(answers) - statuses[201] - sold_out,
        "tickets": len({ticket["id"] for order in orders for ticket in order["tickets"]}),
    }


async def _looks(sale: Sale, what: str, path: str, looks: int) -> list[Row]:
    """All who look, of whom half have seen it before."""
    seen = (await load.at_once(sale.url, [sale.ask(0, path)]))[0]
    assert (seen.status, bool(seen.etag)) == (200, True), seen
    rows = []
    for told, etag, status in (("", "", 200), (", unchanged", seen.etag, 304)):
        people = len(sale.buyers)
        asked = [sale.ask(n % people, path, etag=etag) for n in range(looks)]
        wanted = seen.body if status == 200 else b""
        got = await load.drive(sale.url, asked, _CLIENTS, lambda body, wanted=wanted: body == wanted, status)  # type: ignore[misc]
        values = {
            "per s": got.rate,
            "p50 ms": got.quantile(0.5) * 1e3,
            "max ms": got.times[-1] * 1e3,
            "errors": got.wrong,
        }
        rows.append(Row(f"{sale.name}: {what}{told}", values))
    return rows


async def _told(sale: Sale) -> Row:
    """How long until everybody is told that one seat less is left."""
    await _type(sale, "trickle", _CHANGES, 0)
    path = f"/{sale.event}/ticket-types"
    times = []
    for buyer in range(_CHANGES):
        await _one(
            sale,
            sale.ask(buyer, "/tickets/purchase", {
                "eventId": sale.event, "tickets": [{"ticketTypeId": "trickle", "quantity": 1}]
            }),
            201,
        )  # fmt: skip
        sold = time.perf_counter()
        while await _left(sale, path) != _CHANGES - buyer - 1:
            pass
        times.append(time.perf_counter() - sold)
    times.sort()
    values = {"p50 ms": times[len(times) // 2] * 1e3, "max ms": times[-1] * 1e3}
    return Row(f"{sale.name}: until what is left is told", values)


async def _left(sale: Sale, path: str) -> int:
    tiers = (await _one(sale, sale.ask(0, path), 200))["items"]
    return int(next(tier["available"] for tier in tiers if tier["id"] == "trickle"))


async def _type(sale: Sale, id_: str, seats: int, price: int) -> None:
    body = {"id": id_, "name": id_.title(), "price": price, "quota": seats}
    await _one(sale, sale.staff("ticket-types", body), 201)


async def _one(sale: Sale, request: bytes, status: int) -> Any:
    """The JSON of an answer that must be good."""
    [answer] = await load.at_once(sale.url, [request])
    assert answer.status == status, answer
    return json.loads(answer.body)
