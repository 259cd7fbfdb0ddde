"""What a scanner may read: codes of other systems, prefixes of scanners, rotating codes, keys that rotate."""

import pytest

from domain.clock import SECOND
from tests.server.admission.venue import Venue

BASE = "/api/organizations/org-1"
TICKETS = f"{BASE}/events/evt-1/tickets"


@pytest.mark.parametrize("prefix", ["", "]Q3", "\\000001", "]Q3\\000001 "])
async def test_what_scanners_add_is_stripped_and_nothing_else_is_changed(venue: Venue, prefix: str) -> None:
    code = await venue.world.ticket()
    assert await venue.reason(f"{prefix}{code}\r\n") == "admitted"
    foreign = "Foreign 42/ä ]Q3 " + "x" * 230 + "!"
    await venue.world.ticket(code=foreign)
    assert await venue.reason(f" {prefix}{foreign}\n") == "admitted"
    assert await venue.reason(foreign.upper()) == "unknown"
    assert await venue.reason(foreign.replace(" ", "")) == "unknown"


async def test_a_rotating_code_is_good_for_its_half_minute_and_a_picture_of_it_is_not(venue: Venue) -> None:
    organiser = venue.world.staff("events")
    rotating = await venue.client.patch(
        f"{BASE}/events/evt-1/ticket-types/general", json={"rotating": True}, headers=organiser
    )
    assert rotating.status_code == 200, rotating.text
    code = await venue.world.ticket()
    address, accept = f"{TICKETS}/org-1-t1/qr", {"Accept": "application/json"}
    shown = (await venue.client.get(address, headers={**organiser, **accept})).json()["shown"]
    assert shown.startswith(f"{code}/")
    stale = await venue.scan(code)
    assert stale["reason"] == "rotating_code_stale"
    assert "Ask for the live ticket page" in stale["sentence"]
    for seconds, reason in ((0, "admitted"), (59, "admitted"), (90, "rotating_code_stale")):
        venue.clock.at = type(venue.clock.at)(venue.world.now + seconds * SECOND)
        assert await venue.reason(shown, simulate=True) == reason, seconds
    assert await venue.reason(f"{code}/000000", simulate=True) == "rotating_code_stale"
    assert await venue.reason(code, direction="exit", simulate=True) == "admitted"
    assert (await venue.admit("org-1-t1")).json()["verdict"] == "admitted"


async def test_codes_of_before_a_rotation_of_keys_stay_good(venue: Venue) -> None:
    old = await venue.world.ticket()
    admin = venue.world.staff("admin", "events")
    rotated = await venue.client.post(f"{BASE}/ticket-keys/rotate", headers=admin)
    assert rotated.status_code == 201
    assert await venue.reason(old) == "admitted"
    changed, _ = await venue.changes()
    keys = {key["number"]: key["public"] for key in rotated.json()}
    assert [
        (change["key"], change["row"]["public"]) for change in changed if change["table"] == "ticket_key"
    ] == [(str(max(keys)), keys[max(keys)])]
