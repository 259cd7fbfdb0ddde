"""A small organisation in a database: event, types, lists, tickets with codes, callers with tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import insert

from domain import ticket_code
from domain.clock import HOUR, Instant
from domain.ticket_code import TicketCode
from server.admission.tables import check_in_lists
from server.auth import customer_service
from server.auth.access import SCOPE, Access
from server.auth.caller import Role
from server.auth.customer_store import Link
from server.auth.tables import devices, organizations
from server.contacts import book
from server.db.database import Database, Transaction
from server.events.tables import events
from server.ticketing import owning
from server.ticketing.tables import ticket_keys, ticket_types, tickets

NOON = Instant(1_778_414_400_000)
"""2026-05-10T12:00:00Z."""


@dataclass
class World:
    """One organisation; `code` signs, `ticket` issues, `door` and `staff` are headers of callers."""

    database: Database
    access: Access
    org: str = "org-1"
    event: str = "evt-1"
    now: Instant = NOON
    key_number: int = 7
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    issued: int = 0

    async def make(self, event_number: int = 1) -> None:
        await self.database.write(lambda t: self._make(t, event_number))

    async def ticket(self, type_: str = "general", *, code: str | None = None, **values: object) -> str:
        """Issues a ticket; its code."""
        self.issued += 1
        number = self.issued
        made = code or self.code(number)
        row = {
            "id": f"{self.org}-t{number}", "org": self.org, "event": self.event, "type": type_,
            "number": number, "digest": ticket_code.digest(made), "created": self.now,
            "name": f"Person {number}", **values,
        }  # fmt: skip
        await self.database.write(lambda t: t.connection.execute(insert(tickets).values(**row)) and None)
        return made

    def code(self, ticket: int, *, event: int = 1, generation: int = 0, key: int | None = None) -> str:
        said = TicketCode(self.key_number if key is None else key, event, ticket, 1, generation)
        return ticket_code.encode(said, self.key.sign)

    async def device(
        self, id_: str = "door-1", mode: str = "door", *scopes: str, sells: bool = False
    ) -> dict[str, str]:
        """A paired kiosk; the headers of its requests."""
        covered = list(scopes) or [f"event:{self.event}"]
        row = {
            "id": id_, "org": self.org, "name": f"Kiosk {id_}", "mode": mode,
            "scopes": orjson.dumps(covered).decode(), "lists": "[]", "gate": "",
            "sells": sells, "paired": self.now, "platform": "", "created": self.now,
        }  # fmt: skip

        def add(transaction: Transaction) -> None:
            transaction.connection.execute(insert(devices).values(**row))
            transaction.touched.add(SCOPE)

        await self.database.write(add)
        await self.access.refresh()
        return _bearer(self.access.token(id_, self.org, Role.DEVICE, None))

    async def customer(self, email: str = "guest@example.com", name: str = "Guest") -> dict[str, str]:
        """Headers of a customer whose address is proven; the same account for the same address."""
        link = Link("", self.org, email, name, "en", None, self.now)
        found = await self.database.write(lambda t: customer_service.prove(t, link, [book.tie, owning.adopt]))
        until = Instant(self.now + HOUR)
        return _bearer(self.access.token(found.id, self.org, Role.CUSTOMER, until))

    def staff(self, *permissions: str) -> dict[str, str]:
        """Headers of a member of staff with these permissions, good for an hour from now."""
        until = Instant(self.access.now() + HOUR)
        token = self.access.token("staff-1", self.org, Role.STAFF, until, permissions=list(permissions))
        return _bearer(token)

    async def list(self, id_: str, **settings: object) -> str:
        row = {
            "org": self.org, "event": self.event, "id": id_, "name": f"List {id_}",
            "settings": orjson.dumps(settings).decode(), "created": self.now, "changed": self.now,
        }  # fmt: skip
        await self.database.write(
            lambda t: t.connection.execute(insert(check_in_lists).values(**row)) and None
        )
        return id_

    def _make(self, transaction: Transaction, event_number: int) -> None:
        execute, now = transaction.connection.execute, self.now
        execute(insert(organizations).values(id=self.org, name="Riverside", zone="UTC", created=now))
        public = self.key.public_key().public_bytes_raw()
        private = self.key.private_bytes_raw()
        execute(
            insert(ticket_keys).values(
                org=self.org, number=self.key_number, private=private, public=public, created=now
            )
        )
        execute(
            insert(events).values(
                org=self.org, id=self.event, number=event_number, name='{"en": "Summit"}', starts=now - HOUR,
                ends=now + 8 * HOUR, zone="Europe/Berlin", place="", slug=f"{self.org}-{self.event}",
                state="published", rotating_secret=b"s" * 32, created=now, changed=now,
            )
        )  # fmt: skip
        for number, (id_, colour) in enumerate((("general", "#3b6fd8"), ("vip", "#b0892b")), start=1):
            execute(
                insert(ticket_types).values(
                    org=self.org, event=self.event, id=id_, number=number, name=id_.title(), colour=colour,
                    price=0, currency="EUR", perks="[]", rotating=False, created=now,
                )
            )  # fmt: skip
        execute(
            insert(check_in_lists).values(
                org=self.org, event=self.event, id="main", name="Main entrance", settings="{}",
                created=now, changed=now,
            )
        )  # fmt: skip


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@dataclass
class Door:
    """Scans through HTTP as one caller."""

    client: AsyncClient
    headers: Mapping[str, str]
    now: Instant
    count: int = 0
    prefix: str = "op"

    async def post(self, code: str, **more: object) -> Response:
        self.count += 1
        body = {"code": code, "lists": ["main"], "opId": f"{self.prefix}-{self.count}", **more}
        return await self.client.post("/api/events/check-in", json=body, headers=dict(self.headers))

    async def scan(self, code: str, **more: object) -> dict[str, object]:
        """The verdict's JSON."""
        response = await self.post(code, **more)
        assert response.status_code == 200, response.text
        return dict(response.json())


async def make_world(app: FastAPI, org: str = "org-1", **values: object) -> World:
    world = World(app.state.database, app.state.access, org, **values)  # type: ignore[arg-type]
    await world.make()
    return world
