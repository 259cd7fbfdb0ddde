"""Ticket types: made, listed, changed, deleted."""

import asyncio

import pytest
from sqlalchemy import select

from server.activity.tables import changes
from tests.server.office import Office, problem

TYPES = "events/fair/ticket-types"


async def test_a_type_is_made_with_the_next_number_of_its_event(office: Office) -> None:
    new = {"id": "student", "name": "Student", "colour": "#2e9e6b", "price": 1900, "currency": "EUR",
           "quota": 50, "perks": ["Snack"], "rotating": True, "description": {"en": "Card", "de": "Ausweis"},
           "sold": False, "saleFrom": "2026-05-01T00:00:00.000Z", "saleUntil": "2026-05-10T18:00:00.000Z",
           "minPerOrder": 2, "maxPerOrder": 4}  # fmt: skip
    made = await office.ok("POST", TYPES, new)
    assert {name: made[name] for name in new} == new
    assert (made["event"], made["number"]) == ("fair", 3)
    assert await office.ok("GET", f"{TYPES}/student") == made
    rows = await office.database.read(
        lambda c: c.execute(
            select(changes).where(changes.c.name == "ticket_type").order_by(changes.c.seq)
        ).all()
    )
    assert [(row.scope, row.key) for row in rows][-1] == ("org-a/event:fair", "student")


async def test_numbers_are_in_a_row_however_many_ask_at_once(office: Office) -> None:
    await asyncio.gather(*(office.ok("POST", TYPES, {"name": f"Type {n}"}) for n in range(8)))
    found = (await office.ok("GET", TYPES))["items"]
    assert [tier["number"] for tier in found] == list(range(1, 11))


async def test_types_are_listed_page_by_page(office: Office) -> None:
    first = await office.ok("GET", f"{TYPES}?limit=1")
    rest = await office.ok("GET", f"{TYPES}?limit=1&cursor={first['nextCursor']}")
    assert [page["items"][0]["id"] for page in (first, rest)] == ["general", "vip"]
    assert rest["nextCursor"] is None


async def test_an_id_is_taken_once_in_an_event(office: Office) -> None:
    assert problem(await office.call("POST", TYPES, {"id": "vip", "name": "Again"})) == (409, "id_taken")


async def test_a_change_changes_what_is_named_and_null_lifts_a_quota(office: Office) -> None:
    changed = await office.ok("PATCH", f"{TYPES}/vip", {"name": "Very important", "price": None})
    assert (changed["name"], changed["price"], changed["quota"]) == ("Very important", 14900, 10)
    assert (await office.ok("PATCH", f"{TYPES}/vip", {"quota": None}))["quota"] is None


async def test_a_change_on_an_old_state_is_refused(office: Office) -> None:
    seen = {"If-Match": (await office.call("GET", f"{TYPES}/vip")).headers["etag"]}
    assert (await office.call("PATCH", f"{TYPES}/vip", {"price": 1}, also=seen)).status_code == 200
    assert problem(await office.call("PATCH", f"{TYPES}/vip", {"price": 2}, also=seen)) == (412, "stale")


async def test_a_type_is_deleted_until_tickets_of_it_were_issued(office: Office) -> None:
    await office.ok("POST", "events/fair/tickets", {"tickets": [{"type": "vip"}]})
    assert problem(await office.call("DELETE", f"{TYPES}/vip")) == (409, "type_has_tickets")
    assert (await office.call("DELETE", f"{TYPES}/general")).status_code == 204
    assert problem(await office.call("GET", f"{TYPES}/general")) == (404, "not_found")


async def test_a_change_never_makes_a_type_that_nobody_could_buy(office: Office) -> None:
    window = {"saleFrom": "2026-05-02T00:00:00Z", "saleUntil": "2026-05-09T00:00:00Z"}
    await office.ok("PATCH", f"{TYPES}/vip", window)
    for change in ({"saleFrom": "2026-05-09T00:00:00Z"}, {"minPerOrder": 11}):
        assert problem(await office.call("PATCH", f"{TYPES}/vip", change)) == (422, "invalid")
    assert (await office.ok("PATCH", f"{TYPES}/vip", {"saleUntil": None}))["saleUntil"] is None


CALLS = [("GET", TYPES), ("POST", TYPES), ("GET", f"{TYPES}/vip"), ("PATCH", f"{TYPES}/vip"),
         ("DELETE", f"{TYPES}/vip")]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_only_who_organises_events_may(office: Office, method: str, path: str) -> None:
    body = {"name": "x"} if method in ("POST", "PATCH") else None
    for headers in (await office.staff("door", "desk", "support", name="ada"), {}):
        answer = await office.call(method, path, body, headers=headers)
        assert problem(answer)[0] == (403 if headers else 401)
    assert (
        await office.call(method, path, body, headers=await office.staff("events", name="eve"))
    ).is_success


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_another_organisation_is_as_if_it_were_not(
    office: Office, other: Office, method: str, path: str
) -> None:
    body = {"name": "x"} if method in ("POST", "PATCH") else None
    for address in (path, f"/api/organizations/{office.org}/{path}"):
        assert problem(await other.call(method, address, body)) == (404, "not_found")


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"colour": "red"}, {"price": -1}, {"price": 1.5}, {"price": 10**13}, {"currency": "euro"},
     {"quota": -1}, {"quota": 10**9}, {"perks": "Drink"}, {"id": "a/b"}, {"surprise": 1}, {"name": "\x00"},
     {"minPerOrder": 0}, {"maxPerOrder": 101}, {"minPerOrder": 11}, {"description": "Cheap"},
     {"saleFrom": "2026-05-02T00:00:00Z", "saleUntil": "2026-05-02T00:00:00Z"}],
)  # fmt: skip
async def test_a_type_that_cannot_be_is_not_made(office: Office, change: dict[str, object]) -> None:
    assert problem(await office.call("POST", TYPES, {"name": "x"} | change)) == (422, "invalid")


async def test_the_largest_price_is_kept_to_the_cent(office: Office) -> None:
    assert (await office.ok("POST", TYPES, {"name": "x", "price": 10**12}))["price"] == 10**12
