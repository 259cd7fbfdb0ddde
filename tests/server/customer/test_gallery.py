"""Galleries: who sees them, what gets in and what comes out; on both databases."""

import asyncio
import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from PIL import Image

from domain.clock import SECOND
from server.events.gallery.sweep import sweep
from tests.server.customer.fair import Fair
from tests.server.events.gallery.samples import (
    CRASHING,
    HEIC,
    SVG,
    encoded,
    jpeg,
    png_of_size,
    two_colours,
    with_metadata,
)
from tests.server.office import problem
from tests.server.orders.shop import CLIENT
from tests.server.world import make_world


def form(data: bytes, name: str = "a.jpg", kind: str = "image/jpeg") -> dict[str, Any]:
    return {"picture": (name, data, kind)}


async def send(fair: Fair, data: bytes, who: dict[str, str] | None = None, **more: str) -> Response:
    """A customer's picture; what it is called is of no matter."""
    headers = fair.ada if who is None else who
    address = f"{CLIENT}/evt-1/media/upload"
    return await fair.shop.client.post(address, files=form(data, **more), headers=headers)


async def link(fair: Fair, label: str = "Table 4") -> dict[str, Any]:
    return dict(await fair.organise("POST", "events/evt-1/guest-links", {"label": label}))


async def look(fair: Fair, token: str, rest: str = "") -> Response:
    return await fair.call("GET", f"evt-1/media/guest/{token}{rest}", None, {})


async def send_as_guest(fair: Fair, token: str, data: bytes) -> Response:
    return await fair.shop.client.post(f"{CLIENT}/evt-1/media/upload/{token}", files=form(data))


async def fetch(fair: Fair, address: str, who: dict[str, str] | None = None, etag: str = "") -> Response:
    headers = {"If-None-Match": etag} if etag else {}
    return await fair.shop.client.get(address, headers={**(fair.ada if who is None else who), **headers})


def kept(fair: Fair) -> list[Path]:
    folder = fair.shop.app.state.settings.data / "media"
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
async def guest(fair: Fair) -> Fair:
    """The fair, at which Ada holds a ticket."""
    fair.shop.ada = await fair.ticket("ada")
    return fair


async def test_a_picture_is_added_and_seen_by_all_who_take_part(guest: Fair) -> None:
    added = await send(guest, jpeg(1200, 900))
    assert added.status_code == 201, added.text
    shot = added.json()
    assert (shot["width"], shot["height"], shot["own"]) == (1200, 900, True)
    bob = await guest.ticket("bob")
    [seen] = (await guest.get("evt-1/media", bob))["items"]
    assert (seen["id"], seen["own"]) == (shot["id"], False)
    for size, wanted in (("full", (1200, 900)), ("thumb", (512, 384))):
        file = await fetch(guest, seen[size], bob)
        assert file.status_code == 200
        assert opened(file).size == wanted


def opened(file: Response) -> Image.Image:
    return Image.open(BytesIO(file.content))


async def test_a_file_is_a_picture_and_nothing_else_and_may_be_kept(guest: Fair) -> None:
    shot = (await send(guest, with_metadata(6))).json()
    file = await fetch(guest, shot["full"])
    assert file.headers["content-type"] == "image/jpeg"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert file.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert opened(file).size == (48, 64)
    assert not any(word in file.content for word in (b"Secret", b"Exif"))
    again = await fetch(guest, shot["full"], etag=file.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (encoded(two_colours(), "PNG"), (64, 48)),
        (encoded(two_colours(mode="RGBA"), "WEBP"), (64, 48)),
        (HEIC, (48, 64)),
    ],
)
async def test_pictures_of_each_kind_get_in(guest: Fair, data: bytes, size: tuple[int, int]) -> None:
    shot = (await send(guest, data, name="x.bin", kind="application/octet-stream")).json()
    assert (shot["width"], shot["height"]) == size


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (SVG, (422, "picture_mixed")),
        (b"<svg/>", (415, "media_type")),
        (b"", (415, "media_type")),
        (b"#!/bin/sh\nrm -rf /", (415, "media_type")),
        (encoded(two_colours(), "GIF"), (415, "media_type")),
        (jpeg()[:700], (422, "picture_broken")),
        (CRASHING, (422, "picture_broken")),
        (png_of_size(50_000, 50_000), (422, "picture_too_many_pixels")),
        (jpeg() + b"PK\x05\x06" + bytes(18), (422, "picture_mixed")),
    ],
)
async def test_whatever_is_no_picture_stays_out(guest: Fair, data: bytes, said: tuple[int, str]) -> None:
    assert problem(await send(guest, data)) == said
    assert (await guest.get("evt-1/media"))["items"] == []
    assert kept(guest) == []


async def test_more_than_a_picture_may_have_stays_out(guest: Fair) -> None:
    assert problem(await send(guest, jpeg() + bytes(20 * 2**20))) == (413, "too_large")
    assert problem(await send(guest, bytes(22 * 2**20))) == (413, "too_large")


async def test_a_form_without_a_picture_is_told_so(guest: Fair) -> None:
    address = f"{CLIENT}/evt-1/media/upload"
    client, ada = guest.shop.client, guest.ada
    assert problem(await client.post(address, json={}, headers=ada)) == (415, "media_type")
    wrong = await client.post(address, files={"other": ("a.jpg", jpeg(), "image/jpeg")}, headers=ada)
    assert problem(wrong) == (422, "invalid")
    assert wrong.json()["errors"][0]["loc"] == ["body", "picture"]
    text = await client.post(address, data={"picture": "x"}, files={"x": ("x", b"", "x/y")}, headers=ada)
    assert problem(text) == (422, "invalid")
    headers = {**ada, "Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"--x\r\nbroken", b"", b"--y--"):
        assert (await client.post(address, content=body, headers=headers)).status_code in (400, 422)
    two = [("picture", ("a", jpeg())), ("picture", ("b", jpeg()))]
    assert problem(await client.post(address, files=two, headers=ada))[0] == 400


async def test_the_same_picture_of_one_person_is_there_once(guest: Fair) -> None:
    answers = await asyncio.gather(*(send(guest, jpeg()) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    bob = await guest.ticket("bob")
    assert (await send(guest, jpeg(), bob)).status_code == 201
    assert len((await guest.get("evt-1/media"))["items"]) == 2
    assert len(kept(guest)) == 2


async def test_a_key_for_repeating_is_not_needed_and_does_no_harm(guest: Fair) -> None:
    key = {**guest.ada, "Idempotency-Key": "k"}
    first, again = await send(guest, jpeg(), key), await send(guest, jpeg(), key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]


async def test_the_gallery_comes_newest_first_page_by_page(guest: Fair) -> None:
    ids = []
    for n in range(5):
        guest.shop.clock.forward(SECOND if n % 2 else 0)
        ids.append((await send(guest, jpeg(40 + n))).json()["id"])
    first = await guest.get("evt-1/media?limit=3")
    rest = await guest.get(f"evt-1/media?limit=3&cursor={first['nextCursor']}")
    found = [item["id"] for item in first["items"] + rest["items"]]
    assert sorted(found) == sorted(ids)
    assert found[0] in ids[3:]
    assert rest["nextCursor"] is None
    assert problem(await guest.call("GET", "evt-1/media?cursor=x"))[0] == 422


async def test_one_deletes_ones_own_picture_for_good(guest: Fair) -> None:
    shot = (await send(guest, jpeg())).json()
    bob = await guest.ticket("bob")
    assert problem(await guest.call("DELETE", f"evt-1/media/{shot['id']}", None, bob)) == (403, "not_own")
    assert (await guest.call("DELETE", f"evt-1/media/{shot['id']}")).status_code == 204
    assert (await guest.get("evt-1/media"))["items"] == []
    assert problem(await fetch(guest, shot["full"])) == (404, "not_found")
    assert kept(guest) == []
    assert problem(await guest.call("DELETE", f"evt-1/media/{shot['id']}")) == (404, "not_found")


async def test_what_somebody_else_sent_too_stays_when_one_deletes_it(guest: Fair) -> None:
    mine = (await send(guest, jpeg())).json()
    bob = await guest.ticket("bob")
    theirs = (await send(guest, jpeg(), bob)).json()
    await guest.call("DELETE", f"evt-1/media/{mine['id']}")
    assert (await fetch(guest, theirs["full"])).status_code == 200


async def test_what_an_organiser_hides_nobody_sees_and_nobody_brings_back(guest: Fair) -> None:
    shot = (await send(guest, jpeg())).json()
    address = f"events/evt-1/media/{shot['id']}"
    assert (await guest.organise("PATCH", address, {"hidden": True}))["hidden"] is True
    assert (await guest.get("evt-1/media"))["items"] == []
    assert problem(await fetch(guest, shot["thumb"])) == (404, "not_found")
    await send(guest, jpeg())
    await send(guest, jpeg(), await guest.ticket("bob"))
    assert (await guest.get("evt-1/media"))["items"] == []
    found = (await guest.organise("GET", "events/evt-1/media"))["items"]
    assert [item["hidden"] for item in found] == [True, True]
    staff = guest.shop.world.staff("events")
    assert (await fetch(guest, found[0]["full"], staff)).status_code == 200
    await guest.organise("PATCH", address, {"hidden": False})
    assert len((await guest.get("evt-1/media"))["items"]) == 2


async def test_only_who_takes_part_sees_and_sends(guest: Fair) -> None:
    shot = (await send(guest, jpeg())).json()
    eve = await guest.customer("eve")
    for answer in (
        await guest.call("GET", "evt-1/media", None, eve),
        await send(guest, jpeg(), eve),
        await fetch(guest, shot["full"], eve),
    ):
        assert problem(answer) == (403, "not_taking_part")
    for answer in (
        await guest.call("GET", "evt-1/media", None, {}),
        await send(guest, jpeg(), {}),
        await fetch(guest, shot["full"], {}),
    ):
        assert problem(answer) == (401, "unauthenticated")


async def test_who_accepted_an_invitation_sees_and_sends(guest: Fair) -> None:
    who = await guest.customer("zoe")
    body = {"emails": ["zoe@example.com"]}
    [zoe] = (await guest.organise("POST", "events/evt-1/invitations", body))["items"]
    assert problem(await send(guest, jpeg(), who)) == (403, "not_taking_part")
    await guest.call("POST", f"participation/{zoe['id']}/respond", {"response": "accepted"}, who)
    assert (await send(guest, jpeg(), who)).status_code == 201


async def test_a_stranger_is_told_before_anything_is_read(guest: Fair) -> None:
    """Nothing of a picture that nobody asked for takes any room."""
    read = 0

    async def body() -> Any:
        nonlocal read
        for _ in range(20):
            read += 1
            yield bytes(2**20)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await guest.shop.client.post(f"{CLIENT}/evt-1/media/upload", content=body(), headers=headers)
    assert problem(answer) == (401, "unauthenticated")
    wrong = await guest.shop.client.post(
        f"{CLIENT}/evt-1/media/upload/wrong-token", content=body(), headers=headers
    )
    assert problem(wrong) == (404, "not_found")


async def test_galleries_of_other_events_are_other_galleries(guest: Fair) -> None:
    shot = (await send(guest, jpeg())).json()
    await guest.event("other")
    other = f"{CLIENT}/other/media/{shot['id']}/full"
    assert problem(await fetch(guest, other))[0] in (403, 404)
    body = {"emails": ["ada@example.com"]}
    [ada] = (await guest.organise("POST", "events/other/invitations", body))["items"]
    await guest.call("POST", f"participation/{ada['id']}/respond", {"response": "accepted"})
    assert problem(await fetch(guest, other)) == (404, "not_found")
    assert problem(await guest.call("DELETE", f"other/media/{shot['id']}")) == (404, "not_found")


async def test_guests_see_and_send_by_a_link(guest: Fair) -> None:
    await send(guest, jpeg())
    made = await link(guest)
    assert made["link"].endswith(f"/g/{made['token']}")
    assert len(made["token"]) >= 22
    sent = await send_as_guest(guest, made["token"], jpeg(50, 50))
    assert sent.status_code == 201, sent.text
    found = (await look(guest, made["token"])).json()["items"]
    assert len(found) == 2
    assert {item["own"] for item in found} == {False}
    for item in found:
        file = await fetch(guest, item["thumb"], {})
        assert (file.status_code, file.headers["content-type"]) == (200, "image/jpeg")
    uploaders = {item["uploader"] for item in (await guest.organise("GET", "events/evt-1/media"))["items"]}
    assert f"guest:{made['id']}" in uploaders


@pytest.mark.parametrize("token", ["wrong", "x" * 43, "x" * 100, "%00"])
async def test_a_wrong_link_opens_nothing(guest: Fair, token: str) -> None:
    shot = (await send(guest, jpeg())).json()
    await link(guest)
    for answer in (
        await look(guest, token),
        await look(guest, token, f"/{shot['id']}/full"),
        await send_as_guest(guest, token, jpeg()),
    ):
        assert problem(answer) == (404, "not_found")


async def test_a_link_is_for_one_event(guest: Fair) -> None:
    made = await link(guest)
    await guest.event("other")
    for path in (f"other/media/guest/{made['token']}", f"unknown/media/guest/{made['token']}"):
        assert problem(await guest.call("GET", path, None, {})) == (404, "not_found")


async def test_a_revoked_link_serves_no_more_and_its_pictures_stay(guest: Fair) -> None:
    made, second = await link(guest), await link(guest, "Table 5")
    await send_as_guest(guest, made["token"], jpeg())
    await guest.organise("DELETE", f"events/evt-1/guest-links/{made['id']}")
    assert problem(await look(guest, made["token"])) == (404, "not_found")
    assert problem(await send_as_guest(guest, made["token"], jpeg(9, 9))) == (404, "not_found")
    assert len((await look(guest, second["token"])).json()["items"]) == 1
    found = (await guest.organise("GET", "events/evt-1/guest-links"))["items"]
    assert {each["label"]: each["revoked"] is None for each in found} == {"Table 4": False, "Table 5": True}
    unknown = await guest.organiser("DELETE", "events/evt-1/guest-links/unknown")
    assert problem(unknown) == (404, "not_found")


async def test_a_link_that_is_revoked_while_a_picture_arrives_lets_it_in_no_more(guest: Fair) -> None:
    made = await link(guest)
    sending = asyncio.create_task(send_as_guest(guest, made["token"], jpeg(2000, 2000)))
    await asyncio.sleep(0.05)
    await guest.organise("DELETE", f"events/evt-1/guest-links/{made['id']}")
    assert (await sending).status_code in (201, 404)
    assert problem(await look(guest, made["token"])) == (404, "not_found")


async def test_an_event_has_a_cover_that_everybody_sees_once_it_is_published(guest: Fair) -> None:
    async def put(event: str, data: bytes) -> Response:
        address = f"/api/organizations/org-1/events/{event}/cover"
        staff = guest.shop.world.staff("events")
        return await guest.shop.client.put(address, files=form(data), headers=staff)

    set_ = await put("evt-1", jpeg(900, 300))
    assert set_.status_code == 200, set_.text
    guest.later()
    card = (await guest.get(""))["items"][0]
    file = await fetch(guest, card["cover"]["full"], {})
    assert (file.status_code, opened(file).size) == (200, (900, 300))
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await guest.get("evt-1"))["cover"] == card["cover"]
    await put("evt-1", jpeg(300, 300))
    assert problem(await fetch(guest, card["cover"]["full"], {})) == (404, "not_found")
    assert len(kept(guest)) == 2
    assert problem(await put("evt-1", SVG)) == (422, "picture_mixed")
    assert problem(await put("unknown", jpeg())) == (404, "not_found")
    await guest.organise("DELETE", "events/evt-1/cover")
    assert ((await guest.get("evt-1"))["cover"], kept(guest)) == (None, [])


async def test_a_drafts_cover_is_nobodys_yet(guest: Fair) -> None:
    await guest.organise("POST", "events", {
        "id": "draft", "name": {"en": "Draft"}, "zone": "UTC", "starts": "2026-05-11T12:00:00Z",
        "ends": "2026-05-11T13:00:00Z",
    })  # fmt: skip
    staff = guest.shop.world.staff("events")
    address = "/api/organizations/org-1/events/draft/cover"
    content = (await guest.shop.client.put(address, files=form(jpeg()), headers=staff)).json()["cover"]
    path = f"{CLIENT}/draft/cover/{content}/thumb"
    assert problem(await fetch(guest, path, {})) == (404, "not_found")
    await guest.organise("POST", "events/draft/publish")
    assert (await fetch(guest, path, {})).status_code == 200


async def test_a_picture_that_is_a_cover_too_stays_when_it_leaves_the_gallery(guest: Fair) -> None:
    shot = (await send(guest, jpeg())).json()
    staff = guest.shop.world.staff("events")
    address = "/api/organizations/org-1/events/evt-1/cover"
    await guest.shop.client.put(address, files=form(jpeg()), headers=staff)
    await guest.call("DELETE", f"evt-1/media/{shot['id']}")
    assert (await fetch(guest, (await guest.get("evt-1"))["cover"]["full"], {})).status_code == 200


async def test_files_that_nothing_shows_are_swept_and_no_others(guest: Fair) -> None:
    await send(guest, jpeg(41, 41))
    lost = await guest.shop.app.state.pictures.keep(BytesIO(jpeg(42, 42)))
    app = guest.shop.app
    assert await sweep(app.state.database, app.state.pictures) == 0
    for path in kept(guest):
        os.utime(path, (0, 0))
    assert await sweep(app.state.database, app.state.pictures) == 1
    assert not app.state.pictures.has(lost.content)
    assert len((await guest.get("evt-1/media"))["items"]) == 1
    assert len(kept(guest)) == 2


async def test_an_event_that_is_deleted_takes_its_guests_and_its_pictures_with_it(guest: Fair) -> None:
    await guest.event("other")
    body = {"emails": ["ada@example.com"]}
    [ada] = (await guest.organise("POST", "events/other/invitations", body))["items"]
    await guest.call("POST", f"participation/{ada['id']}/respond", {"response": "accepted"})
    address = f"{CLIENT}/other/media/upload"
    sent = await guest.shop.client.post(address, files=form(jpeg()), headers=guest.ada)
    assert sent.status_code == 201, sent.text
    await guest.organise("POST", "events/other/guest-links", {})
    await guest.organise("DELETE", "events/other")
    assert (await guest.get("participation/mine"))["items"] == []
    for path in kept(guest):
        os.utime(path, (0, 0))
    app = guest.shop.app
    assert (await sweep(app.state.database, app.state.pictures), kept(guest)) == (1, [])


STAFF = [("GET", "media"), ("PATCH", "media/{id}"), ("DELETE", "media/{id}"), ("GET", "media/{id}/full"),
         ("GET", "guest-links"), ("POST", "guest-links"), ("DELETE", "guest-links/{link}"), ("POST", "media"),
         ("PUT", "cover"), ("DELETE", "cover")]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), STAFF)
async def test_only_who_organises_this_event_manages_its_gallery(
    guest: Fair, app: FastAPI, client: AsyncClient, method: str, path: str
) -> None:
    shot, made = (await send(guest, jpeg())).json(), await link(guest)
    address = f"events/evt-1/{path.format(id=shot['id'], link=made['id'])}"
    body = {"hidden": True} if method == "PATCH" else {} if path == "guest-links" else None
    for headers in (guest.shop.world.staff("door", "desk"), guest.ada):
        answer = await guest.organiser(method, address, body, headers=headers)
        assert problem(answer) == (403, "forbidden")
    there = await make_world(app, "org-2", key_number=8, event="evt-2")
    foreign = await guest.organiser(method, address, body, headers=there.staff("events"))
    assert problem(foreign) == (404, "not_found")
    theirs = f"/api/organizations/org-2/{address}"
    answer = await client.request(method, theirs, json=body, headers=there.staff("events"))
    assert problem(answer) == (404, "not_found")
