"""What a mail says: a composer makes a letter of what is owed, a template makes words of the letter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection

from domain.clock import Instant


@dataclass(frozen=True, slots=True)
class Owed:
    """A mail that is owed, as its composer sees it. `base_url` is where people reach this server."""

    id: str
    org: str
    organization: str
    kind: str
    to: str
    name: str
    language: str
    about: Mapping[str, Any]
    event: str | None
    contact: str | None
    now: Instant
    base_url: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the letter; `type` is its media type, such as `application/pdf`."""

    name: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Calendar:
    """An iCalendar text that mail programs offer to add; `method` is the one that stands in it."""

    text: str
    method: Literal["PUBLISH", "REQUEST", "CANCEL"] = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, without its words.

    `template` names two files of `resources/public/mails`, which get `params`. `inline` are PNG pictures,
    which the template shows as `cid("name")`. A letter with a `secret` is not kept once it was sent.
    """

    template: str
    params: Mapping[str, object] = field(default_factory=dict)
    inline: Mapping[str, bytes] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()
    calendar: Calendar | None = None
    secret: bool = False


Composer = Callable[[Connection, Owed], Letter | None]
"""What a feature gives to the post for each kind of mail; None where there is nothing to say any more.

It only reads, runs anew for each try, and may take its time.
"""
