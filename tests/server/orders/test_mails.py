"""Mails about tickets and orders as a mail server gets them: words, pictures of codes, paper, dates."""

from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage

import cv2
import icalendar
import numpy as np
import pypdfium2
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import select

from kiosk.devices.decoder import decode
from server.app import create_app
from server.db.database import Database
from server.messaging.letters import Composer, Letter, Owed
from server.messaging.templates import words
from server.settings import Settings
from server.texts import LANGUAGES
from server.ticketing.tables import ticket_transfers, tickets
from tests.builders import ManualClock
from tests.server.mailbox import link, read, recipient, text
from tests.server.messaging.mail_server import HOST, MailServer, mail_server
from tests.server.orders.shop import Shop

ADA, BOB = "ada@example.com", "bob@example.com"


@pytest.fixture
async def post() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
def app(settings: Settings, database: Database, clock: ManualClock, post: MailServer) -> FastAPI:
    named = {"smtp_url": f"smtp://{HOST}:{post.port}", "public_url": "https://tickets.example"}
    return create_app(settings.model_copy(update=named), database, clock)


async def delivered(shop: Shop, post: MailServer) -> list[EmailMessage]:
    """All mails that went out by now."""
    await shop.app.state.postman.deliver()
    return [read(content) for _, content in post.taken]


async def mail(shop: Shop, post: MailServer, to: str, subject: str) -> EmailMessage:
    """The one mail to somebody whose subject says this."""
    sent = await delivered(shop, post)
    [found] = [each for each in sent if recipient(each) == to and subject in each["Subject"]]
    return found


def parts(mail: EmailMessage, kind: str) -> list[bytes]:
    """The parts of this media type."""
    found = (each for each in mail.walk() if each.get_content_type() == kind)
    return [bytes(each.get_payload(decode=True)) for each in found]


def seen(picture: np.ndarray) -> str:
    """What a kiosk reads from a picture."""
    [reading] = decode(np.asarray(picture, np.uint8), budget=2)
    return reading.text


def decoded(png: bytes) -> np.ndarray:
    return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR))


def pages(mail: EmailMessage) -> Iterator[tuple[str, np.ndarray]]:
    """The words and the picture of each page that comes along."""
    [paper] = parts(mail, "application/pdf")
    for page in pypdfium2.PdfDocument(paper):
        yield page.get_textpage().get_text_range(), page.render(scale=2).to_numpy()


async def code(shop: Shop, ticket: str, who: dict[str, str] | None = None) -> str:
    return str((await shop.get(f"tickets/{ticket}/qr", who, accept="application/json")).json()["code"])


async def test_tickets_come_with_their_codes_on_paper_and_in_the_calendar(
    shop: Shop, post: MailServer
) -> None:
    order = await shop.sold(2)
    codes = {await code(shop, ticket["id"]) for ticket in order["tickets"]}
    got = await mail(shop, post, ADA, "Your 2 tickets for Summit")
    pictures = parts(got, "image/png")
    assert {seen(decoded(each)) for each in pictures} == codes
    assert {seen(picture) for _, picture in pages(got)} == codes
    assert [all(word in said for word in ("Summit", "Seat", "Ada")) for said, _ in pages(got)] == [True, True]
    [dates] = parts(got, "text/calendar")
    [appointment] = icalendar.Calendar.from_ical(dates).walk("VEVENT")
    assert str(appointment["SUMMARY"]) == "Summit"
    assert appointment.decoded("DTSTART").isoformat() == "2026-05-10T11:00:00+00:00"


async def test_a_mails_dates_are_those_of_the_events_page(shop: Shop, post: MailServer) -> None:
    await shop.sold()
    [mailed] = parts(await mail(shop, post, ADA, "Your ticket"), "text/calendar")
    page = await shop.client.get("/e/org-1-evt-1/event.ics")
    ids = [icalendar.Calendar.from_ical(each).walk("VEVENT")[0]["UID"] for each in (mailed, page.content)]
    assert ids[0] == ids[1]


async def test_the_links_of_a_mail_open_the_order_and_each_ticket(shop: Shop, post: MailServer) -> None:
    await shop.tier("seat", rotating=True)
    await shop.sold(2)
    said = text(await mail(shop, post, ADA, "2 tickets"))
    found = [word for word in said.split() if word.startswith("https://tickets.example/")]
    assert [each.split("/")[3] for each in found] == ["t", "t", "order"]
    transport = ASGITransport(shop.app)
    async with AsyncClient(transport=transport, base_url="https://tickets.example") as stranger:
        assert [(await stranger.get(each)).status_code for each in found] == [200, 200, 200]
        assert (await stranger.get(found[0].split("?")[0])).status_code == 403


async def test_a_code_that_rotates_is_in_no_mail(shop: Shop, post: MailServer) -> None:
    await shop.tier("seat", rotating=True)
    await shop.sold()
    got = await mail(shop, post, ADA, "Your ticket")
    assert parts(got, "image/png") == []
    assert "changes every half minute" in text(got)
    [(said, picture)] = pages(got)
    assert "changes every half minute" in " ".join(said.split())
    assert decode(np.asarray(picture, np.uint8)) == ()


async def test_of_many_tickets_the_mail_shows_ten_and_the_paper_all(shop: Shop, post: MailServer) -> None:
    await shop.tier("seat", quota=20, maxPerOrder=20)
    order = await shop.sold(12)
    got = await mail(shop, post, ADA, "Your 12 tickets")
    assert len(parts(got, "image/png")) == 10
    assert "attached file" in text(got)
    assert {seen(picture) for _, picture in pages(got)} == {
        await code(shop, ticket["id"]) for ticket in order["tickets"]
    }


async def test_a_receipt_says_what_was_paid_and_how(shop: Shop, post: MailServer) -> None:
    order = await shop.bought(2)
    await shop.staff(order, "pay", method="card", receipt="K-7")
    said = text(await mail(shop, post, ADA, "Receipt"))
    for word in ("€50.00", "2 × Seat", "K-7", "by card", "Summit", (await shop.order(order))["number"]):
        assert word in said


async def test_what_costs_nothing_has_no_receipt(shop: Shop, post: MailServer) -> None:
    await shop.post("tickets/register", {"eventId": "evt-1", "ticketTypeId": "free"})
    assert [each["Subject"] for each in await delivered(shop, post)] == ["Your ticket for Summit"]


@pytest.mark.parametrize("reason", ["", "amount", "sold_out"])
async def test_a_refund_says_how_much_comes_back_and_that_the_tickets_are_void(
    shop: Shop, post: MailServer, reason: str
) -> None:
    order = await shop.sold(2)
    await shop.staff(order["id"], "refund", reason=reason)
    said = text(await mail(shop, post, ADA, "Refund"))
    assert "€50.00" in said
    assert "not valid any more" in said
    assert "at the desk" in said
    assert "asked for" not in said, "what staff call it says nothing of a payment"
    assert "somebody else" not in said


async def test_tickets_that_are_void_by_then_are_not_mailed(shop: Shop) -> None:
    order = (await shop.sold(2))["id"]
    assert await composed(shop, "ticket.issued", {"order": order}) is not None
    await shop.staff(order, "refund")
    assert await composed(shop, "ticket.issued", {"order": order}) is None


async def test_an_offer_brings_the_link_and_a_claim_tells_both(shop: Shop, post: MailServer) -> None:
    ticket = (await shop.sold())["tickets"][0]["id"]
    await shop.post(f"tickets/{ticket}/transfer", {"email": BOB, "message": "Have <b>fun</b>"})
    offer = await mail(shop, post, BOB, "Ada gives you a ticket for Summit")
    assert "Have <b>fun</b>" in text(offer)
    assert b"Have &lt;b&gt;fun" in parts(offer, "text/html")[0]
    old, bob = await code(shop, ticket), await shop.customer("bob")
    assert (await shop.post("tickets/claim", {"token": link(offer, "claim")}, bob)).status_code == 200
    assert "bob@example.com has accepted" in text(await mail(shop, post, ADA, "was accepted"))
    [(said, picture)] = pages(await mail(shop, post, BOB, "Your ticket for Summit"))
    assert "Bob" in said
    assert seen(picture) == await code(shop, ticket, bob) != old


async def test_an_offer_that_was_taken_back_is_not_mailed(shop: Shop) -> None:
    ticket = (await shop.sold())["tickets"][0]["id"]
    await shop.post(f"tickets/{ticket}/transfer", {"email": BOB})
    about = {"transfer": await offer_id(shop), "from": "Ada"}
    assert await composed(shop, "ticket.transfer", about) is not None
    await shop.client.delete(f"/api/client/events/tickets/{ticket}/transfer", headers=shop.ada)
    assert await composed(shop, "ticket.transfer", about) is None


async def test_who_passed_a_ticket_on_before_its_mail_went_gets_no_code(shop: Shop, post: MailServer) -> None:
    order = await shop.sold()
    ticket = order["tickets"][0]["id"]
    await handed_over(shop, post, ticket, "bob")
    bobs = {"ticket": ticket, "owner": await owner(shop, ticket)}
    assert await composed(shop, "ticket.issued", bobs) is not None
    assert await composed(shop, "ticket.issued", {"order": order["id"]}) is None
    await handed_over(shop, post, ticket, "carol", await shop.customer("bob"))
    assert await composed(shop, "ticket.issued", bobs) is None


async def test_who_was_given_a_ticket_is_told_when_its_order_is_refunded(
    shop: Shop, post: MailServer
) -> None:
    order = await shop.sold(2)
    await handed_over(shop, post, order["tickets"][0]["id"], "bob")
    await shop.staff(order["id"], "refund")
    said = text(await mail(shop, post, BOB, "Your ticket for Summit is no longer valid"))
    assert "refunded to whoever had placed it" in said
    assert "Summit" in said
    assert "€" not in said
    assert [to for _, to, _ in await shop.mails("ticket.voided")] == [BOB]


@pytest.mark.parametrize(
    ("act", "said"), [("cancel", "was cancelled by the organiser"), ("refund", "was refunded")]
)
async def test_who_has_a_ticket_is_told_once_that_staff_made_it_void(
    shop: Shop, post: MailServer, act: str, said: str
) -> None:
    order = await shop.sold(2)
    mine, bobs = (ticket["id"] for ticket in order["tickets"])
    await handed_over(shop, post, bobs, "bob")
    for ticket in (mine, bobs):
        await changed(shop, ticket, act=act)
    for to in (ADA, BOB):
        got = text(await mail(shop, post, to, "Your ticket for Summit is no longer valid"))
        assert said in got
        assert "Seat · " in got
    await shop.staff(order["id"], "refund")
    assert sorted(to for _, to, _ in await shop.mails("ticket.voided")) == [ADA, BOB]


async def test_who_stands_on_a_ticket_that_nobody_owns_is_told_too_where_a_mail_can_go(
    shop: Shop, post: MailServer
) -> None:
    for email in ("eve@example.com", "none", ""):
        await changed(shop, await issued(shop, email=email, name="Eve"), act="cancel")
    assert "was cancelled" in text(await mail(shop, post, "eve@example.com", "no longer valid"))
    assert [to for _, to, _ in await shop.mails("ticket.voided")] == ["eve@example.com"]


async def test_what_lets_somebody_in_again_later_is_not_told_to_be_void(shop: Shop) -> None:
    ticket = (await shop.sold())["tickets"][0]["id"]
    for change in ({"act": "block"}, {"act": "unblock"}, {"note": "wheelchair"}):
        await changed(shop, ticket, **change)
    assert await shop.mails("ticket.voided") == []


async def test_the_new_code_of_a_reissued_ticket_goes_to_who_has_it(shop: Shop, post: MailServer) -> None:
    ticket = (await shop.sold())["tickets"][0]["id"]
    await handed_over(shop, post, ticket, "bob")
    path = f"/api/organizations/org-1/events/evt-1/tickets/{ticket}/reissue"
    made = await shop.client.post(path, headers=shop.world.staff("events"))
    sent = [each for each in await delivered(shop, post) if each["Subject"] == "Your ticket for Summit"]
    assert [recipient(each) for each in sent] == [ADA, BOB, BOB]
    [(_, picture)] = pages(sent[-1])
    assert seen(picture) == made.json()["code"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_language_has_all_words(shop: Shop, language: str) -> None:
    order = await shop.sold(3)
    offer = {"email": BOB, "message": "مرحبا"}
    await shop.post(f"tickets/{order['tickets'][0]['id']}/transfer", offer)
    about = {"order": order["id"], "transfer": await offer_id(shop), "from": "Ada"}
    void = {"ticket": order["tickets"][0]["id"]}
    kinds = [kind for kind in shop.app.state.composers if kind.startswith(("ticket.", "order."))]
    assert len(kinds) == 6
    abouts = [(kind, about) for kind in kinds if kind != "ticket.voided"]
    abouts += [("ticket.voided", {**void, "why": why}) for why in ("order", "canceled", "refunded")]
    for kind, of in abouts:
        letter = await composed(shop, kind, of, language)
        assert letter is not None
        made = words(owed(shop, kind, of, language), letter)
        for said in (made.subject, made.text, made.html):
            assert "mail." not in said.replace(order["email"], "")
            assert language == "en" or "ticket is yours" not in said


async def changed(shop: Shop, ticket: str, **what: str) -> None:
    """What an organiser does with a single ticket."""
    path = f"/api/organizations/org-1/events/evt-1/tickets/{ticket}"
    answer = await shop.client.patch(path, json=what, headers=shop.world.staff("events"))
    assert answer.status_code == 200, answer.text


async def issued(shop: Shop, **values: str) -> str:
    """A ticket that an organiser makes."""
    body = {"tickets": [{"type": "seat", **values}]}
    path = "/api/organizations/org-1/events/evt-1/tickets"
    answer = await shop.client.post(path, json=body, headers=shop.world.staff("events"))
    return str(answer.json()["items"][0]["id"])


async def handed_over(
    shop: Shop, post: MailServer, ticket: str, name: str, giver: dict[str, str] | None = None
) -> None:
    taker, email = await shop.customer(name), f"{name}@example.com"
    assert (await shop.post(f"tickets/{ticket}/transfer", {"email": email}, giver)).status_code == 200
    token = link(await mail(shop, post, email, "gives you"), "claim")
    assert (await shop.post("tickets/claim", {"token": token}, taker)).status_code == 200


async def composed(shop: Shop, kind: str, about: dict[str, str], language: str = "en") -> Letter | None:
    """What a mail says if it is composed now."""
    compose: Composer = shop.app.state.composers[kind]
    asked = owed(shop, kind, about, language)
    return await shop.world.database.read(lambda connection: compose(connection, asked))


def owed(shop: Shop, kind: str, about: dict[str, str], language: str) -> Owed:
    return Owed(
        id="m",
        org="org-1",
        organization="Riverside",
        kind=kind,
        to=ADA,
        name="Ada",
        language=language,
        about=about,
        event="evt-1",
        contact=None,
        now=shop.clock(),
        base_url="https://tickets.example",
    )


async def owner(shop: Shop, ticket: str) -> str:
    asked = select(tickets.c.owner).where(tickets.c.id == ticket)
    return str(await shop.world.database.read(lambda c: c.execute(asked).scalar_one()))


async def offer_id(shop: Shop) -> str:
    asked = select(ticket_transfers.c.id)
    return str(await shop.world.database.read(lambda c: c.execute(asked).scalar_one()))
