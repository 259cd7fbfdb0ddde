"""A kiosk that was paired as another device: what it had as the one before is its own still."""

import pytest
from httpx import AsyncClient, Response

from tests.server.auth.test_devices import DOOR, pair
from tests.server.office import Office, problem

ADDRESS = "/api/devices/me/former"


async def token(office: Office) -> tuple[str, str]:
    """A newly paired device: its id and its token."""
    made = await office.ok("POST", "/api/devices", DOOR)
    return made["id"], (await pair(office.client, made["pairingCode"])).json()["token"]


async def name(office: Office, mine: str, former: str) -> Response:
    return await office.call("POST", ADDRESS, {"token": former}, headers={"Authorization": f"Bearer {mine}"})


async def trail(office: Office, device: str) -> list[str]:
    """The devices that a device has told that it was."""
    listed = await office.ok("GET", f"audit?subject=device:{device}")
    return [line["data"]["former"] for line in listed["items"] if line["kind"] == "device.succeeded"]


async def test_a_revoked_device_is_named_by_its_token_once_and_the_trail_tells(office: Office) -> None:
    before, old = await token(office)
    now, mine = await token(office)
    await office.ok("DELETE", f"/api/devices/{before}")
    for _ in range(2):
        assert (await name(office, mine, old)).status_code == 204
    assert await trail(office, now) == [before]


async def test_a_device_that_names_itself_changes_nothing(office: Office) -> None:
    now, mine = await token(office)
    assert (await name(office, mine, mine)).status_code == 204
    assert await trail(office, now) == []


@pytest.mark.parametrize("former", ["nothing", "a.b.c"])
async def test_what_is_no_token_names_nobody(office: Office, former: str) -> None:
    _, mine = await token(office)
    assert problem(await name(office, mine, former)) == (403, "former_unknown")


async def test_a_persons_token_names_no_device(office: Office) -> None:
    _, mine = await token(office)
    person = office.headers["Authorization"].removeprefix("Bearer ")
    assert problem(await name(office, mine, person)) == (403, "former_unknown")
    _, device = await token(office)
    refused = await office.call("POST", ADDRESS, {"token": device})
    assert problem(refused) == (403, "forbidden")


async def test_a_device_of_another_organisation_is_not_there(
    office: Office, other: Office, client: AsyncClient
) -> None:
    now, mine = await token(office)
    _, theirs = await token(other)
    assert problem(await name(office, mine, theirs)) == (404, "not_found")
    assert await trail(office, now) == []
    assert problem(await client.post(ADDRESS, json={"token": theirs})) == (401, "unauthenticated")
