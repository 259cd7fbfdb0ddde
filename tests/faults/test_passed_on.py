"""A ticket that was passed on while a real kiosk listened: alone again, it refuses the old code."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx

from demo.programs import until
from demo.stage import Stage
from domain.admission import Admitted, Reason, Refused
from domain.ids import TicketId
from kiosk.desk.outcome import Source
from tests.faults.doors import door
from tests.server.mailbox import link, read, recipient, text

_TICKETS = "/api/client/events/tickets"


def test_a_kiosk_that_synced_once_refuses_the_old_code_of_a_transferred_ticket(
    stage: Stage, tmp_path: Path
) -> None:
    old, ticket = issued(stage, "ada@example.com")
    with (
        signed_in(stage, "ada") as ada,
        signed_in(stage, "bob") as bob,
        door(stage, tmp_path / "door") as kiosk,
    ):
        tickets = kiosk.station.store.tickets
        kiosk.wait(lambda: tickets.ticket(ticket) is not None)
        new = passed_on(stage, ticket, ada, bob)
        kiosk.wait(lambda: (found := tickets.ticket(ticket)) is not None and found.generation == 1)
        stage.backend.stop()
        refused, admitted = kiosk.door.scan(old), kiosk.door.scan(new)
        assert (refused.source, admitted.source) == (Source.HERE, Source.HERE)
        assert isinstance(refused.verdict, Refused)
        assert refused.verdict.reason is Reason.REVOKED
        assert isinstance(admitted.verdict, Admitted)
        stage.backend.start()


def issued(stage: Stage, email: str) -> tuple[str, TicketId]:
    """The code and the id of a new ticket in somebody's name."""
    type_ = stage.tickets()[0]["type"]
    address = f"/api/organizations/{stage.office.org}/events/{stage.event}/tickets"
    [made] = stage.ask("POST", address, tickets=[{"type": type_, "email": email, "name": "Ada"}])["items"]
    return str(made["code"]), TicketId(made["id"])


@contextmanager
def signed_in(stage: Stage, name: str) -> Iterator[httpx.Client]:
    """Somebody with a new account."""
    email = f"{name}@example.com"
    account = {"email": email, "password": "correct horse battery", "name": name.title()}
    headers = {"orgid": stage.office.org}
    with httpx.Client(base_url=stage.backend.url, headers=headers, timeout=30) as client:
        assert client.post("/api/auth/customer/register", json=account).status_code == 202
        session = {"token": link(mailed(stage, email, "sign-in"), "sign-in")}
        token = good(client.post("/api/auth/customer/session", json=session))["accessToken"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def passed_on(stage: Stage, ticket: str, giver: httpx.Client, taker: httpx.Client) -> str:
    """The new code of a ticket that one gave to another."""
    assert [each["id"] for each in good(giver.get(f"{_TICKETS}/mine"))["items"]] == [ticket]
    good(giver.post(f"{_TICKETS}/{ticket}/transfer", json={"email": "bob@example.com"}))
    token = link(mailed(stage, "bob@example.com", "claim"), "claim")
    good(taker.post(f"{_TICKETS}/claim", json={"token": token}))
    shown = taker.get(f"{_TICKETS}/{ticket}/qr", headers={"Accept": "application/json"})
    return str(good(shown)["code"])


def mailed(stage: Stage, to: str, page: str) -> EmailMessage:
    """The mail to somebody with a link to this page, once it is there."""

    def found() -> list[EmailMessage]:
        mails = map(read, (file.read_bytes() for file in sorted((stage.backend.data / "mail").glob("*.eml"))))
        return [mail for mail in mails if recipient(mail) == to and f"/{page}/" in text(mail)]

    until(lambda: bool(found()), lambda: f"no mail to {to} leads to /{page}/")
    return found()[-1]


def good(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json()
