"""The mails that an application under test has sent, as their receivers read them."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from fastapi import FastAPI

from server.messaging.postman import Postman


@dataclass
class Mailbox:
    """Everybody's mail of an application that writes mails into its folder."""

    app: FastAPI

    async def all(self) -> list[EmailMessage]:
        """Every mail that is owed by now, the oldest first."""
        postman: Postman = self.app.state.postman
        await postman.deliver()
        return [read(file.read_bytes()) for file in sorted(self.app.state.settings.mail_folder.glob("*.eml"))]

    async def newest(self, to: str | None = None) -> EmailMessage:
        return [mail for mail in await self.all() if to in (None, recipient(mail))][-1]


def read(content: bytes) -> EmailMessage:
    got = message_from_bytes(content, policy=default)
    assert isinstance(got, EmailMessage)
    assert not got.defects
    return got


def recipient(mail: EmailMessage) -> str:
    return str(mail["To"].addresses[0].addr_spec)


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(mail: EmailMessage, page: str) -> str:
    """The end of the one address in a mail that opens this page."""
    [token] = set(re.findall(rf"/{page}/([A-Za-z0-9_-]+)", text(mail)))
    return str(token)
