"""A real SMTP server for tests, which takes mails, or refuses them as their addresses ask for."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
USER, PASSWORD = "usher@riverside.example", "p@ss:w/rd"
_ANSWERS = {
    "later": "451 4.3.0 come again",
    "never": "550 5.1.1 no such mailbox",
    "closing": "421 4.3.2 shutting down",
}


@dataclass
class MailServer:
    """Mails that were taken, with whom they are for. `later@…`, `never@…` and `closing@…` are refused when
    the recipient is named, `data-later@…` and `data-never@…` when the mail was read; with `drop@…` the line
    is cut.
    """

    port: int = 0
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    lines: int = 0
    passwords: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        local = address.partition("@")[0]
        if local == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if local in _ANSWERS:
            return _ANSWERS[local]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        [address] = envelope.rcpt_tos
        kind, _, how = address.partition("@")[0].partition("-")
        if kind == "data" and how in _ANSWERS:
            return _ANSWERS[how]
        assert isinstance(envelope.content, bytes)
        self.taken.append((address, envelope.content))
        return "250 OK"

    def check(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.passwords.append(data.password.decode())
        known = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=known, handled=False)


@asynccontextmanager
async def mail_server(
    *, smtps: ssl.SSLContext | None = None, utf8: bool = True, check: bool = False, **options: Any
) -> AsyncIterator[MailServer]:
    """Serves on a free port, with `check` for who knows the password; `options` are those of `aiosmtpd`."""
    handler = MailServer()
    authenticator = handler.check if check else None

    def answer() -> SMTP:
        handler.lines += 1
        return SMTP(
            handler,
            hostname="mail.test",
            enable_SMTPUTF8=utf8,
            authenticator=authenticator,
            **options,
        )

    serving = await asyncio.get_running_loop().create_server(answer, HOST, 0, ssl=smtps)
    handler.port = serving.sockets[0].getsockname()[1]
    try:
        yield handler
    finally:
        serving.close()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate of its own making, and the file of who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    trusted, secret = folder / "trusted.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, secret)
    return context, trusted
