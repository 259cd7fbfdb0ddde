"""Check-in lists: made, read, changed, deleted."""

import asyncio
from typing import Any

from httpx import Response

from tests.server.admission.venue import EVENT, Venue
from tests.server.office import problem

LISTS = f"{EVENT}/lists"
EVERYTHING: dict[str, Any] = {
    "types": ["vip"], "sessions": ["Keynote"], "gates": ["North"], "includePending": True, "entry": "once",
    "addons": True, "checkoutAt": "04:00", "counts": False, "requireConfirmation": ["Look at the passport"],
    "questions": [
        {"id": "shirt", "text": {"en": "Shirt?", "de": "Shirt?"}, "kind": "choice", "required": False,
         "choices": ["S", "M"]},
    ],
    "validFrom": "2026-05-10T10:00:00.000Z", "validUntil": "2026-05-10T20:00:00.000Z",
    "rules": {"all": [{"fact": "entries_today", "op": "<", "value": 2}]},
}  # fmt: skip
NOTHING: dict[str, Any] = {
    "types": [], "sessions": [], "gates": [], "includePending": False, "entry": "after_exit", "addons": False,
    "checkoutAt": None, "counts": True, "requireConfirmation": [], "questions": [], "validFrom": None,
    "validUntil": None, "rules": None,
}  # fmt: skip


async def ask(venue: Venue, method: str, path: str, body: Any = None, **also: str) -> Response:
    """As an organiser."""
    headers = {**venue.world.staff("events"), **also}
    return await venue.client.request(method, LISTS + path, json=body, headers=headers)


async def test_a_list_is_made_with_all_that_it_says_and_read_again(venue: Venue) -> None:
    made = await ask(venue, "POST", "", {"id": "vip", "name": "Lounge", **EVERYTHING})
    assert made.status_code == 201, made.text
    told = made.json()
    assert told == {"id": "vip", "name": "Lounge", "event": "evt-1", "created": told["created"], **EVERYTHING}
    read = await ask(venue, "GET", "/vip")
    assert (read.json(), read.headers["etag"]) == (told, made.headers["etag"])
    plain = await ask(venue, "POST", "", {"name": "Plain"})
    assert {name: plain.json()[name] for name in NOTHING} == NOTHING
    ids = [list_["id"] for list_ in (await ask(venue, "GET", "")).json()["items"]]
    assert ids == sorted(["main", "vip", plain.json()["id"]])


async def test_lists_are_read_page_by_page_the_oldest_first(venue: Venue) -> None:
    for n in range(4):
        venue.clock.forward(1)
        await ask(venue, "POST", "", {"id": f"list-{9 - n}", "name": "New"})
    pages = await venue.pages("lists", venue.world.staff("door"), limit=2)
    assert [[list_["id"] for list_ in page] for page in pages] == [
        ["main", "list-9"],
        ["list-8", "list-7"],
        ["list-6"],
    ]


async def test_a_change_changes_what_is_named_and_null_takes_times_and_rules_away(venue: Venue) -> None:
    await ask(venue, "POST", "", {"id": "vip", "name": "Lounge", **EVERYTHING})
    _, cursor = await venue.changes()
    renamed = await ask(venue, "PATCH", "/vip", {"name": "VIP", "gates": ["South"]})
    assert {**renamed.json(), "created": 0} == {
        "id": "vip", "name": "VIP", "event": "evt-1", "created": 0, **EVERYTHING, "gates": ["South"],
    }  # fmt: skip
    emptied = {"checkoutAt": None, "validFrom": None, "validUntil": None, "rules": None}
    freed = await ask(venue, "PATCH", "/vip", emptied)
    assert {name: freed.json()[name] for name in emptied} == emptied
    [told], _ = await venue.changes(cursor)
    assert (told["table"], told["key"], told["row"]["name"]) == ("check_in_list", "vip", "VIP")
    line = (await venue.trail())[0]
    assert (line["kind"], line["subject"], line["actor"], line["data"]) == (
        "check_in_list.changed", "check_in_list:vip", "staff:staff-1", emptied,
    )  # fmt: skip


async def test_a_change_on_an_old_state_is_refused(venue: Venue) -> None:
    seen = (await ask(venue, "GET", "/main")).headers["etag"]
    changed = await ask(venue, "PATCH", "/main", {"name": "Front"}, **{"If-Match": seen})
    assert changed.status_code == 200
    stale = await ask(venue, "PATCH", "/main", {"name": "Back"}, **{"If-Match": seen})
    assert problem(stale) == (412, "stale")
    again = await ask(venue, "PATCH", "/main", {"name": "Back"}, **{"If-Match": changed.headers["etag"]})
    assert again.json()["name"] == "Back"
    now = again.headers["etag"]
    answers = await asyncio.gather(
        *(ask(venue, "PATCH", "/main", {"name": f"{n}"}, **{"If-Match": now}) for n in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]


async def test_what_would_admit_nobody_or_says_nothing_is_refused(venue: Venue) -> None:
    wrongs: list[dict[str, Any]] = [
        {"types": ["general", "vipp"]}, {"entry": "twice"}, {"checkoutAt": "4:00"}, {"checkoutAt": "24:00"},
        {"validFrom": "2026-05-10T10:00:00Z", "validUntil": "2026-05-10T10:00:00Z"},
        {"validFrom": "2026-05-10T10:00:00"}, {"rules": {"fact": "moon", "op": "==", "value": 1}},
        {"rules": {"all": []}}, {"questions": [{"id": "q", "text": {}}]}, {"colour": "red"}, {"name": ""},
        {"questions": [{"id": "q", "text": {"en": "?"}, "kind": "choice"}]},
        {"questions": [{"id": "q", "text": {"en": "?"}, "choices": ["a"]}]},
        {"questions": 2 * [{"id": "q", "text": {"en": "?"}}]}, {"types": None},
    ]  # fmt: skip
    for wrong in wrongs:
        made = await ask(venue, "POST", "", {"name": "New", **wrong})
        assert problem(made) == (422, "invalid"), wrong
        assert made.json()["errors"], wrong
        assert problem(await ask(venue, "PATCH", "/main", wrong)) == (422, "invalid"), wrong
    misspelt = (await ask(venue, "POST", "", {"name": "New", "types": ["general", "vipp"]})).json()
    assert misspelt["errors"] == [
        {"loc": ["body", "types", 1], "msg": "there is no ticket type 'vipp' in this event"}
    ]
    await ask(venue, "PATCH", "/main", {"validFrom": "2026-05-10T10:00:00Z"})
    earlier = await ask(venue, "PATCH", "/main", {"validUntil": "2026-05-10T09:00:00Z"})
    assert problem(earlier) == (422, "invalid")
    assert len((await ask(venue, "GET", "")).json()["items"]) == 1


async def test_an_id_is_taken_once_however_many_ask_at_once(venue: Venue) -> None:
    answers = await asyncio.gather(*(ask(venue, "POST", "", {"id": "vip", "name": f"{n}"}) for n in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert {problem(answer) for answer in answers if not answer.is_success} == {(409, "id_taken")}
    first, again = [
        await ask(venue, "POST", "", {"name": "Key"}, **{"Idempotency-Key": "key-1"}) for _ in range(2)
    ]
    assert first.json() == again.json()


async def test_a_list_is_deleted_until_something_was_scanned_on_it(venue: Venue) -> None:
    await ask(venue, "POST", "", {"id": "side", "name": "Side"})
    _, cursor = await venue.changes()
    assert (await ask(venue, "DELETE", "/side")).status_code == 204
    assert problem(await ask(venue, "GET", "/side")) == (404, "not_found")
    assert problem(await ask(venue, "DELETE", "/side")) == (404, "not_found")
    [told], _ = await venue.changes(cursor)
    assert (told["table"], told["key"], told["row"]) == ("check_in_list", "side", None)
    await venue.scan("hello")
    assert problem(await ask(venue, "DELETE", "/main")) == (409, "list_in_use")
