"""Letters and mails for tests, each complete but for what a test cares about."""

from dataclasses import replace
from io import BytesIO
from typing import Any

from PIL import Image

from domain.clock import Instant
from server.messaging.letters import Letter, Owed
from server.messaging.message import Message, Sender, message
from server.messaging.templates import words

OWED = Owed(
    id="01890000-0000-7000-8000-000000000001",
    org="org-1",
    organization="Riverside",
    kind="customer.link",
    to="ada@example.com",
    name="Ada",
    language="en",
    about={},
    event=None,
    contact=None,
    now=Instant(1_778_414_400_000),
    base_url="https://usher.example",
)
LINK = Letter("customer.link", {"purpose": "register", "link": "https://usher.example/sign-in/abc"})
SENDER = Sender("tickets@riverside.example")


def picture() -> bytes:
    out = BytesIO()
    Image.new("1", (8, 8), 1).save(out, "PNG")
    return out.getvalue()


def made(letter: Letter = LINK, sender: Sender = SENDER, **owed: Any) -> Message:
    who = replace(OWED, **owed)
    return message(who, letter, words(who, letter), sender)
