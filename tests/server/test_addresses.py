"""Addresses as people type them: in one form, and none to which no mail could go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.addresses import Unaddressable, travelling, typed

_LONG = ".".join(["d" * 60] * 3) + ".com"


@pytest.mark.parametrize(
    "text",
    [
        '"a b"@example.com',
        "a(comment)@example.com",
        "Bob <b@example.com>",
        "a@example.com.",
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com,b@example.com",
        "a@b@example.com",
        "a@[127.0.0.1]",
        "a\u200b@example.com",
        "x" * 65 + "@example.com",
        "x" * 64 + "@" + _LONG + "mmmm",
        "",
    ],
)
def test_what_no_mail_can_reach_is_no_address(text: str) -> None:
    with pytest.raises(Unaddressable):
        typed(text)


_LOCAL = st.text("aZ.+-_'!ä\u0130\u00df\u0430%", min_size=1, max_size=70)


@given(_LOCAL, st.sampled_from(["example.com", "MÜNCHEN.de", "xn--mnchen-3ya.de", "例え.テスト", _LONG]))
def test_whatever_is_an_address_has_one_form_and_mails_can_go_there(local: str, domain: str) -> None:
    try:
        address = typed(f" {local}@{domain} ")
    except Unaddressable:
        return
    assert typed(address) == address
    assert travelling(address)
