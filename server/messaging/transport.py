"""How a mail leaves: one port, with an SMTP server or a folder behind it.

TransportFault
├── Refused        this mail, for good
├── NotNow         this mail, perhaps later
└── Unreachable    no mail can go now
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from server.messaging.message import Message


class TransportFault(Exception):
    """The mail did not leave, or nobody knows; the message says why, for staff, without secrets."""


class Refused(TransportFault):
    """Whoever takes mails said that this one will never be taken."""


class NotNow(TransportFault):
    """Whoever takes mails said that this one may be taken later."""


class Unreachable(TransportFault):
    """Nobody is there who takes mails, or nobody answered in time."""


class Line(Protocol):
    """Takes one mail after the other."""

    async def send(self, message: Message) -> None:
        """Returns once the mail was taken. Raises `TransportFault`."""


class Transport(Protocol):
    """Opens lines; what a line needs it gets with its first mail. `keeps` is whether what it took can be
    looked at later.
    """

    keeps: bool

    def line(self) -> AbstractAsyncContextManager[Line]: ...
