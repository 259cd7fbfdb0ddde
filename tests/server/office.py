"""An organisation with people in it, called through HTTP."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from httpx import AsyncClient, Response

from domain.clock import HOUR, Instant
from server.auth import staff_service
from server.auth.access import Access
from server.auth.caller import Role
from server.auth.schemas import Permission, StaffIn
from server.db.database import Database, Transaction

PASSWORD = "correct horse battery"


@dataclass
class Office:
    """`call` sends a request as `headers` say, by default those of an administrator."""

    client: AsyncClient
    database: Database
    access: Access
    org: str
    headers: dict[str, str] = field(default_factory=dict)

    async def staff(self, *permissions: Permission, name: str = "somebody") -> dict[str, str]:
        """Headers of a new member of staff, who has no password."""
        new = StaffIn(email=f"{name}@{self.org}.example", name=name, permissions=list(permissions))
        person = await self.database.write(
            lambda t: staff_service.add_person(t, self.org, "system", new, digest="")
        )
        await self.access.refresh()
        return self.bearer(person.id)

    def bearer(self, staff: str) -> dict[str, str]:
        until = Instant(self.access.now() + HOUR)
        return {"Authorization": f"Bearer {self.access.token(staff, self.org, Role.STAFF, until)}"}

    async def call(
        self, method: str, path: str, json: Any = None, headers: dict[str, str] | None = None, **more: Any
    ) -> Response:
        """`path` begins with a slash, or stands within the organisation's own addresses."""
        address = path if path.startswith("/") else f"/api/organizations/{self.org}/{path}"
        base = self.headers if headers is None else headers
        return await self.client.request(
            method, address, json=json, headers={**base, **more.pop("also", {})}, **more
        )

    async def ok(self, method: str, path: str, json: Any = None, **more: Any) -> Any:
        """The JSON of an answer that must be good."""
        response = await self.call(method, path, json, **more)
        assert response.is_success, response.text
        return response.json() if response.content else None


async def open_office(app: FastAPI, client: AsyncClient, org: str = "org-a") -> Office:
    """A new organisation with an administrator."""

    def make(transaction: Transaction) -> None:
        staff_service.add_organization(transaction, id_=org, name=f"Office {org}", zone="Europe/Berlin")

    await app.state.database.write(make)
    office = Office(client, app.state.database, app.state.access, org)
    office.headers = await office.staff("admin", name="admin")
    return office


async def add_login(app: FastAPI, office: Office, email: str, *permissions: Permission) -> str:
    """Somebody who signs in with `PASSWORD`; the id."""
    digest = await app.state.passwords.digest(PASSWORD)
    new = StaffIn(email=email, permissions=list(permissions))
    person = await office.database.write(
        lambda t: staff_service.add_person(t, office.org, "system", new, digest)
    )
    await office.access.refresh()
    return person.id


def problem(response: Response) -> tuple[int, str]:
    """The status and the code of an answer that is a problem."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    body = response.json()
    assert body["detail"]
    return response.status_code, body["code"]
