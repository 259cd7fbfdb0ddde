"""Invitations: sent, answered with an account and without, taken back; through HTTP, on both databases."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import insert, select

from domain.clock import MINUTE
from server.contacts.tables import contacts
from server.events.participants.mails import compose
from server.events.participants.states import TRANSITIONS, Act, State
from server.events.participants.tables import participants
from server.messaging.templates import words
from tests.server.customer.fair import Fair
from tests.server.messaging.letters import OWED
from tests.server.office import problem
from tests.server.world import make_world

KIND = "participation.invited"
ADA = "ada@example.com"


async def invite(fair: Fair, *emails: str, **more: Any) -> list[dict[str, Any]]:
    body = {"emails": list(emails), **more}
    return list((await fair.organise("POST", "events/evt-1/invitations", body))["items"])


async def token(fair: Fair, id_: str) -> str:
    """What ends the address in the mail."""
    asked = select(participants.c.token).where(participants.c.id == id_)
    return str(await fair.shop.world.database.read(lambda c: c.execute(asked).scalar_one()))


async def respond(fair: Fair, id_: str, response: str, who: dict[str, str] | None = None, **more: Any) -> Any:
    body = {"response": response, **more}
    return await fair.call("POST", f"participation/{id_}/respond", body, who)


async def by_link(fair: Fair, link: str, response: str, **more: Any) -> Any:
    return await fair.call(
        "POST", f"participation/invited/{link}/respond", {"response": response, **more}, {}
    )


async def test_who_is_invited_gets_a_mail_once(fair: Fair) -> None:
    first = await invite(fair, ADA, "Bob@Example.com", "ada@EXAMPLE.com")
    assert {each["email"] for each in first} == {ADA, "bob@example.com"}
    assert {(each["state"], each["sent"]) for each in first} == {("invited", True)}
    again = await invite(fair, ADA)
    assert [(each["state"], each["sent"]) for each in again] == [("invited", False)]
    mails = await fair.shop.mails(KIND)
    assert sorted(to for _, to, _ in mails) == [ADA, "bob@example.com"]


async def test_the_mail_leads_to_the_answer(fair: Fair) -> None:
    [ada] = await invite(fair, ADA)
    owed = replace(OWED, kind=KIND, about={"participant": ada["id"]}, event="evt-1", language="de")
    letter = await fair.shop.world.database.read(lambda c: compose(c, owed))
    assert letter is not None
    link = f"https://usher.example/i/{await token(fair, ada['id'])}"
    assert letter.params["link"] == link
    said = words(owed, letter)
    assert (said.subject, link in said.text, link in said.html) == ("Einladung: Summit", True, True)
    await respond(fair, ada["id"], "declined")
    assert await fair.shop.world.database.read(lambda c: compose(c, owed)) is None


async def test_an_invitation_is_accepted_with_sessions_and_declined_later(fair: Fair) -> None:
    await fair.session("s", 1, capacity=1)
    [ada] = await invite(fair, ADA)
    assert problem(await fair.call("PUT", "evt-1/participation", {"sessions": ["s"]})) == (
        403,
        "not_taking_part",
    )
    accepted = (await respond(fair, ada["id"], "accepted", sessions=["s"])).json()
    assert (accepted["state"], [each["id"] for each in accepted["sessions"]]) == ("accepted", ["s"])
    assert (await fair.get("evt-1/sessions"))["items"][0]["left"] == 0
    assert (await fair.call("PUT", "evt-1/participation", {"sessions": ["s"]})).status_code == 200
    declined = (await respond(fair, ada["id"], "declined")).json()
    assert (declined["state"], declined["sessions"]) == ("declined", [])
    assert (await fair.get("evt-1/sessions"))["items"][0]["left"] == 1
    assert (await respond(fair, ada["id"], "accepted")).json()["state"] == "accepted"


async def test_an_answer_whose_sessions_are_full_is_none(fair: Fair) -> None:
    await fair.session("s", 1, capacity=0)
    [ada] = await invite(fair, ADA)
    refused = await respond(fair, ada["id"], "accepted", sessions=["s"])
    assert (problem(refused), refused.json()["sessions"]) == ((409, "session_full"), ["s"])
    assert (await fair.get("participation/mine"))["items"][0]["state"] == "invited"


async def test_whoever_has_the_link_answers_without_an_account(fair: Fair) -> None:
    await fair.session("s", 1)
    [zoe] = await invite(fair, "zoe@example.com")
    link = await token(fair, zoe["id"])
    seen = (await fair.call("GET", f"participation/invited/{link}", None, {})).json()
    assert (seen["participation"]["state"], seen["participation"]["event"]["id"]) == ("invited", "evt-1")
    answered = (await by_link(fair, link, "accepted", sessions=["s"])).json()["participation"]
    assert (answered["state"], [each["id"] for each in answered["sessions"]]) == ("accepted", ["s"])
    zoes = await fair.customer("zoe")
    assert (await fair.get("participation/mine", zoes))["items"][0]["state"] == "accepted"
    assert (await fair.call("PUT", "evt-1/participation", {"sessions": []}, zoes)).status_code == 200


@pytest.mark.parametrize("link", ["x", "x" * 100, "%00", "null"])
async def test_a_link_that_is_none_opens_nothing(fair: Fair, link: str) -> None:
    await invite(fair, ADA)
    await fair.ticket("bob")
    assert (await fair.call("GET", f"participation/invited/{link}", None, {})).status_code == 404
    assert (await by_link(fair, link, "accepted")).status_code == 404


async def test_an_invitation_that_was_taken_back_is_none(fair: Fair) -> None:
    await fair.session("s", 1, capacity=1)
    [ada] = await invite(fair, ADA)
    link = await token(fair, ada["id"])
    await by_link(fair, link, "accepted", sessions=["s"])
    await fair.organise("DELETE", f"events/evt-1/invitations/{ada['id']}")
    assert problem(await by_link(fair, link, "accepted")) == (404, "not_found")
    assert problem(await respond(fair, ada["id"], "accepted")) == (409, "participation_state")
    assert (await fair.get("evt-1/sessions"))["items"][0]["left"] == 1
    again = await fair.organiser("DELETE", f"events/evt-1/invitations/{ada['id']}")
    assert problem(again) == (409, "participation_state")


async def test_whoever_is_invited_anew_has_a_new_link(fair: Fair) -> None:
    [ada] = await invite(fair, ADA)
    old = await token(fair, ada["id"])
    await by_link(fair, old, "declined")
    fair.shop.clock.forward(MINUTE)
    [again] = await invite(fair, ADA)
    assert (again["id"], again["state"], again["sent"]) == (ada["id"], "invited", True)
    assert problem(await by_link(fair, old, "accepted")) == (404, "not_found")
    assert len(await fair.shop.mails(KIND)) == 2


async def test_who_has_not_answered_is_reminded(fair: Fair) -> None:
    [ada] = await invite(fair, ADA)
    fair.shop.clock.forward(MINUTE)
    await fair.organise("POST", f"events/evt-1/invitations/{ada['id']}/remind")
    assert len(await fair.shop.mails(KIND)) == 2
    await respond(fair, ada["id"], "accepted")
    late = await fair.organiser("POST", f"events/evt-1/invitations/{ada['id']}/remind")
    assert problem(late) == (409, "participation_state")


async def test_who_holds_a_ticket_needs_no_invitation(fair: Fair) -> None:
    bob = await fair.ticket("bob")
    await fair.call("PUT", "evt-1/participation", {"sessions": []}, bob)
    [found] = await invite(fair, "bob@example.com")
    assert (found["state"], found["sent"]) == ("confirmed", False)
    assert problem(await respond(fair, found["id"], "declined", bob)) == (409, "participation_state")


async def test_who_chooses_sessions_by_a_ticket_has_accepted(fair: Fair) -> None:
    [bob] = await invite(fair, "bob@example.com")
    who = await fair.ticket("bob")
    answer = await fair.call("PUT", "evt-1/participation", {"sessions": []}, who)
    assert (answer.json()["id"], answer.json()["state"]) == (bob["id"], "accepted")


async def test_contacts_of_the_book_are_invited(fair: Fair) -> None:
    same = {"org": fair.shop.world.org, "language": "fr", "created": 0, "changed": 0}
    rows = [
        {"id": "c1", "email": "cy@example.com", "name": "Cy", **same},
        {"id": "c2", "email": None, "name": "Dan", **same},
    ]
    await fair.shop.world.database.write(lambda t: t.connection.execute(insert(contacts), rows) and None)
    [found] = await invite(fair, contacts=["c1"])
    assert (found["contact"], found["name"], found["email"]) == ("c1", "Cy", "cy@example.com")
    wrong = await fair.organiser("POST", "events/evt-1/invitations", {"contacts": ["c1", "c2", "c3"]})
    assert problem(wrong) == (422, "contact_unknown")
    assert [error["loc"] for error in wrong.json()["errors"]] == [
        ["body", "contacts", 1],
        ["body", "contacts", 2],
    ]


async def test_invitations_are_listed_with_their_answers(fair: Fair) -> None:
    [ada] = await invite(fair, ADA)
    fair.shop.clock.forward(MINUTE)
    await invite(fair, "bob@example.com")
    await fair.ticket("cy")
    await respond(fair, ada["id"], "declined")
    found = (await fair.organise("GET", "events/evt-1/invitations"))["items"]
    assert [(each["email"], each["state"]) for each in found] == [
        (ADA, "declined"),
        ("bob@example.com", "invited"),
    ]
    assert found[0]["answered"] is not None
    filtered = await fair.organise("GET", "events/evt-1/invitations?state=invited&limit=1")
    assert ([each["email"] for each in filtered["items"]], filtered["nextCursor"]) == (
        ["bob@example.com"],
        None,
    )


async def test_many_who_invite_one_person_at_once_invite_them_once(fair: Fair) -> None:
    lists = [[f"p{n}@example.com" for n in numbers] for numbers in (range(5), range(4, -1, -1), (2, 0, 4))]
    calls = [fair.organiser("POST", "events/evt-1/invitations", {"emails": lists[n % 3]}) for n in range(12)]
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} == {201}
    sent = [each["email"] for answer in answers for each in answer.json()["items"] if each["sent"]]
    assert sorted(sent) == [f"p{n}@example.com" for n in range(5)]
    assert len(await fair.shop.mails(KIND)) == 5


async def test_an_answer_is_ones_own(fair: Fair) -> None:
    [ada] = await invite(fair, ADA)
    bob = await fair.customer("bob")
    assert problem(await respond(fair, ada["id"], "accepted", bob)) == (404, "not_found")
    assert problem(await respond(fair, "unknown", "accepted")) == (404, "not_found")
    assert problem(await respond(fair, ada["id"], "accepted", {})) == (401, "unauthenticated")


@pytest.mark.parametrize("state", ["draft", "cancelled", "over"])
async def test_nobody_is_invited_to_what_is_not_on(fair: Fair, state: str) -> None:
    if state == "draft":
        await fair.organise("POST", "events", {
            "id": "draft", "name": {"en": "D"}, "zone": "UTC", "starts": "2026-05-11T12:00:00Z",
            "ends": "2026-05-11T13:00:00Z",
        })  # fmt: skip
    elif state == "cancelled":
        await fair.organise("POST", "events/evt-1/cancel")
    else:
        fair.hours_later(9)
    event = "draft" if state == "draft" else "evt-1"
    refused = await fair.organiser("POST", f"events/{event}/invitations", {"emails": [ADA]})
    assert problem(refused) == (409, "event_over" if state == "over" else "event_state")


async def test_an_invitation_to_what_is_over_is_not_answered(fair: Fair) -> None:
    [ada] = await invite(fair, ADA)
    link = await token(fair, ada["id"])
    fair.hours_later(9)
    assert problem(await by_link(fair, link, "accepted")) == (409, "event_over")


CALLS = [("GET", ""), ("POST", ""), ("POST", "/{id}/remind"), ("DELETE", "/{id}")]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_only_who_organises_this_event_invites(
    fair: Fair, app: FastAPI, client: AsyncClient, method: str, path: str
) -> None:
    [ada] = await invite(fair, ADA)
    address = f"events/evt-1/invitations{path.format(id=ada['id'])}"
    body = {"emails": [ADA]} if (method, path) == ("POST", "") else None
    for headers in (fair.shop.world.staff("door", "desk"), fair.ada):
        assert problem(await fair.organiser(method, address, body, headers=headers)) == (403, "forbidden")
    there = await make_world(app, "org-2", key_number=8)
    stranger = await fair.organiser(method, address, body, headers=there.staff("events"))
    assert problem(stranger) == (404, "not_found")
    theirs = await client.request(
        method, f"/api/organizations/org-2/{address.replace('evt-1', 'evt-9')}", json=body,
        headers=there.staff("events"),
    )  # fmt: skip
    assert problem(theirs) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [{}, {"emails": []}, {"emails": ["nobody"]}, {"emails": ["a@b.example"] * 501}, {"contacts": ["a b"]},
     {"emails": [ADA], "surprise": 1}, {"emails": ["a" * 300 + "@b.example"]}],
)  # fmt: skip
async def test_an_invitation_that_cannot_be_is_invalid(fair: Fair, body: dict[str, object]) -> None:
    assert problem(await fair.organiser("POST", "events/evt-1/invitations", body)) == (422, "invalid")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"response": "maybe"},
        {"response": "declined", "sessions": ["s"]},
        {"response": "accepted", "x": 1},
    ],
)
async def test_an_answer_that_cannot_be_is_invalid(fair: Fair, body: dict[str, object]) -> None:
    [ada] = await invite(fair, ADA)
    answer = await fair.call("POST", f"participation/{ada['id']}/respond", body)
    assert problem(answer) == (422, "invalid")


def test_whoever_declined_or_left_can_come_back() -> None:
    """From every state there is a way to take part."""
    for state in State:
        assert any(
            TRANSITIONS[state].get(act) in (State.ACCEPTED, State.CONFIRMED) for act in (Act.ACCEPT, Act.JOIN)
        )
