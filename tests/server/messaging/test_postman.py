"""The postman: every mail that is owed goes out, normally once, whatever happens; on both databases."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Connection, Row, insert, select

from domain.clock import DAY, HOUR, MINUTE, SECOND, Instant
from server.activity.tables import activities
from server.app import open_database
from server.auth import store
from server.auth.tables import organizations
from server.calm import Calm
from server.db.database import Database, Transaction
from server.messaging import outbox
from server.messaging.letters import Composer, Letter, Owed
from server.messaging.message import Message
from server.messaging.post import post
from server.messaging.postman import TRIES, Postman
from server.messaging.tables import mails
from server.messaging.transport import NotNow, Refused, TransportFault, Unreachable
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.faltering import Faltering
from tests.server.mailbox import read, text
from tests.server.messaging.letters import LINK, SENDER


@dataclass
class Post:
    """A transport that takes every mail, or raises what `faults` says for its recipient, once each."""

    keeps: bool = False
    taken: list[Message] = field(default_factory=list)
    faults: dict[str, list[TransportFault]] = field(default_factory=dict)
    before: Callable[[], Awaitable[None]] | None = None
    pause: float = 0.0

    @asynccontextmanager
    async def line(self) -> AsyncIterator["Post"]:
        yield self

    async def send(self, message: Message) -> None:
        await asyncio.sleep(self.pause)
        if self.before is not None:
            await self.before()
        faults = self.faults.get(message.recipient)
        if faults:
            raise faults.pop(0)
        self.taken.append(message)

    @property
    def ids(self) -> list[str]:
        return [str(read(message.content)["Message-ID"]) for message in self.taken]


def hello(_connection: Connection, owed: Owed) -> Letter | None:
    match owed.about:
        case {"nothing": True}:
            return None
        case {"broken": True}:
            raise RuntimeError("a fault of ours")
        case {"secret": True}:
            return Letter(LINK.template, LINK.params, secret=True)
    return LINK


COMPOSERS: dict[str, Composer] = {"hello": hello}


@dataclass
class Office:
    """An organisation that owes mails."""

    database: Database
    clock: ManualClock
    owed: int = 0

    async def owe(self, to: str = "ada@example.com", *, kind: str = "hello", **about: object) -> str:
        """Owes a mail; its id."""
        self.owed += 1
        cause = f"cause {self.owed}"
        await self.database.write(
            lambda t: post(t, org="org-1", kind=kind, cause=cause, to=to, about=about, contact="ada")
        )
        self.clock.forward(1)
        return str((await self.rows())[-1].id)

    async def rows(self) -> list[Row[Any]]:
        return await self.database.read(lambda c: list(c.execute(select(mails).order_by(mails.c.created))))

    async def row(self) -> Row[Any]:
        [row] = await self.rows()
        return row

    async def states(self) -> list[str]:
        return [row.state for row in await self.rows()]


@pytest.fixture
async def office(database: Database, clock: ManualClock) -> Office:
    def make(transaction: Transaction) -> None:
        values = {"id": "org-1", "name": "Riverside", "zone": "UTC", "created": transaction.now}
        transaction.connection.execute(insert(organizations).values(values))

    await database.write(make)
    return Office(database, clock)


def postman(
    office: Office,
    post: Post,
    database: Database | None = None,
    chance: float = 0.5,
    calm: Calm | None = None,
) -> Postman:
    return Postman(
        database or office.database,
        office.clock,
        COMPOSERS,
        post,
        SENDER,
        "https://usher.example",
        store.organization_name,
        calm or Calm(),
        lambda: chance,
    )


async def test_a_mail_goes_out_as_soon_as_it_is_owed(office: Office) -> None:
    sent = asyncio.Event()

    async def told() -> None:
        sent.set()

    async with postman(office, Post(before=told)).running():
        await asyncio.sleep(0.5)
        await office.owe()
        await asyncio.wait_for(sent.wait(), 5)


async def test_a_mail_gives_way_to_who_waits_for_an_answer_but_not_for_long(office: Office) -> None:
    calm, post = Calm(), Post()
    calm.enter()
    await office.owe("guest@example.com")
    going = asyncio.create_task(postman(office, post, calm=calm).deliver())
    await asyncio.sleep(0.3)
    assert not post.taken
    calm.leave()
    await going
    assert len(post.taken) == 1
    calm.enter()
    await office.owe("guest-2@example.com")
    await postman(office, post, calm=calm).deliver()
    assert len(post.taken) == 2


async def test_a_mail_goes_out_once_and_what_it_said_is_kept(office: Office) -> None:
    post = Post()
    id_ = await office.owe()
    carrier = postman(office, post)
    assert await carrier.deliver() is None
    await carrier.deliver()
    [message] = post.taken
    assert post.ids == [f"<{id_}@riverside.example>"]
    row = await office.row()
    assert (row.state, row.tries, row.trouble, row.sent) == ("sent", 1, "", office.clock())
    assert row.subject == "Confirm your e-mail address for Riverside"
    assert row.text == text(read(message.content)).replace("\r\n", "\n")
    assert row.message == message.content


async def test_what_the_transport_keeps_is_not_kept_twice(office: Office) -> None:
    await office.owe()
    await postman(office, Post(keeps=True)).deliver()
    row = await office.row()
    assert (row.state, row.message) == ("sent", None)
    assert row.text


async def test_of_a_letter_with_a_secret_nothing_is_kept_but_its_subject(office: Office) -> None:
    await office.owe(secret=True)
    await postman(office, Post()).deliver()
    row = await office.row()
    assert (row.state, row.about, row.text, row.message) == ("sent", "{}", "", None)
    assert row.subject


async def test_a_mail_that_has_nothing_to_say_any_more_is_dropped(office: Office) -> None:
    post = Post()
    await office.owe(nothing=True)
    await postman(office, post).deliver()
    assert (await office.states(), post.taken) == (["dropped"], [])


async def test_a_mail_that_is_refused_for_now_goes_out_later_as_the_same_one(office: Office) -> None:
    post = Post(faults={"ada@example.com": [NotNow("451 come again"), NotNow("451 come again")]})
    id_ = await office.owe()
    carrier = postman(office, post)
    due = await carrier.deliver()
    row = await office.row()
    assert (row.state, row.trouble, row.due) == ("waiting", "451 come again", due)
    assert due == office.clock() + 30 * SECOND
    office.clock.forward(29 * SECOND)
    await carrier.deliver()
    assert (await office.row()).tries == 1
    office.clock.forward(SECOND)
    assert await carrier.deliver() == office.clock() + MINUTE
    office.clock.forward(MINUTE)
    assert await carrier.deliver() is None
    assert (await office.states(), post.ids) == (["sent"], [f"<{id_}@riverside.example>"])
    assert (await office.row()).tries == 3


@pytest.mark.parametrize("chance", [0.0, 0.999])
async def test_pauses_double_up_to_four_hours_and_after_two_days_a_mail_has_failed(
    office: Office, chance: float
) -> None:
    post = Post(faults={"ada@example.com": [NotNow(f"451 try {n}") for n in range(100)]})
    await office.owe()
    carrier = postman(office, post, chance=chance)
    begun, pauses = office.clock(), []
    while (due := await carrier.deliver()) is not None:
        pauses.append(due - office.clock())
        office.clock.at = Instant(due)
    doubling = [min(30 * SECOND * 2**n, 4 * HOUR) for n in range(TRIES - 1)]
    assert all(0.75 * plain <= pause <= 1.25 * plain for pause, plain in zip(pauses, doubling, strict=True))
    assert 1.25 * DAY < office.clock() - begun < 3 * DAY
    row = await office.row()
    assert (row.state, row.tries, row.trouble) == ("failed", TRIES, f"451 try {TRIES - 1}")


async def test_a_mail_that_is_refused_for_good_has_failed_at_once_and_the_others_go(office: Office) -> None:
    post = Post(faults={"eve@example.com": [Refused("550 no such mailbox")]})
    for to in ("ada@example.com", "eve@example.com", "bob@example.com"):
        await office.owe(to)
    assert await postman(office, post).deliver() is None
    assert await office.states() == ["sent", "failed", "sent"]
    assert (await office.rows())[1].trouble == "550 no such mailbox"


async def test_where_no_mail_can_go_the_others_of_a_lane_are_not_tried(office: Office) -> None:
    tried = Counter[str]()
    post = Post()

    async def nobody() -> None:
        tried["all"] += 1
        raise Unreachable("nobody is there")

    post.before = nobody
    for number in range(16):
        await office.owe(f"guest-{number}@example.com")
    due = await postman(office, post).deliver()
    assert due == office.clock() + 30 * SECOND
    assert tried["all"] == 4
    assert {(row.state, row.trouble, row.tries) for row in await office.rows()} == {
        ("waiting", "nobody is there", 1)
    }


async def test_a_mail_that_cannot_be_composed_stands_in_nobodys_way(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    post = Post()
    await office.owe(broken=True)
    await office.owe(kind="of another version")
    await office.owe()
    await postman(office, post).deliver()
    assert await office.states() == ["waiting", "waiting", "sent"]
    assert [row.trouble for row in await office.rows()] == [
        "it cannot be composed: RuntimeError", "nobody here composes 'of another version'", "",
    ]  # fmt: skip


async def test_what_is_no_address_has_failed_at_once(office: Office) -> None:
    await office.owe("bob at home")
    await postman(office, Post()).deliver()
    row = await office.row()
    assert (row.state, row.trouble) == (
        "failed", "'bob at home' is no e-mail address that a mail can reach",
    )  # fmt: skip


async def test_a_hundred_mails_go_out_once_each_with_four_servers_at_work(
    office: Office, settings: Settings
) -> None:
    several = [office.database]
    if settings.database_url:
        several += [open_database(settings, office.clock) for _ in range(3)]
    post = Post(pause=0.005)
    for number in range(100):
        await office.owe(f"guest-{number}@example.com")
    carriers = [postman(office, post, several[n % len(several)]) for n in range(4)]
    await asyncio.gather(*(carrier.deliver() for carrier in carriers))
    for database in several[1:]:
        database.close()
    assert Counter(message.recipient for message in post.taken) == Counter(
        f"guest-{number}@example.com" for number in range(100)
    )
    assert set(await office.states()) == {"sent"}


async def test_a_mail_in_the_hands_of_a_server_that_stopped_goes_out_after_its_lease(office: Office) -> None:
    post = Post()
    id_ = await office.owe()
    [lost] = await office.database.write(lambda t: outbox.claim(t, 10, store.organization_name, ""))
    carrier = postman(office, post)
    assert await carrier.deliver() == lost.lease
    assert post.taken == []
    office.clock.at = lost.lease
    await carrier.deliver()
    assert post.ids == [f"<{id_}@riverside.example>"]
    late = outbox.Outcome("failed", "the first server comes back")
    assert not await office.database.write(lambda t: outbox.settle(t, lost, late))
    assert await office.states() == ["sent"]


async def test_a_server_that_is_stopped_sends_what_is_on_its_way_and_gives_back_the_rest(
    office: Office,
) -> None:
    begun = asyncio.Event()

    async def begin() -> None:
        begun.set()

    post = Post(before=begin, pause=0.2)
    for number in range(16):
        await office.owe(f"guest-{number}@example.com")
    async with postman(office, post).running():
        await begun.wait()
    sent = len(post.taken)
    assert 4 <= sent < 16
    assert Counter(await office.states()) == {"sent": sent, "waiting": 16 - sent}
    assert {(row.claimed, row.tries) for row in await office.rows() if row.state == "waiting"} == {(0, 0)}
    await postman(office, post).deliver()
    assert len({message.recipient for message in post.taken}) == len(post.taken) == 16


async def test_a_mail_that_went_out_while_the_database_was_away_does_not_go_out_again(office: Office) -> None:
    faltering = Faltering(office.database)

    async def falter() -> None:
        faltering.unwritten = 2

    post = Post(before=falter)
    await office.owe()
    await postman(office, post, faltering).deliver()
    assert (len(post.taken), await office.states()) == (1, ["sent"])


async def test_what_became_of_a_mail_stands_in_the_timeline_of_its_contact(office: Office) -> None:
    post = Post(faults={"eve@example.com": [Refused("550 no such mailbox")]})
    for to in ("ada@example.com", "eve@example.com"):
        await office.owe(to)
    await postman(office, post).deliver()
    told = select(activities.c.kind).where(activities.c.contact == "ada")
    kinds = await office.database.read(lambda c: c.execute(told).scalars().all())
    assert sorted(kinds) == ["mail.failed", "mail.sent"]


async def test_mails_are_forgotten_as_they_went_out_but_not_what_they_said(office: Office) -> None:
    await office.owe()
    await postman(office, Post()).deliver()
    office.clock.forward(30 * DAY)
    await office.database.write(lambda t: outbox.forget(t, 30))
    row = await office.row()
    assert row.message is None
    assert row.text
