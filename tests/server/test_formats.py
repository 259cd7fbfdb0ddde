"""Numbers, money and times as each language writes them."""

import pytest

from domain.clock import DAY, HOUR, Instant
from server import formats
from server.texts import LANGUAGES

NOON = Instant(1_778_414_400_000)
"""2026-05-10T12:00:00Z, a Sunday."""


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [(123_450, "EUR", "en", "€1,234.50"), (123_450, "EUR", "de", "1.234,50\xa0€"),
     (5, "EUR", "en", "€0.05"), (0, "USD", "es", "0,00\xa0US$"), (1_500, "JPY", "en", "JP¥1,500"),
     (12_345, "KWD", "en", "KWD12.345"), (10**12, "EUR", "fr", "10\u202f000\u202f000\u202f000,00\xa0€")],
)  # fmt: skip
def test_money_is_written_with_the_minor_units_of_its_currency(
    amount: int, currency: str, language: str, written: str
) -> None:
    assert formats.money(amount, currency, language).replace("\xa0JP", "JP") == written


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "Sunday, 10 May 2026, 14:00"), ("de", "Sonntag, 10. Mai 2026, 14:00"),
     ("es", "domingo, 10 de mayo de 2026, 14:00"), ("fr", "dimanche 10 mai 2026, 14:00"),
     ("id", "Minggu, 10 Mei 2026, 14.00")],
)  # fmt: skip
def test_a_moment_is_told_in_the_zone_of_the_place(language: str, written: str) -> None:
    assert formats.moment(NOON, "Europe/Berlin", language) == written


def test_a_span_names_its_day_once() -> None:
    ends = Instant(NOON + 2 * HOUR)
    assert formats.span(NOON, ends, "UTC", "en") == "Sunday, 10 May 2026, 12:00 – 14:00"


def test_a_span_over_several_days_is_told_in_short_with_a_year_where_it_is_needed() -> None:
    overnight = formats.span(NOON, Instant(NOON + 13 * HOUR), "UTC", "en")
    assert overnight == "Sun 10 May, 12:00 – Mon, 11 May 2026, 01:00"
    winter = formats.span(NOON, Instant(NOON + 240 * DAY), "UTC", "en")
    assert winter == "Sun, 10 May 2026, 12:00 – Tue, 5 Jan 2027, 12:00"


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "Sun 10 May, 14:00"), ("de", "So., 10. Mai, 14:00"), ("ar", "الأحد، 10 مايو، 2:00 م")],
)
def test_a_short_moment_leaves_the_year_away(language: str, written: str) -> None:
    assert formats.short_moment(NOON, "Europe/Berlin", language) == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_of_ours_is_known(language: str) -> None:
    assert formats.short_date(NOON, "UTC", language)
    assert formats.number(1_000, language)
    assert formats.is_right_to_left(language) == (language == "ar")
