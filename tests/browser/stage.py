"""A server that sells tickets, and somebody who looks at its pages with a real browser."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import cv2
import httpx
import numpy as np
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from domain.clock import HOUR, Instant, rfc3339
from kiosk.devices.decoder import decode
from server.db.database import Transaction
from server.events.participants.tables import participants
from server.ticketing import store, transfers
from server.ticketing.transfers import Giver
from tests.builders import ManualClock
from tests.server.world import World

T = TypeVar("T")

PHONE = {"width": 390, "height": 844}
EVENT = "/e/org-1-evt-1"
DESKTOP = {"width": 1280, "height": 800}
_TOUCH = """() => {
  const pressed = 'main :is(a.button, a.chip, button, select, textarea), header :is(a, summary)';
  const target = (each) => each.closest('label') ?? each;
  const small = (each) => each.checkVisibility() && target(each).getBoundingClientRect().height < 48;
  return [...document.querySelectorAll(`${pressed}, main input:not([type=hidden])`)]
    .filter(small).map((each) => each.outerHTML.slice(0, 80));
}"""


@dataclass
class Stage:
    app: FastAPI
    address: str
    clock: ManualClock
    world: World
    browser: Browser

    def page(self, **context: object) -> Page:
        """A new browser's page, of a phone; `context` says what is particular about it."""
        given = {"base_url": self.address, "viewport": PHONE, **context}
        page = self.browser.new_context(**given).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(30_000)
        return page

    def take_money(self) -> None:
        """A cashier takes the money for the only order that waits for it."""
        orders = f"{self.address}/api/organizations/org-1/events/evt-1/orders"
        desk = self.world.staff("desk")
        [waiting] = [o for o in httpx.get(orders, headers=desk).json()["items"] if o["state"] == "pending"]
        paid = httpx.post(f"{orders}/{waiting['id']}/pay", json={"method": "cash"}, headers=desk)
        assert paid.status_code == 200, paid.text

    def offered(self, email: str) -> tuple[str, str]:
        """The code of a ticket that is offered to somebody, and the address of their link."""

        def job(transaction: Transaction, id_: str) -> str:
            ticket = store.by_id(transaction.connection, "org-1", id_, lock=True)
            assert ticket is not None
            giver = Giver("ada@example.com", "Ada", "en", "customer:ada")
            made = transfers.offer(transaction, ticket, giver, email, "")
            return f"/claim/{transfers.token_of(transaction.connection, made)}"

        async def offer() -> tuple[str, str]:
            code = await self.world.ticket()
            id_ = f"org-1-t{self.world.issued}"
            return code, await self.world.database.write(lambda t: job(t, id_))

        return _apart(offer())

    def invited(self, email: str) -> str:
        """The address of somebody's invitation."""
        there = f"{self.address}/api/organizations/org-1/events/evt-1/invitations"
        made = httpx.post(there, json={"emails": [email]}, headers=self.world.staff("events"))
        [invited] = made.json()["items"]
        asked = select(participants.c.token).where(participants.c.id == invited["id"])

        async def token() -> str:
            return str(await self.world.database.read(lambda c: c.execute(asked).scalar_one()))

        return f"/i/{_apart(token())}"

    def guests(self) -> str:
        """The page of a new guests' link."""
        there = f"{self.address}/api/organizations/org-1/events/evt-1/guest-links"
        made = httpx.post(there, json={"label": "Table 4"}, headers=self.world.staff("events"))
        return str(made.json()["link"]).removeprefix(self.address)

    def cover(self, picture: bytes) -> None:
        """Gives the event this picture."""
        there = f"{self.address}/api/organizations/org-1/events/evt-1/cover"
        made = httpx.put(there, files={"picture": picture}, headers=self.world.staff("events"), timeout=30)
        assert made.status_code == 200, made.text

    def event(self, id_: str, **more: object) -> None:
        """Another event that is published, in an hour, with a ticket type that costs nothing."""
        there = f"{self.address}/api/organizations/org-1/events"
        starts = Instant(self.world.now + HOUR)
        times = {
            "starts": rfc3339(starts),
            "ends": rfc3339(Instant(starts + 30 * HOUR)),
            "zone": "Europe/Berlin",
        }
        staff = self.world.staff("events")
        for path, body in (
            ("", {"id": id_, "slug": id_, **times, **more}),
            (
                f"/{id_}/ticket-types",
                {"id": "long", "name": f"{more['place']}", "perks": [f"{more['place']}"]},
            ),
            (f"/{id_}/publish", {}),
        ):
            made = httpx.post(f"{there}{path}", json=body, headers=staff)
            assert made.is_success, made.text

    def session(self, id_: str, title: dict[str, str]) -> None:
        """A session of the event in an hour, unless it is there already."""
        there = f"{self.address}/api/organizations/org-1/events/evt-1/sessions"
        starts = Instant(self.world.now + HOUR)
        times = {"starts": rfc3339(starts), "ends": rfc3339(Instant(starts + HOUR))}
        body = {"id": id_, "title": title, "room": "Pier 4", "capacity": 12, **times}
        made = httpx.post(there, json=body, headers=self.world.staff("events"))
        assert made.status_code in (201, 409), made.text

    def scan(self, code: str) -> dict[str, object]:
        """The verdict of a door."""
        body = {"code": code, "lists": ["main"], "opId": f"op-{abs(hash(code))}-{self.clock.at}"}
        door = self.world.staff("door")
        answer = httpx.post(f"{self.address}/api/events/check-in", json=body, headers=door)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def _apart(task: Coroutine[None, None, T]) -> T:
    """What a task gives, in another thread: the browser's own loop runs in this one."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, task).result()


def read(page: Page) -> str:
    """What the kiosk's decoder reads from a picture of the page."""
    picture = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    [reading] = decode(np.asarray(picture, np.uint8))
    return reading.text


def choose(page: Page, tier: str, quantity: int) -> None:
    """From the page of the event to that of the order."""
    page.goto(EVENT)
    page.select_option(f"select[name='q.{tier}']", str(quantity))
    page.click("text=Continue")
    page.fill("#name", "Ada Lovelace")
    page.fill("#email", "ada@example.com")


def looked_over(page: Page) -> None:
    """Everybody can use this page: by WCAG AA as far as a program sees, with a thumb, on a narrow screen."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=rules)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(_TOUCH) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
