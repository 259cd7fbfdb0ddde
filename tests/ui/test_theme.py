"""The look: every text can be read on its ground, in both themes."""

import pytest

from kiosk.ui import text
from kiosk.ui.theme import DARK, LIGHT, READABLE, TOKEN_NAMES, TOUCH, VISIBLE, Tokens
from tests.ui.contrast import contrast


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(READABLE, 4.5), (VISIBLE, 3)], ids=["texts", "edges"])
def test_what_is_to_be_read_stands_out_from_its_ground(
    tokens: Tokens, pairs: tuple[tuple[str, str], ...], least: float
) -> None:
    poor = [pair for pair in pairs if contrast(*(getattr(tokens, name) for name in pair)) < least]
    assert poor == []


def test_every_token_is_a_colour_in_both_themes() -> None:
    for tokens in (LIGHT, DARK):
        assert all(len(getattr(tokens, name)) == 7 for name in TOKEN_NAMES)


def test_what_a_gloved_finger_presses_is_large() -> None:
    assert TOUCH >= 48


def test_plurals_and_placeholders_are_filled_in() -> None:
    assert text.text("status.offline_backlog", count=1) == "Offline · 1 scan to send"
    assert text.text("status.offline_backlog", count=1200) == "Offline · 1,200 scans to send"
    assert text.text("no.such.key") == "no.such.key"


def test_money_stands_in_the_currency_s_own_form() -> None:
    assert text.money(4500, "EUR") == "€45.00"
    assert text.money(500, "JPY") == "¥500"
