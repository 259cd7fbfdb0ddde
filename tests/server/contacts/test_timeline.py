"""A contact's timeline: everything that happened with one person, and nothing of anybody else."""

from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from server.activity.record import record
from server.contacts.book import contact_for
from tests.builders import ManualClock
from tests.server.mailbox import Mailbox, link
from tests.server.office import Office, open_office, problem

ADA = "ada@example.com"


@dataclass
class Timelines:
    """Contacts of an organisation, to whom things happen."""

    office: Office

    async def contact(self, email: str = ADA, org: str = "") -> str:
        return await self.office.database.write(
            lambda t: contact_for(t, org or self.office.org, "system", email=email)
        )

    async def happens(self, contact: str, *kinds: str) -> None:
        for kind in kinds:
            await self.office.database.write(
                lambda t, kind=kind: record(  # type: ignore[misc]
                    t, org=self.office.org, kind=kind, subject="ticket:1", actor="system", contact=contact
                )
            )

    async def read(self, contact: str, query: str = "") -> Any:
        return await self.office.ok("GET", f"/api/crm/contacts/{contact}/timeline{query}")

    async def kinds(self, contact: str, query: str = "") -> list[str]:
        return [line["kind"] for line in (await self.read(contact, query))["items"]]


@pytest.fixture
async def timelines(app: FastAPI, client: AsyncClient) -> Timelines:
    return Timelines(await open_office(app, client))


async def test_what_happened_is_told_the_newest_first(timelines: Timelines) -> None:
    ada, bob = await timelines.contact(), await timelines.contact("bob@example.com")
    await timelines.happens(ada, "ticket.issued", "ticket.checked_in")
    await timelines.happens(bob, "ticket.refunded")
    assert await timelines.kinds(ada) == ["ticket.checked_in", "ticket.issued", "contact.made"]
    assert await timelines.kinds(bob) == ["ticket.refunded", "contact.made"]


async def test_pages_hold_every_line_once_while_more_is_happening(timelines: Timelines) -> None:
    ada = await timelines.contact()
    await timelines.happens(ada, *(f"ticket.step_{n}" for n in range(7)))
    seen, cursor = [], ""
    while True:
        page = await timelines.read(ada, f"?limit=3{cursor}")
        seen += [line["kind"] for line in page["items"]]
        await timelines.happens(ada, "ticket.later")
        if page["nextCursor"] is None:
            break
        cursor = f"&cursor={page['nextCursor']}"
    assert seen == [*(f"ticket.step_{n}" for n in reversed(range(7))), "contact.made"]


async def test_a_kind_or_all_of_a_noun_is_kept(timelines: Timelines) -> None:
    ada = await timelines.contact()
    await timelines.happens(ada, "ticket.issued", "order.paid", "ticketXissued.done", "ticket_type.seen")
    assert await timelines.kinds(ada, "?kind=ticket") == ["ticket.issued"]
    assert await timelines.kinds(ada, "?kind=order.paid&kind=contact") == ["order.paid", "contact.made"]
    assert await timelines.kinds(ada, "?kind=nothing") == []
    assert await timelines.kinds(ada, "?kind=ticket_type") == ["ticket_type.seen"]


async def test_kinds_that_have_no_dot_are_kept_as_well_and_all_of_their_noun(timelines: Timelines) -> None:
    ada = await timelines.contact()
    await timelines.happens(
        ada, "appointment_made", "appointment_cancelled", "appointmentXmade", "ticket.issued"
    )
    assert await timelines.kinds(ada, "?kind=appointment_cancelled") == ["appointment_cancelled"]
    assert await timelines.kinds(ada, "?kind=appointment") == ["appointment_cancelled", "appointment_made"]
    kept = ["ticket.issued", "appointment_made"]
    assert await timelines.kinds(ada, "?kind=ticket&kind=appointment_made") == kept


@pytest.mark.parametrize(
    "query", ["?kind=", "?kind=Ticket", "?kind=ticket.", "?kind=%25", "?kind=a.b.c", "?limit=0", "?cursor=x"]
)
async def test_a_filter_that_cannot_be_is_told(timelines: Timelines, query: str) -> None:
    ada = await timelines.contact()
    answer = await timelines.office.call("GET", f"/api/crm/contacts/{ada}/timeline{query}")
    assert problem(answer)[0] == 422


async def test_a_contact_of_another_organisation_is_not_there(
    timelines: Timelines, app: FastAPI, client: AsyncClient
) -> None:
    other = await open_office(app, client, "org-b")
    theirs = await timelines.contact(org=other.org)
    for contact in (theirs, "never-was"):
        answer = await timelines.office.call("GET", f"/api/crm/contacts/{contact}/timeline")
        assert problem(answer) == (404, "not_found")


async def test_support_events_and_desk_may_look_and_nobody_else(timelines: Timelines) -> None:
    ada, office = await timelines.contact(), timelines.office
    may = {name: await office.staff(name, name=name) for name in ("support", "events", "desk", "door")}
    address = f"/api/crm/contacts/{ada}/timeline"
    statuses = {name: (await office.call("GET", address, headers=h)).status_code for name, h in may.items()}
    assert statuses == {"support": 200, "events": 200, "desk": 200, "door": 403}
    assert (await office.call("GET", address, headers={})).status_code == 401


async def test_a_customers_sign_in_and_mails_stand_in_their_timeline(
    timelines: Timelines, app: FastAPI, client: AsyncClient, clock: ManualClock
) -> None:
    mailbox, headers = Mailbox(app), {"orgid": timelines.office.org}
    body = {"email": ADA, "password": "a good password"}
    await client.post("/api/auth/customer/register", json=body, headers=headers)
    token = link(await mailbox.newest(), "sign-in")
    assert (await client.post("/api/auth/customer/session", json={"token": token})).status_code == 200
    await client.post("/api/auth/customer/link", json={"email": ADA}, headers=headers)
    await mailbox.all()
    contact = await timelines.contact()
    assert await timelines.kinds(contact) == [
        "mail.sent", "customer.signed_in", "customer.made", "contact.made",
    ]  # fmt: skip
    sent = (await timelines.read(contact, "?kind=mail"))["items"][0]
    assert sent["data"] == {"kind": "customer.link", "subject": "Your link to sign in to Office org-a"}
