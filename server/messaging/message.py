"""A mail as it travels: headers that cannot be forged, text and HTML, pictures, files, a calendar part."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP

from domain.clock import SECOND
from server.addresses import named, travelling
from server.messaging.letters import Letter, Owed
from server.messaging.templates import Words, content_id, one_line
from server.texts import spoken

# Lines of 8 bits are encoded, so that every server on the way can carry them.
_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom all mails come; without a name the organisation's is shown."""

    address: str
    name: str = ""

    @classmethod
    def of(cls, text: str) -> "Sender":
        """Of `tickets@example.com` or `Riverside <tickets@example.com>`. Raises `Unaddressable`."""
        name, address = named(text)
        return cls(address, name)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Message:
    """The mail of an id, ready to go."""

    id: str
    sender: str
    recipient: str
    content: bytes

    @property
    def international(self) -> bool:
        """Whether its addresses need a server with SMTPUTF8."""
        return not (self.recipient + self.sender).isascii()


def message(owed: Owed, letter: Letter, words: Words, sender: Sender) -> Message:
    """The same mail has the same Message-ID however often it is made. Raises `Unaddressable`."""
    recipient = travelling(owed.to)
    ascii_only = (recipient + sender.address).isascii()
    made = EmailMessage(_POLICY if ascii_only else _POLICY.clone(utf8=True))
    made["Message-ID"] = f"<{owed.id}@{sender.domain}>"
    made["Date"] = datetime.fromtimestamp(owed.now / SECOND, UTC)
    made["From"] = _shown(sender.name or owed.organization, sender.address)
    made["To"] = _shown(owed.name, recipient)
    made["Subject"] = words.subject
    made["Auto-Submitted"] = "auto-generated"
    _fill(made, owed, letter, words)
    made["Content-Language"] = spoken(owed.language)
    return Message(owed.id, sender.address, recipient, made.as_bytes())


def _shown(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(one_line(name)[:100], local, domain)


def _fill(made: EmailMessage, owed: Owed, letter: Letter, words: Words) -> None:
    made.set_content(words.text)
    made.add_alternative(words.html, subtype="html")
    page = made.get_body(("html",))
    assert isinstance(page, MIMEPart)
    for name, picture in letter.inline.items():
        cid = f"<{content_id(owed.id, name)}>"
        page.add_related(picture, "image", "png", cid=cid, filename=f"{name}.png", disposition="inline")
    if letter.calendar is not None:
        method = {"method": letter.calendar.method}
        made.add_alternative(letter.calendar.text, subtype="calendar", params=method)
    for file in letter.attachments:
        main, _, sub = file.type.partition("/")
        made.add_attachment(file.data, main, sub, filename=one_line(file.name))
