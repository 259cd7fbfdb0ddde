"""A mail as it travels: headers that cannot be forged, text and HTML, pictures, files, a calendar part."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import parseaddr

import idna

from domain.clock import SECOND
from server.messaging.letters import Letter, Owed
from server.messaging.templates import Words, content_id, one_line
from server.texts import spoken

# Lines of 8 bits are encoded, so that every server on the way can carry them.
_POLICY = SMTP.clone(cte_type="7bit")
_LOCAL = re.compile(r"[^\s\x00-\x20\x7f()<>\[\]:;@\\,\"]{1,64}")


class Unaddressable(Exception):
    """No mail can go to this address."""


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom all mails come; without a name the organisation's is shown."""

    address: str
    name: str = ""

    @classmethod
    def of(cls, text: str) -> "Sender":
        """Of `tickets@example.com` or `Riverside <tickets@example.com>`. Raises `Unaddressable`."""
        name, address = parseaddr(text)
        return cls(reachable(address), one_line(name))

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Message:
    """A mail that is ready to go. `international` where its address needs a server with SMTPUTF8."""

    mail: str
    sender: str
    recipient: str
    content: bytes

    @property
    def international(self) -> bool:
        return not self.recipient.isascii()


def message(owed: Owed, letter: Letter, words: Words, sender: Sender) -> Message:
    """The same mail has the same Message-ID however often it is made. Raises `Unaddressable`."""
    recipient = reachable(owed.to)
    policy = _POLICY if recipient.isascii() else _POLICY.clone(utf8=True)
    made = EmailMessage(policy)
    made["Message-ID"] = f"<{owed.id}@{sender.domain}>"
    made["Date"] = datetime.fromtimestamp(owed.now / SECOND, UTC)
    made["From"] = _shown(sender.name or owed.organization, sender.address)
    made["To"] = _shown(owed.name, recipient)
    made["Subject"] = words.subject
    made["Auto-Submitted"] = "auto-generated"
    _fill(made, owed, letter, words)
    made["Content-Language"] = spoken(owed.language)
    return Message(owed.id, sender.address, recipient, made.as_bytes())


def reachable(text: str) -> str:
    """An address in the form of SMTP, its domain in ASCII. Raises `Unaddressable`."""
    local, _, domain = text.rpartition("@")
    try:
        host = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        host = ""
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if not host or dots or not _LOCAL.fullmatch(local):
        raise Unaddressable(f"{one_line(text)[:100]!r} is no e-mail address that a mail can reach")
    return f"{local}@{host}"


def _shown(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(one_line(name)[:100], local, domain)


def _fill(made: EmailMessage, owed: Owed, letter: Letter, words: Words) -> None:
    made.set_content(words.text)
    made.add_alternative(words.html, subtype="html")
    body = made.get_body(("html",))
    assert isinstance(body, MIMEPart)
    for name, picture in letter.inline.items():
        cid = f"<{content_id(owed.id, name)}>"
        body.add_related(picture, "image", "png", cid=cid, filename=f"{name}.png", disposition="inline")
    if letter.calendar is not None:
        method = {"method": letter.calendar.method}
        made.add_alternative(letter.calendar.text, subtype="calendar", params=method)
    for file in letter.attachments:
        main, _, sub = file.type.partition("/")
        made.add_attachment(file.data, main, sub, filename=one_line(file.name))
