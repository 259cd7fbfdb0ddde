"""A mail as it travels: its parts, and headers that nobody forges."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.addresses import Unaddressable, travelling
from server.messaging.letters import Attachment, Calendar
from server.messaging.message import Sender
from tests.server.mailbox import read
from tests.server.messaging.letters import LINK, OWED, SENDER, made, picture

EVENT = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"


def test_a_mail_says_the_same_as_text_and_as_html() -> None:
    got = read(made().content)
    assert got.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in got.iter_parts()] == ["text/plain", "text/html"]
    for part in got.iter_parts():
        assert "https://usher.example/sign-in/abc" in part.get_content()
    assert got["Subject"] == "Confirm your e-mail address for Riverside"
    assert (got["From"], got["To"]) == ("Riverside <tickets@riverside.example>", "Ada <ada@example.com>")
    assert got["Date"].datetime.timestamp() * 1000 == OWED.now


def test_a_mail_that_is_made_again_is_the_same_one() -> None:
    assert read(made().content)["Message-ID"] == read(made().content)["Message-ID"]
    assert read(made(id="another").content)["Message-ID"] == "<another@riverside.example>"


def test_pictures_files_and_the_calendar_part_come_along() -> None:
    files = [Attachment("Ticket.pdf", "application/pdf", b"%PDF-1.7")]
    letter = replace(LINK, inline={"qr": picture()}, attachments=files, calendar=Calendar(EVENT))
    got = read(made(letter).content)
    assert got.get_content_type() == "multipart/mixed"
    first, file = got.iter_parts()
    assert (file.get_filename(), file.get_content()) == ("Ticket.pdf", b"%PDF-1.7")
    text, related, calendar = first.iter_parts()
    assert text.get_content_type() == "text/plain"
    html, image = related.iter_parts()
    assert (html.get_content_type(), image.get_content_type()) == ("text/html", "image/png")
    assert image["Content-ID"] == f"<qr@{OWED.id}.usher>"
    assert image.get_content() == picture()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar["Content-Type"].params["method"] == "PUBLISH"
    assert calendar.get_content() == EVENT


def test_every_line_can_be_carried_by_every_server() -> None:
    content = made(language="ar", organization="ä" * 300, name="名" * 300).content
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) < 998


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_name_makes_a_header_or_another_recipient(name: str, organization: str) -> None:
    name, organization = (text.encode("utf-8", "replace").decode() for text in (name, organization))
    got = read(made(name=name, organization=organization).content)
    assert sorted(got.keys()) == sorted(read(made().content).keys())
    assert [address.addr_spec for address in got["To"].addresses] == ["ada@example.com"]
    assert [address.addr_spec for address in got["From"].addresses] == [SENDER.address]


@pytest.mark.parametrize(
    "name", ["Ada\r\nBcc: eve@example.com", "Ada\nBcc: eve@example.com", "A\u2028Bcc: e@x.y"]
)
def test_a_line_break_in_a_name_is_a_space(name: str) -> None:
    got = read(made(name=name, organization=name).content)
    assert got["Bcc"] is None
    assert got["To"].addresses[0].display_name == " ".join(name.split())
    assert "\n" not in got["Subject"]


@pytest.mark.parametrize(
    ("typed", "travels"),
    [("ada@example.com", "ada@example.com"), ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
     ("straße@straße.example", "straße@xn--strae-oqa.example"),
     ("o'hara+x@example.com", "o'hara+x@example.com"),
     ("usher@localhost", "usher@localhost"), ("用户@例え.example", "用户@xn--r8jz45g.example")],
)  # fmt: skip
def test_an_address_travels_with_its_domain_in_ascii(typed: str, travels: str) -> None:
    assert travelling(typed) == travels
    got = made(to=typed)
    assert got.recipient == travels
    assert got.international == (not travels.isascii())
    assert travels.encode() in got.content


@pytest.mark.parametrize(
    "address",
    ["", "ada", "@example.com", "ada@", "a b@example.com", "ada@exa mple.com", "ada@example.com\nBcc: e@x.y",
     "a\r\n@example.com", "ada@x.com,eve@x.com", "<ada@x.com>", "a..b@x.com",
     "ada@" + "x" * 300, "ada@-x.com"],
)  # fmt: skip
def test_what_is_no_address_gets_no_mail(address: str) -> None:
    with pytest.raises(Unaddressable):
        made(to=address)


def test_a_sender_has_a_name_of_its_own_or_the_organisations() -> None:
    assert Sender.of("a@x.example") == Sender("a@x.example")
    own = Sender.of("Box office <a@x.example>")
    assert read(made(sender=own).content)["From"] == "Box office <a@x.example>"
    with pytest.raises(Unaddressable):
        Sender.of("nobody")
