"""Seats in hand, as what is sold changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.clock import DAY, Instant, rfc3339
from domain.ids import EventId
from kiosk.desk.machine import system_clock
from tests.kiosk.sample import EVENT
from tests.kiosk.standin_server import StandinServer
from tests.kiosk.sync.kiosks import Kiosk, kiosk


def lent(price: int) -> dict[str, object]:
    return {
        "leaseId": "lease-1",
        "type": "standard",
        "name": "Standard",
        "colour": "#3b6fd8",
        "price": price,
        "currency": "EUR",
        "perks": [],
        "seats": 5,
        "available": 20,
        "expires": rfc3339(Instant(system_clock() + DAY)),
    }


def prices(door: Kiosk) -> list[int]:
    return [lease.price for lease in door.station.store.seats.of(EventId(EVENT.id))]


@pytest.fixture
def door(tmp_path: Path, server: StandinServer) -> Iterator[Kiosk]:
    """One that sells, with seats at 25 euros in hand."""
    server.seats = [lent(2500)]
    with kiosk(tmp_path, server, server.state.add_device("seller", sells=True)) as door:
        door.wait_synced()
        door.wait(lambda: prices(door) == [2500])
        yield door


def test_a_door_sells_at_the_new_price_as_soon_as_it_hears_of_a_change(
    server: StandinServer, door: Kiosk
) -> None:
    server.seats = [lent(3000)]
    server.state.put("ticket_type", id="standard", name="Standard")
    door.wait(lambda: prices(door) == [3000])


def test_a_door_sells_nothing_of_an_event_that_it_hears_is_called_off(
    server: StandinServer, door: Kiosk
) -> None:
    server.seats = []
    server.state.put("event", id=EVENT.id)
    door.wait(lambda: prices(door) == [])


def test_other_changes_make_no_door_ask_again(server: StandinServer, door: Kiosk) -> None:
    asked = server.asked.count("/api/sync/seat-leases")
    server.state.put("ticket", id="t3", name="Renamed Person")
    door.wait(lambda: bool(door.station.store.tickets.search("renamed", 1)))
    assert server.asked.count("/api/sync/seat-leases") == asked
