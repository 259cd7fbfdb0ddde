"""Numbers, money and times as a language of `server.texts` writes them, from the Unicode CLDR."""

from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision

from domain import clock
from domain.clock import Instant

# English by itself would count hours to twelve and put the month first.
_REGION = {"en": "en_GB"}


def is_right_to_left(language: str) -> bool:
    return _locale(language).text_direction == "rtl"


def plural(count: int, language: str) -> str:
    """The form of a noun that goes with a number: zero, one, two, few, many or other."""
    return _locale(language).plural_form(count)


def number(value: int, language: str) -> str:
    return format_decimal(value, locale=_locale(language))


def minor_digits(currency: str) -> int:
    """How many digits an ISO 4217 currency has after the point."""
    return get_currency_precision(currency)


def money(amount: int, currency: str, language: str) -> str:
    """An amount in minor units of an ISO 4217 currency."""
    exact = Decimal(amount).scaleb(-minor_digits(currency))
    return format_currency(exact, currency, locale=_locale(language))


def date(at: Instant, zone: str, language: str) -> str:
    """`Sunday, 10 May 2026`."""
    return format_date(clock.local(at, clock.zone(zone)), "full", _locale(language))


def short_date(at: Instant, zone: str, language: str) -> str:
    """`Sun, 10 May`."""
    return format_skeleton("MMMEd", clock.local(at, clock.zone(zone)), locale=_locale(language))


def time(at: Instant, zone: str, language: str) -> str:
    """`14:00`."""
    return format_time(clock.local(at, clock.zone(zone)), "short", locale=_locale(language))


def moment(at: Instant, zone: str, language: str) -> str:
    """`Sunday, 10 May 2026, 14:00`."""
    return _joined(date(at, zone, language), time(at, zone, language), language)


def short_moment(at: Instant, zone: str, language: str) -> str:
    """`Sun 10 May, 14:00`."""
    return _joined(short_date(at, zone, language), time(at, zone, language), language)


def span(starts: Instant, ends: Instant, zone: str, language: str) -> str:
    """`Sunday, 10 May 2026, 14:00 – 16:00`; over midnight `Sun 10 May, 14:00 – Mon, 11 May 2026, 02:00`."""
    where = clock.zone(zone)
    first, last = clock.local_day(starts, where), clock.local_day(ends, where)
    if first == last:
        hours = f"{time(starts, zone, language)} – {time(ends, zone, language)}"
        return _joined(date(starts, zone, language), hours, language)
    dated = short_date if first[:4] == last[:4] else _dated
    since = _joined(dated(starts, zone, language), time(starts, zone, language), language)
    return f"{since} – {_joined(_dated(ends, zone, language), time(ends, zone, language), language)}"


def _dated(at: Instant, zone: str, language: str) -> str:
    """`Sun, 10 May 2026`."""
    return format_skeleton("yMMMEd", clock.local(at, clock.zone(zone)), locale=_locale(language))


def _joined(day: str, hours: str, language: str) -> str:
    comma = "، " if _locale(language).language == "ar" else ", "
    return f"{day}{comma}{hours}"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_REGION.get(language, language))
