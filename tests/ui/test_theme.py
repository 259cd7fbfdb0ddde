"""The look: every text can be read on its ground, in both themes."""

import pytest

from kiosk.ui import text
from kiosk.ui.theme import DARK, LIGHT, READABLE, TOKEN_NAMES, TOUCH, VISIBLE, Tokens


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", READABLE, ids="-on-".join)
def test_text_has_a_contrast_of_four_and_a_half(tokens: Tokens, pair: tuple[str, str]) -> None:
    assert contrast(*(getattr(tokens, name) for name in pair)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", VISIBLE, ids="-on-".join)
def test_edges_and_the_focus_have_a_contrast_of_three(tokens: Tokens, pair: tuple[str, str]) -> None:
    assert contrast(*(getattr(tokens, name) for name in pair)) >= 3


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
