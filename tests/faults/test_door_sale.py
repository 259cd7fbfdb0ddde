"""A door that sells while its server is away, and is killed: what it sold is sold, once, and nothing more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.programs import Kiosk
from demo.stage import Stage
from office import OfficeError

SPARE, SOLD, IN_HAND = 9, 3, 5


@pytest.fixture
def seller(stage: Stage, tmp_path: Path) -> Iterator[Kiosk]:
    """A kiosk, its window and all, that may sell the last nine student tickets."""
    taken = sum(
        ticket["state"] in ("valid", "pending", "unapproved", "blocked") for ticket in students(stage)
    )
    stage.ask("PATCH", of_event(stage, "ticket-types/student"), quota=taken + SPARE)
    made = stage.office.invite(
        "Seller", "door", [f"event:{stage.event}"], [stage.list_of_event()], sells=True
    )
    kiosk = Kiosk("seller", tmp_path / "seller")
    kiosk.start("--pair", str(made["pairingUri"]))
    yield kiosk
    kiosk.quit()


def test_what_was_sold_alone_is_there_once_after_kill_9(stage: Stage, seller: Kiosk) -> None:
    before = len(students(stage))
    seller.shows("status", connection="online", backlog=0)
    seller.press("sell")
    seller.press("saleSheet:close")
    stage.backend.kill()
    seller.shows("status", connection="offline")
    numbers = {sell(seller) for _ in range(SOLD)}
    seller.kill()
    seller.start()
    seller.shows("status", connection="offline", backlog=SOLD)
    stage.backend.start()
    stage.sign_in()
    seller.shows("status", connection="online", backlog=0)

    orders = stage.ask("GET", of_event(stage, "orders"))["items"]
    assert {order["number"] for order in orders} == numbers
    assert [(order["state"], order["total"]) for order in orders] == [("confirmed", 1900)] * SOLD
    assert len(students(stage)) == before + SOLD
    for order in orders:
        [ticket] = stage.ask("GET", of_event(stage, f"orders/{order['id']}"))["tickets"]
        verdict = stage.ask("POST", f"/api/events/check-in/{ticket['id']}", simulate=True)
        assert verdict["reason"] == "already_in"

    # Five are in the kiosk's hand again, and one is left for anybody else.
    seller.press("sell")
    leases = stage.ask("GET", of_event(stage, "seat-leases"))["items"]
    [lease] = [each for each in leases if each["type"] == "student"]
    assert (lease["seats"] - lease["sold"], lease["sold"]) == (IN_HAND, SOLD)
    with pytest.raises(OfficeError, match=f"{SPARE - SOLD - IN_HAND} of"):
        issue(stage, SPARE - SOLD - IN_HAND + 1)
    issue(stage, SPARE - SOLD - IN_HAND)


def sell(seller: Kiosk) -> str:
    """The number of the order."""
    seller.press("sell")
    seller.press("saleType:student")
    seller.press("salePay:cash")
    seller.hear("verdict", verdict="admitted", source="here")
    number = str(seller.hear("sold")["number"])
    seller.press("verdictNext")
    return number


def issue(stage: Stage, count: int) -> None:
    stage.ask("POST", of_event(stage, "tickets"), tickets=[{"type": "student"}] * count)


def students(stage: Stage) -> list[dict[str, Any]]:
    return list(stage.ask("GET", of_event(stage, "tickets?type=student&limit=500"))["items"])


def of_event(stage: Stage, path: str) -> str:
    return f"/api/organizations/{stage.office.org}/events/{stage.event}/{path}"
