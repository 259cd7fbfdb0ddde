"""The pages of pictures: seen and added by who takes part and by guests, without scripts."""

import re
from typing import Any

import pytest
from httpx import Response

from tests.server.customer.fair import Fair
from tests.server.customer.pages.reader import Reader, links, words
from tests.server.customer.pages.test_account_pages import signed_in
from tests.server.customer.test_gallery import form, opened
from tests.server.events.gallery.samples import HEIC, SVG, encoded, jpeg, png_of_size, two_colours

HERE = "/e/org-1-evt-1/gallery"


async def send(reader: Reader, page: str, data: bytes, status: int = 303, **headers: str) -> Response:
    """A picture, as a browser sends the form of a page."""
    own = {"Accept": reader.accepts, "Origin": "http://usher.test", **headers}
    answer = await reader.client.post(page, files=form(data), headers=own)
    assert answer.status_code == status, answer.text
    return answer


async def guests(fair: Fair) -> str:
    """The page of a new guests' link, as the organiser is told."""
    made = await fair.organise("POST", "events/evt-1/guest-links", {"label": "Table 4"})
    return str(made["link"]).removeprefix(fair.shop.app.state.settings.base_url)


async def eve(fair: Fair, reader: Reader) -> Reader:
    """Eve, who holds a ticket, in her browser."""
    await fair.ticket("eve")
    fair.later()
    await signed_in(reader, fair.shop.app)
    return reader


def shown(page: Response) -> list[str]:
    """Where the small pictures of a page are."""
    return re.findall(r'<img src="([^"]+/thumb)"', page.text)


async def shots(fair: Fair) -> list[dict[str, Any]]:
    return list((await fair.organise("GET", "events/evt-1/media"))["items"])


async def test_who_takes_part_adds_a_picture_and_sees_it(fair: Fair, reader: Reader) -> None:
    await eve(fair, reader)
    mine = await reader.get("/my")
    assert links(mine, HERE) == [HERE]
    assert links(await reader.get(links(mine, "/t/")[0]), HERE) == [HERE]
    assert "There are no pictures yet" in words(await reader.get(HERE))
    page = await reader.follow(await send(reader, HERE, jpeg(1200, 900)))
    assert "Your picture is there" in words(page)
    [small] = shown(page)
    assert opened(await reader.get(small)).size == (512, 384)
    [large] = links(page, f"{HERE}/")
    one = await reader.get(large)
    assert opened(await reader.get(links(one, f"{HERE}/")[0])).size == (1200, 900)
    assert (await shots(fair))[0]["uploader"].startswith("customer:")


async def test_strangers_and_who_holds_no_ticket_are_shown_nothing(fair: Fair, reader: Reader) -> None:
    await eve(fair, reader)
    [small] = shown(await reader.follow(await send(reader, HERE, jpeg())))
    [large] = links(await reader.get(HERE), f"{HERE}/")

    async def is_closed() -> None:
        for page in (HERE, large):
            closed = await reader.get(page, 403)
            assert "The pictures are for those who take part" in words(closed)
            assert shown(closed) == []
        assert b"JFIF" not in (await reader.get(small, 403)).content
        await send(reader, HERE, encoded(two_colours(), "PNG"), 403)
        await reader.send(f"{large}/delete", status=403)

    reader.client.cookies.clear()
    await is_closed()
    await signed_in(reader, fair.shop.app, "zoe@example.com")
    await is_closed()
    assert len(await shots(fair)) == 1
    await reader.get("/e/none/gallery", 404)


async def test_a_hidden_picture_is_on_no_page(fair: Fair, reader: Reader) -> None:
    await eve(fair, reader)
    page, table = await reader.follow(await send(reader, HERE, jpeg())), await guests(fair)
    [shot] = await shots(fair)
    assert shown(await reader.get(table)) != []
    await fair.organise("PATCH", f"events/evt-1/media/{shot['id']}", {"hidden": True})
    for place in (HERE, table):
        assert shown(await reader.get(place)) == []
        await reader.get(f"{place}/{shot['id']}", 404)
    await reader.get(shown(page)[0], 404)


async def test_a_guest_adds_and_sees_pictures_by_the_link_alone(fair: Fair, reader: Reader) -> None:
    table = await guests(fair)
    page = await reader.follow(await send(reader, table, HEIC))
    assert "Your picture is there" in words(page)
    assert 'name="robots" content="noindex"' in page.text
    assert opened(await reader.get(shown(page)[0])).size == (48, 64)
    one = await reader.get(links(page, f"{table}/")[0])
    assert "Delete my picture" not in words(one), "a guest is nobody in particular"
    assert (await shots(fair))[0]["uploader"].startswith("guest:")


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (SVG, 422, "This picture cannot be read"),
        (b"", 415, "This picture cannot be read"),
        (b"#!/bin/sh", 415, "This picture cannot be read"),
        (jpeg()[:700], 422, "This picture cannot be read"),
        (png_of_size(50_000, 50_000), 422, "This picture is too large"),
        (jpeg() + bytes(20 * 2**20), 413, "This picture is too large"),
    ],
)
async def test_what_is_no_picture_is_said_beside_its_field(
    fair: Fair, reader: Reader, data: bytes, status: int, said: str
) -> None:
    table = await guests(fair)
    answer = await send(reader, table, data, status)
    assert re.search(rf'id="picture-wrong" role="alert">{said}[^<]+</span>', answer.text)
    assert 'aria-invalid="true"' in answer.text
    assert await shots(fair) == []


async def test_a_form_without_a_picture_asks_for_one(fair: Fair, reader: Reader) -> None:
    table = await guests(fair)
    own = {"Origin": "http://usher.test", "Accept": reader.accepts}
    answer = await reader.client.post(table, files={"other": ("a", b"x")}, headers=own)
    assert answer.status_code == 422
    assert 'role="alert">Choose a picture</span>' in answer.text


async def test_more_than_any_picture_is_a_page_of_its_own(fair: Fair, reader: Reader) -> None:
    table = await guests(fair)
    answer = await send(reader, table, bytes(22 * 2**20), 413, **{"Accept-Language": "de"})
    assert "Zu groß" in words(answer)
    await reader.send("/my/sign-in", {"email": "x" * 2**21}, 413)


async def test_a_link_that_was_revoked_or_never_was_opens_nothing(fair: Fair, reader: Reader) -> None:
    table = await guests(fair)
    await send(reader, table, jpeg())
    [shot] = await shots(fair)
    [made] = (await fair.organise("GET", "events/evt-1/guest-links"))["items"]
    await fair.organise("DELETE", f"events/evt-1/guest-links/{made['id']}")
    for wrong in (table, "/g/x", "/g/%00"):
        assert "No longer valid" in words(await reader.get(wrong, 410))
        await reader.get(f"{wrong}/{shot['id']}", 410)
        await send(reader, wrong, encoded(two_colours(), "PNG"), 410)


async def test_the_newest_come_first_and_the_older_are_a_page_further(
    fair: Fair, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.customer.pages.gallery._A_PAGE", 2)
    table = await guests(fair)
    for width in (100, 101, 102):
        fair.later()
        await send(reader, table, jpeg(width, 90))
    ids = [shot["id"] for shot in await shots(fair)]
    first = await reader.get(table)
    assert [address.split("/")[-2] for address in shown(first)] == ids[:2]
    [older] = links(first, "?cursor=")
    second = await reader.get(f"{table}{older}")
    assert [address.split("/")[-2] for address in shown(second)] == ids[2:]
    assert "Older pictures" not in words(second)
    beside = [links(await reader.get(f"{table}/{id_}"), f"{table}/") for id_ in ids]
    assert beside == [
        [f"{table}/{ids[1]}"],
        [f"{table}/{ids[0]}", f"{table}/{ids[2]}"],
        [f"{table}/{ids[1]}"],
    ]
    await reader.get(f"{table}?cursor=x", 422)


async def test_one_deletes_only_ones_own_picture(fair: Fair, reader: Reader) -> None:
    await send(reader, await guests(fair), jpeg(100, 90))
    await eve(fair, reader)
    fair.later()
    await send(reader, HERE, jpeg(100, 100))
    own, guests_one = (shot["id"] for shot in await shots(fair))
    assert "Delete my picture" not in words(await reader.get(f"{HERE}/{guests_one}"))
    await reader.send(f"{HERE}/{guests_one}/delete", status=403)
    assert "Delete my picture" in words(await reader.get(f"{HERE}/{own}"))
    await reader.follow(await reader.send(f"{HERE}/{own}/delete"))
    assert [shot["id"] for shot in await shots(fair)] == [guests_one]


async def test_a_picture_from_another_site_is_refused(fair: Fair, reader: Reader) -> None:
    await eve(fair, reader)
    for page in (HERE, await guests(fair)):
        await send(reader, page, jpeg(), 403, Origin="https://evil.example")
    assert await shots(fair) == []


async def test_an_events_cover_is_on_its_page_and_in_the_list(fair: Fair, reader: Reader) -> None:
    assert "<img" not in (await reader.get("/e/org-1-evt-1")).text
    headers = fair.shop.world.staff("events")
    address = "/api/organizations/org-1/events/evt-1/cover"
    await fair.shop.client.put(address, files=form(jpeg(1600, 900)), headers=headers)
    alts = {}
    for page in ("/o/org-1", "/e/org-1-evt-1"):
        [[source, alt]] = re.findall(
            r'<img class="cover" src="([^"]+)".*? alt="([^"]*)"', (await reader.get(page)).text
        )
        assert opened(await reader.get(source)).size == (512, 288)
        alts[page] = alt
    assert alts == {"/o/org-1": "", "/e/org-1-evt-1": "Picture of Summit"}
    [full] = re.findall(r"(\S+) 2048w", (await reader.get("/e/org-1-evt-1")).text)
    assert opened(await reader.get(full)).size == (1600, 900)
