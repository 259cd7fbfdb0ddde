"""Devices: made, paired once, changed, revoked at once."""

import asyncio
import logging
import re
from urllib.parse import parse_qs, urlsplit

import cv2
import numpy
import pytest
import zxingcpp
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import select

from domain.clock import MINUTE, parse
from domain.errors import Unauthenticated
from server import qr
from server.app import create_app, open_database
from server.auth.access import Access
from server.auth.tables import devices
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.faltering import Faltering
from tests.server.office import Office, problem

DOOR = {
    "name": "North door", "mode": "door", "scopes": ["event:evt-1"], "lists": ["main"], "gate": "North",
}  # fmt: skip


async def pair(client: AsyncClient, code: str, **more: str) -> Response:
    return await client.post("/api/devices/pair", json={"pairingCode": code, **more})


async def paired(office: Office, **values: object) -> tuple[str, dict[str, str]]:
    """A paired device: its id, and its headers."""
    made = await office.ok("POST", "/api/devices", DOOR | values)
    answer = (await pair(office.client, made["pairingCode"])).json()
    return made["id"], {"Authorization": f"Bearer {answer['token']}"}


async def test_a_device_is_made_with_a_code_as_text_as_address_and_as_picture(
    office: Office, clock: ManualClock
) -> None:
    made = await office.ok("POST", "/api/devices", DOOR)
    assert {name: made[name] for name in DOOR} == DOOR
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", made["pairingCode"])
    assert parse(made["expiresAt"]) == clock() + 10 * MINUTE
    uri = urlsplit(made["pairingUri"])
    assert (uri.scheme, uri.netloc) == ("usher", "pair")
    assert parse_qs(uri.query) == {"server": ["http://usher.test"], "code": [made["pairingCode"]]}
    assert made["pairingQrSvg"] == qr.svg(made["pairingUri"])
    picture = cv2.imdecode(numpy.frombuffer(qr.png(made["pairingUri"]), numpy.uint8), cv2.IMREAD_GRAYSCALE)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [made["pairingUri"]]


async def test_a_code_pairs_a_kiosk_which_is_known_from_then_on(
    office: Office, client: AsyncClient, clock: ManualClock
) -> None:
    made = await office.ok("POST", "/api/devices", DOOR)
    answer = await pair(client, made["pairingCode"], platform="Debian 12")
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert (told["deviceId"], told["orgId"], told["organization"]) == (made["id"], "org-a", "Office org-a")
    assert parse(told["orgSince"]) == clock()
    assert (told["server"], parse(told["serverTime"])) == ("http://usher.test", clock())
    assert {name: told[name] for name in DOOR} == DOOR
    me = await client.get("/api/devices/me", headers={"Authorization": f"Bearer {told['token']}"})
    assert {name: me.json()[name] for name in DOOR} == DOOR
    assert (me.json()["id"], me.json()["organization"]) == (made["id"], "Office org-a")
    assert me.json()["server"] == told["server"]
    listed = (await office.ok("GET", "/api/devices"))["items"]
    assert [(device["state"], device["platform"]) for device in listed] == [("paired", "Debian 12")]


async def test_a_kiosk_may_name_itself_and_a_code_may_be_typed_in_any_way(
    office: Office, client: AsyncClient
) -> None:
    code = (await office.ok("POST", "/api/devices", DOOR))["pairingCode"]
    typed = " " + code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert (await pair(client, typed, name="Left door")).json()["name"] == "Left door"


async def test_a_code_pairs_once(office: Office, client: AsyncClient) -> None:
    code = (await office.ok("POST", "/api/devices", DOOR))["pairingCode"]
    answers = await asyncio.gather(*(pair(client, code) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] + 5 * [404]
    assert problem(await pair(client, code)) == (404, "pairing_code_unknown")


@pytest.mark.parametrize("code", ["ZZZZ-ZZZZ", "-", "\x00", "ß" * 20, "' OR 1=1 --"])
async def test_a_code_that_never_was_is_unknown(client: AsyncClient, code: str) -> None:
    assert problem(await pair(client, code)) == (404, "pairing_code_unknown")


async def test_a_code_runs_out_after_10_minutes(
    office: Office, client: AsyncClient, clock: ManualClock
) -> None:
    code = (await office.ok("POST", "/api/devices", DOOR))["pairingCode"]
    clock.forward(10 * MINUTE)
    assert problem(await pair(client, code)) == (410, "pairing_code_expired")


async def test_the_code_and_the_token_are_stored_and_logged_nowhere(
    app: FastAPI, office: Office, client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = (await office.ok("POST", "/api/devices", DOOR))["pairingCode"]
    rows = await app.state.database.read(lambda c: str(c.execute(select(devices)).all()))
    token = (await pair(client, code)).json()["token"]
    trail = str(await office.ok("GET", "audit"))
    for text in (rows, trail, caplog.text):
        assert code not in text
        assert code.replace("-", "") not in text
        assert token not in text


async def test_a_revoked_device_is_refused_at_once(office: Office) -> None:
    id_, headers = await paired(office)
    assert (await office.call("GET", "/api/devices/me", headers=headers)).status_code == 200
    assert (await office.call("DELETE", f"/api/devices/{id_}")).status_code == 204
    for path in ("/api/devices/me", "/api/auth/me"):
        assert problem(await office.call("GET", path, headers=headers)) == (401, "device_revoked")
    assert (await office.ok("GET", "/api/devices"))["items"][0]["state"] == "revoked"
    assert (await office.call("DELETE", f"/api/devices/{id_}")).status_code == 204
    kinds = [
        activity["kind"] for activity in (await office.ok("GET", f"audit?subject=device:{id_}"))["items"]
    ]
    assert kinds == ["device.revoked", "device.paired", "device.made"]


async def test_a_device_is_refused_although_the_database_was_away_when_it_was_revoked(
    office: Office, clock: ManualClock
) -> None:
    id_, headers = await paired(office)
    token = headers["Authorization"].removeprefix("Bearer ")
    faltering = Faltering(office.database)
    access = Access(faltering, clock)
    async with access.running():
        assert access.caller(token).id == id_
        faltering.unread = 1
        await office.call("DELETE", f"/api/devices/{id_}")
        told = asyncio.Event()
        with access.waking(told):
            await asyncio.wait_for(told.wait(), 10)
        with pytest.raises(Unauthenticated):
            access.caller(token)


async def test_a_device_that_was_revoked_before_it_was_paired_cannot_be_paired(
    office: Office, client: AsyncClient
) -> None:
    made = await office.ok("POST", "/api/devices", DOOR)
    await office.ok("DELETE", f"/api/devices/{made['id']}")
    assert problem(await pair(client, made["pairingCode"])) == (404, "pairing_code_unknown")


async def test_a_change_of_a_device_counts_at_once(office: Office) -> None:
    id_, headers = await paired(office)
    await office.ok("PATCH", f"/api/devices/{id_}", {"mode": "desk", "scopes": ["servicePoint:desk-1"]})
    me = await office.ok("GET", "/api/devices/me", headers=headers)
    assert (me["mode"], me["scopes"], me["gate"]) == ("desk", ["servicePoint:desk-1"], "North")
    assert (await office.ok("GET", "/api/auth/me", headers=headers))["mode"] == "desk"


@pytest.mark.parametrize(
    ("mode", "scopes"),
    [
        ("door", ["servicePoint:desk"]),
        ("desk", ["servicePoint:desk", "event:evt-1"]),
        ("welcome", ["event:e"]),
    ],
)
async def test_a_device_has_scopes_of_its_mode_only(office: Office, mode: str, scopes: list[str]) -> None:
    wanted = {"mode": mode, "scopes": scopes}
    assert problem(await office.call("POST", "/api/devices", DOOR | wanted)) == (422, "scope_not_of_mode")
    display = await office.ok("POST", "/api/devices", DOOR | {"mode": "display", "scopes": scopes})
    address = f"/api/devices/{display['id']}"
    assert problem(await office.call("PATCH", address, {"mode": mode})) == (422, "scope_not_of_mode")
    changed = await office.ok("PATCH", address, {"mode": mode, "scopes": []})
    assert (changed["mode"], changed["scopes"]) == (mode, [])


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_a_device_that_one_process_revoked_is_refused_by_the_others(
    office: Office, settings: Settings, clock: ManualClock
) -> None:
    id_, headers = await paired(office)
    other = open_database(settings, clock)
    app = create_app(settings, other, clock)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://usher.test") as client,
    ):
        assert (await client.get("/api/devices/me", headers=headers)).status_code == 200
        await office.ok("DELETE", f"/api/devices/{id_}")
        async with asyncio.timeout(30):
            while (answer := await client.get("/api/devices/me", headers=headers)).status_code == 200:
                pass
    assert problem(answer) == (401, "device_revoked")
    other.close()


async def test_a_change_on_an_old_state_is_refused(office: Office) -> None:
    made = await office.call("POST", "/api/devices", DOOR)
    address, seen = f"/api/devices/{made.json()['id']}", {"If-Match": made.headers["etag"]}
    assert (await office.call("PATCH", address, {"gate": "South"}, also=seen)).status_code == 200
    assert problem(await office.call("PATCH", address, {"gate": "East"}, also=seen)) == (412, "stale")


async def test_devices_are_listed_page_by_page(office: Office, other: Office, clock: ManualClock) -> None:
    for n in range(3):
        clock.forward(MINUTE)
        await office.ok("POST", "/api/devices", DOOR | {"name": f"Door {n}"})
    first = await office.ok("GET", "/api/devices?limit=2")
    rest = await office.ok("GET", f"/api/devices?limit=2&cursor={first['nextCursor']}")
    names = [device["name"] for device in first["items"] + rest["items"]]
    assert (names, rest["nextCursor"]) == (["Door 0", "Door 1", "Door 2"], None)
    assert (await other.ok("GET", "/api/devices"))["items"] == []


async def test_only_administrators_manage_devices_and_only_devices_are_devices(office: Office) -> None:
    id_, kiosk = await paired(office)
    staff = await office.staff("door", "desk", "support", "events", name="ada")
    calls = [("GET", "/api/devices"), ("POST", "/api/devices"), ("PATCH", f"/api/devices/{id_}"),
             ("DELETE", f"/api/devices/{id_}")]  # fmt: skip
    for method, path in calls:
        for headers in (staff, kiosk):
            assert problem(await office.call(method, path, DOOR, headers=headers)) == (403, "forbidden")
        assert problem(await office.call(method, path, DOOR, headers={}))[0] == 401
    assert problem(await office.call("GET", "/api/devices/me")) == (403, "forbidden")


async def test_a_device_of_another_organisation_is_as_if_it_were_not(office: Office, other: Office) -> None:
    id_, headers = await paired(office)
    for address in (f"/api/devices/{id_}", "/api/devices/nothing"):
        assert problem(await other.call("PATCH", address, {"gate": "x"})) == (404, "not_found")
        assert problem(await other.call("DELETE", address)) == (404, "not_found")
    elsewhere = headers | {"orgid": "org-b"}
    assert problem(await office.call("GET", "/api/devices/me", headers=elsewhere)) == (404, "not_found")


@pytest.mark.parametrize(
    "change",
    [{"mode": "pilot"}, {"scopes": ["evt-1"]}, {"scopes": ["event:"]}, {"scopes": ["event:a b"]},
     {"name": ""}, {"name": "x" * 256}, {"lists": "main"}, {"surprise": 1}, {"gate": "\x00"}],
)  # fmt: skip
async def test_a_device_that_cannot_be_is_not_made(office: Office, change: dict[str, object]) -> None:
    assert problem(await office.call("POST", "/api/devices", DOOR | change)) == (422, "invalid")
    id_ = (await office.ok("POST", "/api/devices", DOOR))["id"]
    assert problem(await office.call("PATCH", f"/api/devices/{id_}", change)) == (422, "invalid")


async def test_a_kiosk_that_was_set_up_anew_is_paired_again_as_the_same_device(
    office: Office, client: AsyncClient
) -> None:
    id_, old = await paired(office)
    made = await office.ok("POST", f"/api/devices/{id_}/pairing-code")
    assert (made["id"], made["scopes"], made["gate"]) == (id_, DOOR["scopes"], "North")
    assert problem(await office.call("GET", "/api/devices/me", headers=old)) == (401, "device_revoked")
    assert (await office.ok("GET", "/api/devices"))["items"][0]["state"] == "waiting"
    answer = (await pair(client, made["pairingCode"])).json()
    new = {"Authorization": f"Bearer {answer['token']}"}
    assert (await office.ok("GET", "/api/devices/me", headers=new))["id"] == id_
    assert problem(await office.call("GET", "/api/devices/me", headers=old)) == (401, "device_revoked")
    assert [device["state"] for device in (await office.ok("GET", "/api/devices"))["items"]] == ["paired"]


async def test_of_two_codes_for_one_device_the_later_pairs(office: Office, client: AsyncClient) -> None:
    made = await office.ok("POST", "/api/devices", DOOR)
    again = await office.ok("POST", f"/api/devices/{made['id']}/pairing-code")
    assert problem(await pair(client, made["pairingCode"])) == (404, "pairing_code_unknown")
    assert (await pair(client, again["pairingCode"])).status_code == 200


async def test_there_is_no_new_code_for_a_device_that_is_revoked_or_not_there_or_of_others(
    office: Office, other: Office
) -> None:
    id_, headers = await paired(office)
    address = f"/api/devices/{id_}/pairing-code"
    assert problem(await other.call("POST", address)) == (404, "not_found")
    assert problem(await office.call("POST", "/api/devices/nothing/pairing-code")) == (404, "not_found")
    assert problem(await office.call("POST", address, headers=headers)) == (403, "forbidden")
    await office.ok("DELETE", f"/api/devices/{id_}")
    assert problem(await office.call("POST", address)) == (409, "device_revoked")
