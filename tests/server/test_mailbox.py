"""`usher mail`: the outbox on the command line."""

import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from server import mailbox
from server.messaging.letters import Attachment, Calendar, Letter
from server.messaging.post import post
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.messaging.letters import LINK, made, picture
from tests.server.office import Office, open_office

USHER = Path(sys.executable).with_name("usher")


@pytest.fixture
async def office(app: FastAPI, client: AsyncClient) -> Office:
    return await open_office(app, client)


def usher(settings: Settings, *arguments: str) -> str:
    """What `usher mail` prints."""
    command = [str(USHER), "mail", "--data", str(settings.data), *arguments]
    environment = {"PATH": "", "USHER_DATABASE_URL": settings.database_url, "COLUMNS": "160"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in ended.stderr
    assert ended.returncode == (2 if ended.stderr else 0), ended.stderr
    return ended.stdout + ended.stderr


async def ask(client: AsyncClient, office: Office, email: str) -> None:
    body, headers = {"email": email}, {"orgid": office.org}
    assert (await client.post("/api/auth/customer/link", json=body, headers=headers)).status_code == 202


async def test_mails_are_listed_the_newest_first_and_opened(
    app: FastAPI, client: AsyncClient, office: Office, clock: ManualClock, settings: Settings, tmp_path: Path
) -> None:
    assert usher(settings) == "No mail yet.\n"
    for email in ("ada@example.com", "bob@example.com"):
        await ask(client, office, email)
        clock.forward(1)
    await app.state.postman.deliver()
    newest, oldest = [line for line in usher(settings).splitlines() if "@example.com" in line]
    assert newest.split()[:5] == ["1", "2026-05-10", "12:00", "sent", "bob@example.com"]
    assert oldest.split()[:5] == ["2", "2026-05-10", "12:00", "sent", "ada@example.com"]
    assert len([line for line in usher(settings, "--limit", "1").splitlines() if "@" in line]) == 1
    said = usher(settings, "2")
    assert "To: ada@example.com\n" in said
    assert "Subject: No account with Office org-a for this address\n" in said
    assert "There is no account for it." in said
    assert usher(settings, "2", "--raw").startswith("Message-ID: <")
    assert usher(settings, "2", "--save", str(tmp_path / "saved")) == f"{tmp_path / 'saved' / 'mail.html'}\n"
    assert "there is no mail 3" in usher(settings, "3")


async def test_a_mail_that_was_not_sent_says_why(
    app: FastAPI, client: AsyncClient, office: Office, clock: ManualClock, settings: Settings
) -> None:
    async with app.state.postman._turn:
        await ask(client, office, "ada@example.com")
        assert "mail 1 waits to be sent" in usher(settings, "1")
    await office.database.write(
        lambda t: post(t, org=office.org, kind="customer.unknown", cause="x", to="bob at home")
    )
    await app.state.postman.deliver()
    failed = next(line for line in usher(settings).splitlines() if " failed " in line)
    assert "(customer.unknown) — 'bob at home' is no e-mail address" in failed
    assert "failed: 'bob at home' is no e-mail address" in usher(settings, failed.split()[0])


def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    assert "there is no database" in usher(Settings(data=tmp_path, database_url=""))


def test_a_mail_is_saved_with_all_that_came_with_it(tmp_path: Path) -> None:
    files = [
        Attachment("../../Ticket.pdf", "application/pdf", b"%PDF-1.7"),
        Attachment("mail.html", "text/html", b"<script>"),
        Attachment("..", "application/octet-stream", b"dots"),
    ]
    calendar = Calendar("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    letter = Letter(LINK.template, LINK.params, {"qr": picture()}, files, calendar)
    content = made(letter).content.replace(b"</body>", b'<img src=3D"cid:qr@ID"></body>')
    content = content.replace(b"qr@ID", b"qr@=\r\n01890000-0000-7000-8000-000000000001.usher")
    saved = mailbox.save(mailbox.read(content), tmp_path / "saved")
    assert [path.name for path in saved] == [
        "2-mail.html", "Ticket.pdf", "event.ics", "file", "mail.html", "qr.png",
    ]  # fmt: skip
    assert (tmp_path / "saved" / "qr.png").read_bytes() == picture()
    assert 'src="qr.png"' in (tmp_path / "saved" / "mail.html").read_text()


def test_a_mail_that_a_terminal_would_obey_is_only_read() -> None:
    content = made().content.replace(b"Do not pass it on.", b"\x1b[2J\x07rm -rf")
    assert "\x1b" not in mailbox.text(mailbox.read(content))
