"""Mails through an SMTP server."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from server.messaging.message import Message
from server.messaging.templates import one_line
from server.messaging.transport import NotNow, Refused, TransportFault, Unreachable

_SECONDS = 20.0
_CLOSING = 421
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mails are given to, and how.

    `start_tls`: True insists on encryption, None takes it where it is offered, False does without.
    """

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    start_tls: bool | None = None

    @classmethod
    def of(cls, url: str) -> "SmtpServer":
        """Of `smtps://user:password@host` or `smtp://user:password@host:587`.

        Who gives a password insists on encryption, but on the machine itself; `?starttls=off` does without.
        """
        parts = urlsplit(url)
        host, tls = parts.hostname or "", parts.scheme == "smtps"
        user = unquote(parts.username) if parts.username else None
        start_tls = True if user and not tls and not _is_local(host) else None
        if tls or parse_qs(parts.query).get("starttls") == ["off"]:
            start_tls = False
        port = parts.port or (465 if tls else 587 if user else 25)
        return cls(host, port, user, unquote(parts.password or "") if user else None, tls, start_tls)


class SmtpTransport:
    """Lines to an SMTP server."""

    keeps = False

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    @asynccontextmanager
    async def line(self) -> AsyncIterator["SmtpLine"]:
        line = SmtpLine(self._server)
        try:
            yield line
        finally:
            await line.close()


class SmtpLine:
    """One connection, made with the first mail and anew after it was lost."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.start_tls,
            timeout=_SECONDS,
            # The library would ask the name service, which may take its time.
            local_hostname=socket.gethostname(),
        )

    async def send(self, message: Message) -> None:
        await self._connect()
        options = ["SMTPUTF8"] if message.international else []
        try:
            await self._client.sendmail(
                message.sender, [message.recipient], message.content, mail_options=options
            )
        except SMTPRecipientsRefused as fault:
            raise _judged(fault.recipients[0]) from fault
        except (SMTPSenderRefused, SMTPDataError) as fault:
            raise _judged(fault) from fault
        except SMTPNotSupported as fault:
            raise Refused("the mail server takes no addresses with letters beyond ASCII") from fault
        except (SMTPException, OSError) as fault:
            self._client.close()
            raise self._unreachable(fault) from fault

    async def close(self) -> None:
        """Says goodbye; what was sent stands without it."""
        if self._client.is_connected:
            with suppress(SMTPException, OSError):
                await self._client.quit(timeout=2)
        self._client.close()

    async def _connect(self) -> None:
        """What goes wrong here is nobody's mail's fault, not even a wrong password."""
        if self._client.is_connected:
            return
        try:
            await self._client.connect()
        except (SMTPException, OSError, ValueError) as fault:
            self._client.close()
            raise self._unreachable(fault) from fault

    def _unreachable(self, fault: Exception) -> Unreachable:
        server = self._server
        said = _said(fault) if isinstance(fault, SMTPResponseException) else one_line(str(fault))
        return Unreachable(f"mail server {server.host}:{server.port}: {said or type(fault).__name__}")


def _judged(fault: SMTPResponseException) -> TransportFault:
    if fault.code == _CLOSING:
        return Unreachable(_said(fault))
    return Refused(_said(fault)) if fault.code >= 500 else NotNow(_said(fault))


def _said(fault: SMTPResponseException) -> str:
    return f"{fault.code} {one_line(str(fault.message))}"[:_LONGEST]


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
