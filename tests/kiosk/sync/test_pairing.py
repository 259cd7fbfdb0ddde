"""What an administrator shows, read."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from kiosk.sync.pairing import Invitation, invitation


def test_a_scanned_invitation_names_server_and_code() -> None:
    text = "usher://pair?server=https%3A%2F%2Ftickets.example.org%2F&code=ABCD-EFGH"
    assert invitation(text) == Invitation("https://tickets.example.org", "ABCD-EFGH")


def test_a_typed_code_goes_to_the_server_that_was_typed() -> None:
    assert invitation(" abcd-efgh\n", "http://10.0.0.5:8750/") == Invitation(
        "http://10.0.0.5:8750", "ABCD-EFGH"
    )


@pytest.mark.parametrize(
    ("text", "server", "missing"),
    [
        ("", "https://x.org", "pairing code"),
        ("ABCD-EFGH", "", "server's address"),
        ("ABCD-EFGH", "tickets.example.org", "server's address"),
        ("usher://pair?server=https://x.org", "", "pairing code"),
        ("usher://pair?code=ABCD", "", "server's address"),
    ],
)
def test_what_is_missing_is_said(text: str, server: str, missing: str) -> None:
    with pytest.raises(Invalid, match=missing):
        invitation(text, server)


@given(st.text(), st.text() | st.just("http://["))
def test_any_text_is_an_invitation_or_says_what_is_missing(text: str, server: str) -> None:
    with suppress(Invalid):
        assert invitation(text, server).code


@given(st.text(alphabet="[]?&=%/:@#aé").map("usher://".__add__))
def test_any_picture_that_begins_like_an_invitation_is_read(text: str) -> None:
    with suppress(Invalid):
        assert invitation(text).server
