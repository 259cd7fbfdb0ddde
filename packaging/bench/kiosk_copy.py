"""A kiosk without a screen, as a process: pairs, takes its first copy, sends what it did alone.

Reads its orders as one JSON line, prints what it measured as another.
"""

import json
import resource
import sys
import time
from pathlib import Path
from queue import SimpleQueue

from domain.ids import DeviceId, OpId, OrgId
from domain.sync import Kind
from domain.sync import scope as scope_of
from kiosk.config import Config
from kiosk.desk.machine import Uuid7, system_clock
from kiosk.desk.station import Station
from kiosk.store.credentials import Credentials
from kiosk.store.outbox import Act
from kiosk.sync.status import News


def main() -> None:
    """Orders: `data`, `server`, `token`, `device`, `org`, `scope`, `list`, `search`, `scans`."""
    orders = json.loads(sys.stdin.readline())
    scope = scope_of(orders["scope"])
    assert scope is not None
    heard: SimpleQueue[News] = SimpleQueue()
    station = Station(Config(data=Path(orders["data"])), system_clock, Uuid7(), heard.put)
    known = Credentials(
        orders["server"], orders["token"], DeviceId(orders["device"]), OrgId(orders["org"]), scopes=(scope,)
    )
    started = time.perf_counter()
    station.pair(known)
    while station.store.copies.of(scope) is None:
        heard.get(timeout=60)
    found = station.door_desk.search(orders["search"])
    copied = time.perf_counter() - started
    sent = _send(station, orders, heard) if orders["scans"] else 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"copied": copied, "found": len(found), "sent": sent, "peak": peak}), flush=True)
    station.close()


def _send(station: Station, orders: dict[str, object], heard: "SimpleQueue[News]") -> float:
    """Seconds until the server has answered for so many acts that were made at once."""
    tickets = orders["tickets"]
    assert isinstance(tickets, list)
    ids = Uuid7()
    acts = [
        Act(
            OpId(ids()),
            Kind.CHECK_IN,
            system_clock(),
            {
                "ticketId": ticket,
                "lists": [orders["list"]],
                "list": orders["list"],
                "direction": "entry",
                "gate": "",
                "verdict": "admitted",
                "reason": None,
                "forced": False,
                "answers": {},
            },
        )
        for ticket in tickets
    ]
    for act in acts:
        station.store.outbox.add(act)
    started = time.perf_counter()
    station.sync_now()
    while station.status.backlog or station.store.outbox.waiting():
        heard.get(timeout=60)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
