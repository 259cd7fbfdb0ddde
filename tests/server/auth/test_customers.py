"""Customers' sign-in: register, follow the mailed link, log in; through HTTP, on both databases."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import func, select, update

from domain.clock import DAY, MINUTE
from server.activity.tables import activities
from server.auth.customer_service import ask_entry
from server.auth.passwords import Passwords
from server.auth.tables import customer_links, customers
from server.contacts.tables import contacts
from server.db.database import Database
from server.housekeeping import tidy
from server.messaging.tables import mails
from server.settings import Settings
from server.texts import public_text
from tests.builders import ManualClock
from tests.server.mailbox import Mailbox, link, recipient, text
from tests.server.office import PASSWORD, Office, problem
from tests.server.world import make_world

ADA = "ada@example.com"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Visitor:
    """Somebody at the public routes of one organisation, who reads the mail of every address."""

    client: AsyncClient
    mailbox: Mailbox
    clock: ManualClock
    org: str = "org-a"
    headers: dict[str, str] = field(default_factory=dict)

    async def post(self, route: str, **body: object) -> Response:
        self.clock.forward(1)
        headers = {"orgid": self.org, **self.headers}
        return await self.client.post(f"/api/auth/customer/{route}", json=body, headers=headers)

    async def register(self, email: str = ADA, password: str = PASSWORD, **more: object) -> Response:
        return await self.post("register", email=email, password=password, **more)

    async def login(self, email: str = ADA, password: str = PASSWORD) -> Response:
        return await self.post("login", email=email, password=password)

    @property
    def database(self) -> Database:
        database: Database = self.mailbox.app.state.database
        return database

    async def mails(self) -> list[tuple[str, str]]:
        """Recipient and subject of every mail, the oldest first."""
        return [(recipient(mail), mail["Subject"]) for mail in await self.mailbox.all()]

    async def token(self) -> str:
        """The token of the newest mail."""
        return link(await self.mailbox.newest(), "sign-in")

    async def follow(self, token: str | None = None) -> Response:
        return await self.post("session", token=token or await self.token())

    async def joined(self, email: str = ADA, **more: Any) -> dict[str, Any]:
        """Somebody who registered and followed the link; the tokens."""
        assert (await self.register(email, **more)).status_code == 202
        answer = await self.follow()
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def me(self, tokens: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {tokens['accessToken']}"}
        return dict((await self.client.get("/api/auth/me", headers=headers)).json())

    async def count(self, table: Any) -> int:
        counted = select(func.count()).select_from(table)
        return await self.database.read(lambda c: c.execute(counted).scalar_one())


@pytest.fixture
def visitor(client: AsyncClient, app: FastAPI, office: Office, clock: ManualClock) -> Visitor:
    app.state.passwords = Passwords(QUICK)
    return Visitor(client, Mailbox(app), clock)


async def test_who_follows_the_link_is_signed_in_to_a_new_account(visitor: Visitor) -> None:
    answer = await visitor.register(" Ada@Example.COM ", name="Ada", language="de")
    assert (answer.status_code, answer.content) == (202, b"")
    assert await visitor.mails() == [(ADA, "Bestätigen Sie Ihre E-Mail-Adresse für Office org-a")]
    assert await visitor.count(customers) == 0
    answer = await visitor.follow()
    assert answer.headers["cache-control"] == "no-store"
    me = await visitor.me(answer.json())
    assert (me["role"], me["email"], me["name"], me["orgId"]) == ("customer", ADA, "Ada", "org-a")
    assert (await visitor.login("ADA@example.com")).status_code == 200


async def test_a_password_serves_only_once_the_link_was_followed(visitor: Visitor) -> None:
    await visitor.register()
    assert problem(await visitor.login()) == (401, "login_failed")
    await visitor.follow()
    assert (await visitor.login()).status_code == 200


async def test_unknown_and_wrong_look_the_same_and_take_the_same_work(visitor: Visitor, app: FastAPI) -> None:
    class Counted(Passwords):
        checks = 0

        async def fits(self, digest: str | None, password: str) -> bool:
            self.checks += 1
            return await super().fits(digest, password)

    await visitor.joined()
    app.state.passwords = counted = Counted(QUICK)
    wrong, unknown = await visitor.login(password="wrong"), await visitor.login("eve@example.com")
    assert problem(wrong) == problem(unknown) == (401, "login_failed")
    assert wrong.json() == unknown.json()
    assert counted.checks == 2


@pytest.mark.parametrize("route", ["register", "link"])
async def test_the_answer_is_the_same_whether_an_address_is_known(visitor: Visitor, route: str) -> None:
    await visitor.joined()
    password = {"password": PASSWORD} if route == "register" else {}
    known = await visitor.post(route, email=ADA, **password)
    unknown = await visitor.post(route, email="eve@example.com", **password)
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"")
    assert set(known.headers) == set(unknown.headers)


async def test_each_mail_says_what_its_link_does(visitor: Visitor) -> None:
    await visitor.database.write(lambda t: ask_entry(t, visitor.org, ADA, "en"))
    visitor.clock.forward(1)
    await visitor.joined()
    await visitor.register()
    await visitor.post("link", email=ADA)
    said = [text(mail).split("\n")[2].strip() for mail in await visitor.mailbox.all()]
    assert said == [
        public_text(f"mail.link.{purpose}.intro", {"organization": "Office org-a"})
        for purpose in ("entry", "register", "password", "sign_in")
    ]


async def test_nothing_that_a_stranger_typed_but_the_address_stands_in_the_mail(visitor: Visitor) -> None:
    await visitor.register(name="Win a prize at http://evil.example")
    mail = await visitor.mailbox.newest()
    assert "evil" not in mail.as_string() + text(mail)


async def test_a_mail_whose_link_has_ended_meanwhile_does_not_go_out(
    visitor: Visitor, clock: ManualClock
) -> None:
    async with visitor.mailbox.app.state.postman._turn:
        await visitor.register()
        clock.forward(31 * MINUTE)
    assert await visitor.mails() == []
    [owed] = await visitor.database.read(lambda c: list(c.execute(select(mails))))
    assert (owed.state, owed.about) == ("dropped", "{}")


async def test_a_mailed_token_is_kept_nowhere_in_the_database(visitor: Visitor) -> None:
    await visitor.register()
    token = await visitor.token()
    everything = [select(table) for table in (mails, customer_links, activities)]
    rows = await visitor.database.read(lambda c: [list(c.execute(asked)) for asked in everything])
    assert token not in str(rows)


async def test_a_link_serves_once(visitor: Visitor) -> None:
    await visitor.joined()
    assert problem(await visitor.follow()) == (410, "link_ended")


async def test_of_many_who_follow_one_link_at_once_one_is_signed_in(visitor: Visitor) -> None:
    await visitor.register()
    token = await visitor.token()
    answers = await asyncio.gather(*(visitor.follow(token) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] + 49 * [410]


async def test_a_link_ends_after_30_minutes(visitor: Visitor, clock: ManualClock) -> None:
    await visitor.register()
    token = await visitor.token()
    clock.forward(30 * MINUTE)
    assert problem(await visitor.follow(token)) == (410, "link_ended")


async def test_a_token_that_never_was_is_like_one_that_has_ended(visitor: Visitor) -> None:
    for token in ("x", "ü" * 200, "a" * 43, "\ud800"):
        content = f'{{"token": "{token}"}}' if token != "\ud800" else '{"token": "\\ud800"}'
        answer = await visitor.client.post("/api/auth/customer/session", content=content.encode())
        assert answer.status_code in (410, 422), answer.text
    assert problem(await visitor.post("session", token=""))[0] == 422


async def test_links_and_passwords_are_kept_as_digests(visitor: Visitor) -> None:
    await visitor.register()
    token = await visitor.token()
    [row] = await visitor.database.read(lambda c: list(c.execute(select(customer_links))))
    assert token not in str(row)
    assert PASSWORD not in str(row)
    assert row.password.startswith("$argon2id$")


async def test_fifty_registrations_of_one_address_at_once_give_one_account(visitor: Visitor) -> None:
    await asyncio.gather(*(visitor.register(password=f"password {n}") for n in range(50)))
    tokens = [link(mail, "sign-in") for mail in await visitor.mailbox.all()]
    assert len(set(tokens)) == 50
    answers = await asyncio.gather(*(visitor.follow(token) for token in tokens))
    assert {answer.status_code for answer in answers} == {200}
    ids = {(await visitor.me(answer.json()))["id"] for answer in answers}
    assert len(ids) == await visitor.count(customers) == await visitor.count(contacts) == 1


async def test_registering_again_changes_nothing_until_the_link_is_followed(visitor: Visitor) -> None:
    tokens = await visitor.joined(name="Ada")
    await visitor.register(password="a stranger's password", name="Eve")
    assert (await visitor.login(password="a stranger's password")).status_code == 401
    assert (await visitor.login()).status_code == 200
    assert (await visitor.me(tokens))["name"] == "Ada"
    await visitor.follow()
    assert (await visitor.login()).status_code == 401
    assert (await visitor.login(password="a stranger's password")).status_code == 200


async def test_a_new_password_ends_the_sign_ins_with_the_old_one(visitor: Visitor) -> None:
    old = await visitor.joined()
    await visitor.register(password="another password")
    new = (await visitor.follow()).json()
    refresh = "/api/auth/refresh"
    ended = await visitor.client.post(refresh, json={"refreshToken": old["refreshToken"]})
    assert problem(ended) == (401, "refresh_ended")
    going_on = await visitor.client.post(refresh, json={"refreshToken": new["refreshToken"]})
    assert going_on.status_code == 200


async def test_a_mailed_link_signs_in_and_keeps_the_password(visitor: Visitor) -> None:
    await visitor.joined(name="Ada")
    await visitor.post("link", email=ADA)
    me = await visitor.me((await visitor.follow()).json())
    assert (me["email"], me["name"]) == (ADA, "Ada")
    assert (await visitor.login()).status_code == 200


async def test_who_has_no_account_is_told_so_by_mail_and_gets_no_link(visitor: Visitor) -> None:
    await visitor.post("link", email=ADA)
    [(to, subject)] = await visitor.mails()
    assert (to, subject) == (ADA, "No account with Office org-a for this address")
    assert await visitor.count(customer_links) == 0


async def test_customers_refresh_and_log_out_as_staff_does(visitor: Visitor) -> None:
    first = await visitor.joined()
    call = visitor.client.post
    second = (await call("/api/auth/refresh", json={"refreshToken": first["refreshToken"]})).json()
    assert (await visitor.me(second))["email"] == ADA
    reused = await call("/api/auth/refresh", json={"refreshToken": first["refreshToken"]})
    assert problem(reused) == (401, "refresh_reused")
    third = (await visitor.login()).json()
    await call("/api/auth/logout", json={"refreshToken": third["refreshToken"]})
    assert problem(await call("/api/auth/refresh", json={"refreshToken": third["refreshToken"]})) == (
        401, "refresh_ended",
    )  # fmt: skip


async def test_a_closed_account_cannot_be_signed_in_to(visitor: Visitor) -> None:
    tokens = await visitor.joined()
    await visitor.database.write(
        lambda t: t.connection.execute(update(customers).values(active=False)) and None
    )
    await visitor.register()
    assert problem(await visitor.follow()) == (403, "account_closed")
    assert problem(await visitor.login()) == (401, "login_failed")
    answer = await visitor.client.post("/api/auth/refresh", json={"refreshToken": tokens["refreshToken"]})
    assert problem(answer) == (401, "refresh_ended")
    await visitor.post("link", email=ADA)
    assert (await visitor.mails())[-1] == (ADA, "No account with Office org-a for this address")


async def test_an_account_is_one_organisations_alone(visitor: Visitor, other: Office) -> None:
    await visitor.joined()
    elsewhere = Visitor(visitor.client, visitor.mailbox, visitor.clock, other.org)
    assert problem(await elsewhere.login()) == (401, "login_failed")
    tokens = (await visitor.login()).json()
    headers = {"Authorization": f"Bearer {tokens['accessToken']}", "orgid": other.org}
    assert problem(await visitor.client.get("/api/auth/me", headers=headers)) == (404, "not_found")


@pytest.mark.parametrize("route", ["register", "link", "login"])
async def test_a_public_route_wants_an_organisation_that_exists(visitor: Visitor, route: str) -> None:
    body = {"email": ADA} | ({} if route == "link" else {"password": PASSWORD})
    address = f"/api/auth/customer/{route}"
    assert problem(await visitor.client.post(address, json=body, headers={"orgid": "no"})) == (
        404,
        "not_found",
    )
    unnamed = await visitor.client.post(address, json=body)
    assert problem(unnamed) == (422, "invalid")
    assert unnamed.json()["errors"][0]["loc"] == ["header", "orgid"]


@pytest.mark.parametrize(
    "email",
    ["", "ada", "ada@", "@example.com", "a b@example.com", "ada@localhost", "ada@exa mple.com",
     "Ada <ada@example.com>", "ada@example.com\nBcc: eve@example.com", "ada@[127.0.0.1]", "a..b@example.com",
     '"a b"@example.com', "a" * 65 + "@" + "b" * 250 + ".com", "ada@exa_mple.com", "ada\x00@example.com",
     "ada@example.com,eve@example.com", "ada@-example.com", "ada@example.invalid", 7, None],
)  # fmt: skip
async def test_an_address_that_no_mail_can_reach_is_named(visitor: Visitor, email: object) -> None:
    for route in ("register", "link", "login"):
        answer = await visitor.post(route, email=email, **({} if route == "link" else {"password": PASSWORD}))
        assert problem(answer) == (422, "invalid")
        assert answer.json()["errors"][0]["loc"] == ["body", "email"]
    assert await visitor.mails() == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Ada+Show@Example.COM", "ada+show@example.com"), ("ada@münchen.example", "ada@münchen.example"),
     ("ada@xn--mnchen-3ya.example", "ada@münchen.example"), ("straße@straße.com", "straße@straße.com"),
     ("o'hara@example.com", "o'hara@example.com"), ("用户@例え.example", "用户@例え.example"),
     ("e\u0301va@example.com", "éva@example.com")],
)  # fmt: skip
async def test_an_odd_address_has_one_form(visitor: Visitor, typed: str, kept: str) -> None:
    await visitor.joined(typed)
    assert (await visitor.database.read(lambda c: c.execute(select(mails.c.recipient)).scalars().all())) == [
        kept
    ]
    assert (await visitor.login(kept)).status_code == (await visitor.login(typed)).status_code == 200


@pytest.mark.parametrize("language", ["", "de_DE", "d", "x" * 40, "<b>"])
async def test_a_language_is_a_tag(visitor: Visitor, language: str) -> None:
    answer = await visitor.register(language=language)
    assert answer.json()["errors"][0]["loc"] == ["body", "language"]


async def test_the_mail_speaks_the_language_of_the_browser_where_none_is_named(visitor: Visitor) -> None:
    visitor.headers = {"Accept-Language": "pt-BR,fr;q=0.4, es-MX;q=0.8"}
    await visitor.register()
    await visitor.register("bob@example.com", language="ar")
    owed = await visitor.database.read(lambda c: list(c.execute(select(mails).order_by(mails.c.id))))
    assert [mail.language for mail in owed] == ["es", "ar"]


async def test_a_proven_address_is_a_contact_whose_timeline_tells_of_it(visitor: Visitor) -> None:
    await visitor.register(name="Ada")
    assert await visitor.count(contacts) == 0
    await visitor.follow()
    [contact] = await visitor.database.read(lambda c: list(c.execute(select(contacts))))
    assert (contact.email, contact.name) == (ADA, "Ada")
    [customer] = await visitor.database.read(lambda c: list(c.execute(select(customers))))
    assert customer.contact == contact.id
    told = select(activities.c.kind).where(activities.c.contact == contact.id).order_by(activities.c.seq)
    assert list(await visitor.database.read(lambda c: c.execute(told).scalars().all())) == [
        "contact.made", "customer.made", "customer.signed_in",
    ]  # fmt: skip


async def test_links_that_have_ended_are_forgotten(
    visitor: Visitor, clock: ManualClock, settings: Settings
) -> None:
    await visitor.register()
    clock.forward(2 * DAY)
    await visitor.register("bob@example.com")
    await visitor.database.write(lambda t: tidy(t, settings))
    assert await visitor.count(customer_links) == 1


async def test_no_secret_of_a_customer_is_ever_logged(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = await visitor.joined()
    token = await visitor.token()
    await visitor.follow(token)
    await visitor.login(password="wrong horse")
    for secret in (PASSWORD, "wrong horse", token, tokens["accessToken"], tokens["refreshToken"]):
        assert secret not in caplog.text


async def test_a_worlds_customer_is_known_and_the_same_address_is_the_same_one(
    app: FastAPI, client: AsyncClient
) -> None:
    world = await make_world(app)
    callers = [await world.customer(email) for email in (ADA, ADA, "bob@example.com")]
    ids = [(await client.get("/api/auth/me", headers=h)).json()["id"] for h in callers]
    assert ids[0] == ids[1] != ids[2]
