"""Tickets: issued within quotas, listed, changed, reissued; their codes and pictures."""

import asyncio
from collections.abc import Mapping

import cv2
import numpy
import pytest
import zxingcpp
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select

from domain import rotating_code, ticket_code
from domain.ticket import TicketState
from server.activity.tables import activities, changes
from server.events.tables import events
from server.ticketing.codes import verify
from server.ticketing.states import TRANSITIONS, Act
from server.ticketing.tables import tickets as ticket_table
from tests.builders import ManualClock
from tests.server.office import Office, problem

TICKETS = "events/fair/tickets"


async def issue(office: Office, *new: Mapping[str, object]) -> list[dict[str, object]]:
    items: list[dict[str, object]] = (await office.ok("POST", TICKETS, {"tickets": list(new)}))["items"]
    return items


async def one(office: Office, **values: object) -> dict[str, object]:
    return (await issue(office, {"type": "general", **values}))[0]


async def synced(office: Office, table: str) -> list[str]:
    rows = await office.database.read(
        lambda c: c.execute(select(changes).where(changes.c.name == table).order_by(changes.c.seq)).all()
    )
    return [row.key for row in rows if row.scope == "org-a/event:fair"]


async def test_a_ticket_is_issued_with_a_code_that_our_key_signed(app: FastAPI, office: Office) -> None:
    said = {"name": "Ana Sánchez", "email": "ana@a.example", "order": "R1", "seat": "A 4", "session": "s1"}
    ticket = await one(office, **said, note="wheelchair", attention=True, validFrom="2026-05-10T10:00:30Z")
    assert {name: ticket[name] for name in said} == said
    assert (ticket["number"], ticket["generation"], ticket["state"]) == (1, 0, "valid")
    assert (ticket["note"], ticket["attention"]) == ("wheelchair", True)
    signed = ticket_code.parse(str(ticket["code"]))
    assert (signed.code.event, signed.code.ticket, signed.code.type) == (1, 1, 1)
    check = await office.database.read(lambda c: verify(c, "org-a"))
    assert signed.verified(check) is True
    stranger = await office.database.read(lambda c: verify(c, "org-b"))
    assert signed.verified(stranger) is None
    assert await synced(office, "ticket") == [ticket["id"]]


async def test_each_of_several_tickets_has_its_own_line_in_the_trail(office: Office) -> None:
    made = await issue(office, {"type": "general"}, {"type": "general"}, {"type": "vip"})
    asked = select(activities.c.subject).where(activities.c.kind == "ticket.issued")
    subjects = await office.database.read(
        lambda c: c.execute(asked.order_by(activities.c.seq)).scalars().all()
    )
    assert subjects == [f"ticket:{ticket['id']}" for ticket in made]


async def test_the_code_is_stored_nowhere_and_made_again_to_the_letter(office: Office) -> None:
    ticket = await one(office)
    rows = await office.database.read(lambda c: str(c.execute(select(ticket_table)).all()))
    assert str(ticket["code"]) not in rows
    assert (await office.ok("GET", f"{TICKETS}/{ticket['id']}"))["code"] == ticket["code"]


async def test_a_code_stays_the_same_when_keys_rotate(office: Office) -> None:
    old = await one(office)
    keys = await office.ok("POST", "ticket-keys/rotate")
    new = await one(office)
    assert [ticket_code.parse(str(t["code"])).code.key for t in (old, new)] == [
        keys[1]["number"], keys[0]["number"]
    ]  # fmt: skip
    assert (await office.ok("GET", f"{TICKETS}/{old['id']}"))["code"] == old["code"]
    check = await office.database.read(lambda c: verify(c, "org-a"))
    assert all(ticket_code.parse(str(t["code"])).verified(check) for t in (old, new))
    assert await synced(office, "ticket_key") == [str(key["number"]) for key in reversed(keys)]
    assert {"number", "public", "created"} == set(keys[0])


async def test_key_numbers_are_nobody_elses(office: Office, other: Office) -> None:
    await asyncio.gather(
        *(caller.ok("POST", "ticket-keys/rotate") for caller in (office, other) for _ in range(4))
    )
    numbers = [key["number"] for o in (office, other) for key in await o.ok("GET", "ticket-keys")]
    assert sorted(numbers) == list(range(1, 9))


async def test_many_tickets_are_issued_in_a_row_and_all_or_none(office: Office) -> None:
    made = await issue(office, *({"type": "general", "name": f"Person {n}"} for n in range(300)))
    assert [ticket["number"] for ticket in made] == list(range(1, 301))
    assert await synced(office, "ticket") == [ticket["id"] for ticket in made]
    wrong = [{"type": "general"}, {"type": "nothing"}]
    answer = await office.call("POST", TICKETS, {"tickets": wrong})
    assert problem(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["loc"] == ["body", "tickets", 1, "type"]
    assert len((await office.ok("GET", f"{TICKETS}?limit=500"))["items"]) == 300


async def test_what_a_type_says_holds_unless_the_ticket_says_otherwise(office: Office) -> None:
    plain, own = await issue(
        office,
        {"type": "vip", "state": "pending"},
        {"type": "vip", "state": "pending", "due": 5, "perks": ["Hat"]},
    )
    assert (plain["perks"], plain["due"], plain["currency"]) == (["Drink"], 14900, "EUR")
    assert (own["perks"], own["due"]) == (["Hat"], 5)


async def test_a_quota_holds_however_many_ask_at_once(office: Office) -> None:
    async def three() -> int:
        return (await office.call("POST", TICKETS, {"tickets": [{"type": "vip"}] * 3})).status_code

    answers = await asyncio.gather(*(three() for _ in range(8)))
    assert sorted(answers) == [201] * 3 + [409] * 5
    sold = await office.call("POST", TICKETS, {"tickets": [{"type": "vip"}] * 2})
    assert problem(sold) == (409, "sold_out")
    assert (sold.json()["type"], sold.json()["quota"], sold.json()["left"]) == ("vip", 10, 1)
    assert len(await issue(office, {"type": "vip"})) == 1


async def test_a_place_that_becomes_free_is_sold_again(office: Office) -> None:
    made = await issue(office, *[{"type": "vip"}] * 10)
    await office.ok("PATCH", f"{TICKETS}/{made[0]['id']}", {"act": "cancel"})
    assert len(await issue(office, {"type": "vip"}, {"type": "vip", "state": "canceled"})) == 2
    answer = await office.call("POST", TICKETS, {"tickets": [{"type": "vip"}]})
    assert problem(answer) == (409, "sold_out")


async def test_a_code_of_another_system_is_kept_as_it_is(office: Office) -> None:
    made = await one(office, code="  ]Q3ABC/ü 1 ")
    assert (made["code"], made["foreign"]) == ("ABC/ü 1", True)
    assert (await office.ok("GET", f"{TICKETS}/{made['id']}"))["code"] == "ABC/ü 1"
    again = await office.call("POST", TICKETS, {"tickets": [{"type": "general", "code": "ABC/ü 1"}]})
    assert problem(again) == (422, "invalid")
    twice = [{"type": "general", "code": "X"}, {"type": "general", "code": "X"}]
    assert problem(await office.call("POST", TICKETS, {"tickets": twice})) == (422, "invalid")


async def test_one_code_goes_to_one_ticket_however_many_ask_at_once(office: Office) -> None:
    body = {"tickets": [{"type": "general", "code": "ABC"}]}
    answers = await asyncio.gather(*(office.call("POST", TICKETS, body) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers)[0] == 201
    assert all(answer.status_code in (409, 422) for answer in answers if answer.status_code != 201)
    assert len((await office.ok("GET", TICKETS))["items"]) == 1


async def test_an_add_on_names_a_main_ticket_of_the_same_event(office: Office) -> None:
    main = await one(office)
    assert (await one(office, main=main["id"]))["main"] == main["id"]
    body = {"tickets": [{"type": "general", "main": "nothing"}]}
    assert problem(await office.call("POST", TICKETS, body)) == (422, "invalid")


@pytest.mark.parametrize("end", ["cancel", "archive"])
async def test_for_an_event_that_is_over_no_ticket_is_issued(office: Office, end: str) -> None:
    await office.ok("POST", f"events/fair/{end}")
    answer = await office.call("POST", TICKETS, {"tickets": [{"type": "general"}]})
    assert problem(answer) == (409, "event_state")


@pytest.mark.parametrize(
    ("query", "found"),
    [("", [1, 2, 3, 4]), ("state=canceled", [2]), ("type=vip", [3, 4]), ("text=sanch", [1]),
     ("text=ana+san", [1]), ("text=R77", [4]), ("text=bob@b", [2]), ("text=..", []), ("text=zzz", []),
     ("text=%22+OR", []), ("type=vip&text=r77", [4]), ("type=nothing", [])],
)  # fmt: skip
async def test_a_list_holds_what_was_asked_for(office: Office, query: str, found: list[int]) -> None:
    await issue(
        office,
        {"type": "general", "name": "Ana Sanchez"},
        {"type": "general", "name": "Bob", "email": "bob@b.example", "state": "canceled"},
        {"type": "vip", "name": "Cora"},
        {"type": "vip", "name": "Dan", "order": "R77"},
    )
    items = (await office.ok("GET", f"{TICKETS}?{query}"))["items"]
    assert [ticket["number"] for ticket in items] == found
    assert all("code" not in ticket for ticket in items)


async def test_tickets_are_listed_page_by_page(office: Office) -> None:
    await issue(office, *[{"type": "general"}] * 5)
    first = await office.ok("GET", f"{TICKETS}?limit=3")
    rest = await office.ok("GET", f"{TICKETS}?limit=3&cursor={first['nextCursor']}")
    assert [ticket["number"] for ticket in first["items"] + rest["items"]] == [1, 2, 3, 4, 5]
    assert rest["nextCursor"] is None


@pytest.mark.parametrize("state", TicketState)
@pytest.mark.parametrize("act", Act)
async def test_a_ticket_moves_as_the_table_says(office: Office, state: TicketState, act: Act) -> None:
    ticket = await one(office, state=state)
    address = f"{TICKETS}/{ticket['id']}"
    expected = TRANSITIONS[state].get(act)
    answer = await office.call("PATCH", address, {"act": act})
    if expected is None:
        assert problem(answer) == (409, "ticket_state")
        assert answer.json()["allowed"] == [allowed.value for allowed in TRANSITIONS[state]]
    else:
        assert answer.json()["state"] == expected
        assert len(await synced(office, "ticket")) == 2
    assert (await office.ok("GET", address))["state"] == (expected or state)


async def test_what_is_due_keeps_a_ticket_pending_until_it_is_paid(office: Office) -> None:
    for start, acts in (("unapproved", ["approve"]), ("pending", ["block", "unblock"])):
        address = f"{TICKETS}/{(await one(office, state=start, due=500))['id']}"
        for act in acts:
            state = (await office.ok("PATCH", address, {"act": act}))["state"]
        assert state == "pending"
        paid = await office.ok("PATCH", address, {"act": "pay"})
        assert (paid["state"], paid["due"]) == ("valid", 0)


async def test_of_two_who_act_at_once_one_does(office: Office) -> None:
    address = f"{TICKETS}/{(await one(office))['id']}"
    answers = await asyncio.gather(*(office.call("PATCH", address, {"act": "block"}) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 4


async def test_what_a_ticket_says_is_changed_and_found(office: Office) -> None:
    address = f"{TICKETS}/{(await one(office, name='Ana'))['id']}"
    change = {"name": "Zoë", "email": "zoe@a.example", "seat": "B 1", "note": "vegan", "attention": True}
    changed = await office.ok("PATCH", address, change)
    assert {name: changed[name] for name in change} == change
    assert len((await office.ok("GET", f"{TICKETS}?text=zoe"))["items"]) == 1
    assert (await office.ok("GET", f"{TICKETS}?text=ana"))["items"] == []


async def test_a_change_on_an_old_state_is_refused(office: Office) -> None:
    address = f"{TICKETS}/{(await one(office))['id']}"
    seen = {"If-Match": (await office.call("GET", address)).headers["etag"]}
    assert (await office.call("PATCH", address, {"seat": "A"}, also=seen)).status_code == 200
    assert problem(await office.call("PATCH", address, {"seat": "B"}, also=seen)) == (412, "stale")


@pytest.mark.parametrize("code", ["", "FOREIGN-1"])
async def test_a_reissued_ticket_has_a_new_code_and_its_old_one_is_revoked(office: Office, code: str) -> None:
    old = await one(office, code=code)
    new = await office.ok("POST", f"{TICKETS}/{old['id']}/reissue")
    assert (new["generation"], new["foreign"]) == (1, False)
    assert ticket_code.parse(new["code"]).code.generation == 1
    assert (await office.ok("GET", f"{TICKETS}/{old['id']}"))["code"] == new["code"]
    assert await synced(office, "revoked_code") == [ticket_code.digest(str(old["code"])).hex()]
    await office.ok("POST", "/api/events/fair/check-in/lists", {"id": "main", "name": "Main"})
    reasons = []
    for n, each in enumerate((old, new)):
        scan = {"code": each["code"], "lists": ["main"], "opId": f"op-{n}"}
        reasons.append((await office.ok("POST", "/api/events/check-in", scan))["reason"])
    assert reasons == ["revoked", None]


async def test_reissues_at_once_come_one_after_the_other(office: Office) -> None:
    ticket = await one(office)
    answers = await asyncio.gather(
        *(office.call("POST", f"{TICKETS}/{ticket['id']}/reissue") for _ in range(4))
    )
    good = [answer.json()["generation"] for answer in answers if answer.is_success]
    assert sorted(good) == list(range(1, len(good) + 1))
    assert len(await synced(office, "revoked_code")) == len(good)


@pytest.mark.parametrize("state", ["canceled", "refunded"])
async def test_a_void_ticket_is_not_reissued(office: Office, state: str) -> None:
    ticket = await one(office, state=state)
    assert problem(await office.call("POST", f"{TICKETS}/{ticket['id']}/reissue")) == (409, "ticket_state")


async def test_the_picture_of_a_code_is_read_by_a_decoder(office: Office, client: AsyncClient) -> None:
    for code in ("", "Any text ü/1 " + "x" * 200):
        ticket = await one(office, code=code)
        address = f"{TICKETS}/{ticket['id']}/qr"
        png = await office.call("GET", address, also={"Accept": "image/png"})
        assert (png.headers["content-type"], png.headers["cache-control"]) == ("image/png", "no-store")
        picture = cv2.imdecode(numpy.frombuffer(png.content, numpy.uint8), cv2.IMREAD_GRAYSCALE)
        assert [found.text for found in zxingcpp.read_barcodes(picture)] == [ticket["code"]]
        svg = await office.call("GET", address)
        assert svg.headers["content-type"].startswith("image/svg+xml")
        assert svg.text.startswith("<svg ")
        told = await office.call("GET", address, also={"Accept": "application/json"})
        assert told.json() == {"code": ticket["code"], "shown": ticket["code"]}


async def test_the_picture_of_a_rotating_code_holds_the_digits_of_now(
    office: Office, clock: ManualClock
) -> None:
    await office.ok("PATCH", "events/fair/ticket-types/general", {"rotating": True})
    ticket = await one(office)
    address = f"{TICKETS}/{ticket['id']}/qr"
    told = (await office.call("GET", address, also={"Accept": "application/json"})).json()
    bare, shown = rotating_code.split(told["shown"])
    secret = await office.database.read(lambda c: c.execute(select(events.c.rotating_secret)).scalar_one())
    assert (bare, told["code"]) == (ticket["code"], ticket["code"])
    assert shown == rotating_code.digits(rotating_code.secret(bytes(secret), 1, 0), clock())


CALLS = [("GET", TICKETS), ("POST", TICKETS), ("GET", f"{TICKETS}/ID"), ("PATCH", f"{TICKETS}/ID"),
         ("GET", f"{TICKETS}/ID/qr"), ("POST", f"{TICKETS}/ID/reissue"),
         ("POST", f"{TICKETS}/import")]  # fmt: skip


def body(method: str, path: str) -> object:
    if method == "PATCH":
        return {"seat": "x"}
    return {"tickets": [{"type": "general"}]} if (method, path) == ("POST", TICKETS) else None


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_only_who_organises_events_may(office: Office, method: str, path: str) -> None:
    address = path.replace("ID", str((await one(office))["id"]))
    for headers in (await office.staff("door", "desk", "support", name="ada"), {}):
        answer = await office.call(method, address, body(method, path), headers=headers)
        assert problem(answer)[0] == (403 if headers else 401)


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_another_organisation_is_as_if_it_were_not(
    office: Office, other: Office, method: str, path: str
) -> None:
    path_ = path.replace("ID", str((await one(office))["id"]))
    for address in (path_, f"/api/organizations/{office.org}/{path_}"):
        assert problem(await other.call(method, address, body(method, path))) == (404, "not_found")


async def test_a_ticket_is_of_one_event_only(office: Office) -> None:
    ticket = await one(office)
    other_event = {"id": "gala", "name": {"en": "Gala"}, "starts": "2026-05-10T10:00:00Z",
                   "ends": "2026-05-10T20:00:00Z", "zone": "UTC"}  # fmt: skip
    await office.ok("POST", "events", other_event)
    answer = await office.call("GET", f"events/gala/tickets/{ticket['id']}")
    assert problem(answer) == (404, "not_found")


async def test_only_administrators_see_and_rotate_keys(office: Office) -> None:
    eve = await office.staff("events", name="eve")
    for method, path in (("GET", "ticket-keys"), ("POST", "ticket-keys/rotate")):
        assert problem(await office.call(method, path, headers=eve)) == (403, "forbidden")


@pytest.mark.parametrize(
    "ticket",
    [{}, {"type": 1}, {"type": "general", "code": "x" * 256}, {"type": "general", "state": "lost"},
     {"type": "general", "due": -1}, {"type": "general", "name": "\x00"}, {"type": "general", "surprise": 1},
     {"type": "general", "validFrom": "2026-05-10T10:00:00Z", "validUntil": "2026-05-10T10:00:00Z"},
     {"type": "general", "validFrom": "soon"}],
)  # fmt: skip
async def test_a_ticket_that_cannot_be_is_not_issued(office: Office, ticket: dict[str, object]) -> None:
    assert problem(await office.call("POST", TICKETS, {"tickets": [ticket]})) == (422, "invalid")
    for tickets in ([], [{"type": "general"}] * 1001):
        assert problem(await office.call("POST", TICKETS, {"tickets": tickets})) == (422, "invalid")


async def test_issuing_again_with_the_same_key_issues_nothing_again(office: Office) -> None:
    key = {"Idempotency-Key": "once"}
    answers = [
        await office.call("POST", TICKETS, {"tickets": [{"type": "general"}]}, also=key) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert len((await office.ok("GET", TICKETS))["items"]) == 1
