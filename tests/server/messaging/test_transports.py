"""One contract for every transport: a folder, and a real SMTP server."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from server.messaging.folder import FolderTransport
from server.messaging.smtp import SmtpServer, SmtpTransport
from server.messaging.transport import NotNow, Refused, Transport, TransportFault, Unreachable
from tests.server.mailbox import read
from tests.server.messaging.letters import made
from tests.server.messaging.mail_server import HOST, PASSWORD, USER, certificate, mail_server


@dataclass
class Place:
    """A transport, what arrived through it, and one of its kind behind which nobody is."""

    transport: Transport
    arrived: Callable[[], Awaitable[list[bytes]]]
    nobody: Transport


async def folder(tmp_path: Path) -> AsyncIterator[Place]:
    place = tmp_path / "mail"
    taken = tmp_path / "taken"
    taken.touch()

    async def arrived() -> list[bytes]:
        return [file.read_bytes() for file in sorted(place.iterdir())]

    yield Place(FolderTransport(place), arrived, FolderTransport(taken))


async def smtp(_tmp_path: Path) -> AsyncIterator[Place]:
    with socket.socket() as free:
        free.bind((HOST, 0))
        nobody = SmtpTransport(SmtpServer(HOST, free.getsockname()[1]))
        async with mail_server() as server:

            async def arrived() -> list[bytes]:
                return [content for _, content in server.taken]

            yield Place(SmtpTransport(SmtpServer(HOST, server.port)), arrived, nobody)


@pytest.fixture(params=[folder, smtp])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    async for made_place in request.param(tmp_path):
        yield made_place


async def send(transport: Transport, **owed: Any) -> None:
    async with transport.line() as line:
        await line.send(made(**owed))


# The contract.


async def test_a_mail_arrives_as_it_is(place: Place) -> None:
    message = made(language="ar", name="名")
    async with place.transport.line() as line:
        await line.send(message)
    assert await place.arrived() == [message.content]


async def test_one_line_takes_one_mail_after_the_other(place: Place) -> None:
    async with place.transport.line() as line:
        for number in range(20):
            await line.send(made(id=f"{number:02}"))
    assert [read(mail)["Message-ID"] for mail in await place.arrived()] == [
        f"<{number:02}@riverside.example>" for number in range(20)
    ]


async def test_many_lines_at_once_take_each_mail_whole(place: Place) -> None:
    await asyncio.gather(*(send(place.transport, id=f"{number:02}") for number in range(50)))
    arrived = {read(mail)["Message-ID"] for mail in await place.arrived()}
    assert arrived == {f"<{number:02}@riverside.example>" for number in range(50)}


async def test_the_same_mail_again_is_seen_to_be_the_same(place: Place) -> None:
    for _ in range(2):
        await send(place.transport)
    assert len({read(mail)["Message-ID"] for mail in await place.arrived()}) == 1


async def test_an_international_address_is_reached(place: Place) -> None:
    await send(place.transport, to="用户@例え.example")
    [mail] = await place.arrived()
    assert "用户@xn--r8jz45g.example".encode() in mail


async def test_where_nobody_is_a_mail_may_go_later(place: Place) -> None:
    with pytest.raises(Unreachable):
        await send(place.nobody)


async def test_a_line_that_was_not_used_opens_nothing(place: Place) -> None:
    async with place.nobody.line():
        pass


# The folder alone.


async def test_a_folder_holds_a_mail_once_and_nothing_else(tmp_path: Path) -> None:
    transport = FolderTransport(tmp_path / "data" / "mail")
    for _ in range(2):
        await send(transport, id="one")
    assert [file.name for file in (tmp_path / "data" / "mail").iterdir()] == ["one.eml"]


# SMTP alone.


@pytest.mark.parametrize(
    ("address", "fault", "said"),
    [("later@x.example", NotNow, "451 4.3.0 come again"), ("data-later@x.example", NotNow, "451"),
     ("never@x.example", Refused, "550 5.1.1 no such mailbox"), ("data-never@x.example", Refused, "550"),
     ("closing@x.example", Unreachable, "421"), ("drop@x.example", Unreachable, "mail server 127.0.0.1")],
)  # fmt: skip
async def test_what_the_server_says_of_a_mail_is_told_and_the_line_goes_on(
    address: str, fault: type[TransportFault], said: str
) -> None:
    async with mail_server() as server, SmtpTransport(SmtpServer(HOST, server.port)).line() as line:
        with pytest.raises(fault, match=said):
            await line.send(made(to=address))
        await line.send(made(to="ada@x.example"))
        assert [to for to, _ in server.taken] == ["ada@x.example"]


async def test_a_server_without_smtputf8_refuses_international_addresses_for_good() -> None:
    async with mail_server(utf8=False) as server:
        transport = SmtpTransport(SmtpServer(HOST, server.port))
        with pytest.raises(Refused, match="ASCII"):
            await send(transport, to="用户@x.example")
        await send(transport, to="ada@münchen.example")
        assert [to for to, _ in server.taken] == ["ada@xn--mnchen-3ya.example"]


async def test_mails_of_one_line_share_a_connection() -> None:
    async with mail_server() as server, SmtpTransport(SmtpServer(HOST, server.port)).line() as line:
        for _ in range(5):
            await line.send(made())
        assert server.lines == 1


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    return tmp_path


def url(scheme: str, port: int, password: str = PASSWORD) -> str:
    return f"{scheme}://{quote(USER)}:{quote(password, safe='')}@localhost:{port}"


async def test_with_smtps_the_password_goes_through_tls(trusted: Path) -> None:
    context, _ = certificate(trusted)
    async with mail_server(smtps=context, auth_require_tls=False, check=True) as server:
        await send(SmtpTransport(SmtpServer.of(url("smtps", server.port))))
        assert (len(server.taken), server.passwords) == (1, [PASSWORD])


async def test_with_starttls_the_password_goes_through_tls(trusted: Path) -> None:
    context, _ = certificate(trusted)
    async with mail_server(tls_context=context, auth_required=True, check=True) as server:
        insisting = replace(SmtpServer.of(url("smtp", server.port)), start_tls=True)
        await send(SmtpTransport(insisting))
        assert (len(server.taken), server.passwords) == (1, [PASSWORD])


async def test_a_wrong_password_is_no_fault_of_the_mail_and_is_told_to_nobody(trusted: Path) -> None:
    context, _ = certificate(trusted)
    async with mail_server(tls_context=context, auth_required=True, check=True) as server:
        wrong = replace(SmtpServer.of(url("smtp", server.port, "wrong-secret")), start_tls=True)
        with pytest.raises(Unreachable) as fault:
            await send(SmtpTransport(wrong))
        assert "535" in str(fault.value)
        assert "wrong-secret" not in str(fault.value) + repr(wrong)


async def test_a_password_is_never_given_without_tls() -> None:
    async with mail_server(auth_require_tls=False, check=True) as server:
        insisting = replace(SmtpServer.of(url("smtp", server.port)), start_tls=True)
        with pytest.raises(Unreachable):
            await send(SmtpTransport(insisting))
        assert server.passwords == []


async def test_a_certificate_that_nobody_trusts_gets_no_mail(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    async with mail_server(tls_context=context) as server:
        with pytest.raises(Unreachable):
            await send(SmtpTransport(SmtpServer("localhost", server.port, start_tls=True)))
        assert server.taken == []


@pytest.mark.parametrize(
    ("text", "server"),
    [("smtp://relay", SmtpServer("relay", 25)),
     ("smtp://relay:2525?starttls=off", SmtpServer("relay", 2525, start_tls=False)),
     ("smtp://me:pw@relay", SmtpServer("relay", 587, "me", "pw", start_tls=True)),
     ("smtp://me:pw@localhost:1025", SmtpServer("localhost", 1025, "me", "pw")),
     ("smtp://me:pw@[::1]:1025", SmtpServer("::1", 1025, "me", "pw")),
     ("smtps://me%40x.example:p%3Aw@relay", SmtpServer("relay", 465, "me@x.example", "p:w", True, False))],
)  # fmt: skip
def test_an_address_of_a_server_says_how_mails_go_there(text: str, server: SmtpServer) -> None:
    assert SmtpServer.of(text) == server
