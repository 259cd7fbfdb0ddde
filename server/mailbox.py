"""The outbox, for who looks after this server: what went out, what waits, and each mail as it went."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from domain.clock import Instant
from server.db.postgres import postgres_engine
from server.db.sqlite import sqlite_engine
from server.messaging.folder import file_of
from server.messaging.tables import mails
from server.settings import Settings

_M = mails.c
_UNSAFE = re.compile(r"[^\w.-]+")


class MailboxError(Exception):
    """The message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A mail of the outbox; `number` counts from the newest, which is 1."""

    number: int
    id: str
    kind: str
    state: str
    at: Instant
    to: str
    subject: str
    trouble: str


def entries(settings: Settings, limit: int) -> list[Entry]:
    """The newest mails. Raises `MailboxError`."""
    asked = select(mails).order_by(_M.created.desc(), _M.id.desc()).limit(limit)
    with _reading(settings) as connection:
        return [
            Entry(
                number=number,
                id=row.id,
                kind=row.kind,
                state=row.state,
                at=Instant(row.sent or row.created),
                to=row.recipient,
                subject=row.subject,
                trouble=row.trouble,
            )
            for number, row in enumerate(connection.execute(asked), start=1)
        ]


def opened(settings: Settings, number: int) -> tuple[Entry, bytes]:
    """A mail as it went out. Raises `MailboxError` where there is none of this number, or it is not kept."""
    found = entries(settings, number)
    if not 1 <= number <= len(found):
        raise MailboxError(f"there is no mail {number}: `usher mail` lists them")
    entry = found[number - 1]
    file = file_of(settings.mail_folder, entry.id)
    if file.is_file():
        return entry, file.read_bytes()
    with _reading(settings) as connection:
        content = connection.execute(select(_M.message).where(_M.id == entry.id)).scalar()
    if content is None:
        raise MailboxError(_why_not(entry))
    return entry, bytes(content)


def read(content: bytes) -> EmailMessage:
    """A mail to be looked at."""
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def text(mail: EmailMessage) -> str:
    """What a mail says, as plain text, without what would steer a terminal."""
    body = mail.get_body(("plain",))
    said = "" if body is None else str(body.get_content())
    return "".join(char for char in said if char.isprintable() or char in "\n\t").strip()


def save(mail: EmailMessage, folder: Path) -> list[Path]:
    """Writes the page of a mail, its pictures and its files into a folder. Raises `MailboxError`."""
    page = mail.get_body(("html",))
    html = str(page.get_content()) if page is not None else f"<pre>{escape(text(mail))}</pre>"
    files: dict[str, bytes] = {}
    for part in mail.walk():
        name = part.get_filename() or ("event.ics" if part.get_content_type() == "text/calendar" else None)
        content = part.get_payload(decode=True)
        if name is None or not isinstance(content, bytes):
            continue
        name = _free(name, files)
        files[name] = content
        if part["Content-ID"]:
            html = html.replace(f"cid:{str(part['Content-ID']).strip('<>')}", name)
    files["mail.html"] = html.encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as fault:
        raise MailboxError(f"{folder} cannot be written: {fault.strerror}") from fault
    return [folder / name for name in sorted(files)]


def _free(name: str, taken: dict[str, bytes]) -> str:
    """A name for a file that leads nowhere else, and that no other file of the mail has."""
    plain = _UNSAFE.sub("-", name).strip(".-") or "file"
    number, free = 1, plain
    while free in taken or free == "mail.html":
        number += 1
        free = f"{number}-{plain}"
    return free


def _why_not(entry: Entry) -> str:
    match entry.state:
        case "waiting":
            return f"mail {entry.number} waits to be sent" + (f": {entry.trouble}" if entry.trouble else "")
        case "dropped":
            return f"mail {entry.number} was not sent: there was nothing to say any more"
        case "failed" if entry.trouble:
            return f"mail {entry.number} failed: {entry.trouble}"
    return f"mail {entry.number} is not kept: it held a secret, or went out long ago"


@contextmanager
def _reading(settings: Settings) -> Iterator[Connection]:
    if not settings.database_url and not settings.sqlite_path.is_file():
        raise MailboxError(f"there is no database in {settings.data} yet")
    url = settings.database_url
    engine = postgres_engine(url) if url else sqlite_engine(settings.sqlite_path, read_only=True)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as fault:
        raise MailboxError(f"the outbox cannot be read: {fault.orig}") from fault
    finally:
        engine.dispose()
