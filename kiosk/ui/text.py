"""Words in the language of the reader, from `resources/texts`; English where a language lacks one."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache

import orjson
from PySide6.QtCore import QDate, QLocale, QTime

from kiosk.ui import plural
from kiosk.ui.resources import path

FALLBACK = "en"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
# English by itself would count hours to twelve; staff read one clock.
_REGION = {"en": "en_GB"}
# ISO 4217, minor units other than two.
_NO_MINOR = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"}
    | {"XAF", "XOF", "XPF"}
)
_THREE_MINOR = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])

_language = FALLBACK


def language() -> str:
    return _language


def set_language(tag: str) -> None:
    """What is shown from now on; pages that stand are built anew. A tag as `de` or `pt-BR`."""
    global _language
    _language = tag


def is_right_to_left(tag: str) -> bool:
    return tag.split("-")[0] in RIGHT_TO_LEFT


def languages() -> tuple[str, ...]:
    """The languages that have a text file, English first."""
    tags = sorted(file.stem for file in path("texts").glob("*.json"))
    return (FALLBACK, *(tag for tag in tags if tag != FALLBACK))


def own_name(tag: str) -> str:
    """A language's name in itself, such as Deutsch."""
    return texts(tag).get("language.name", tag)


def text(key: str, **params: object) -> str:
    """The words of a key with `{name}` filled in; the key itself where no language has it.

    With `count`, `key.one`, `key.other` or another form of the language where there are such; a whole
    number is written in the language's form.
    """
    return said(_language, key, **params)


def said(tag: str, key: str, **params: object) -> str:
    """The same in another language than the one that is shown."""
    template = _template(tag, key, params.get("count"))
    for name, value in params.items():
        template = template.replace("{" + name + "}", number(value) if type(value) is int else str(value))
    return template


def trouble(code: str, detail: str) -> str:
    """What to do about a problem of that code: in words of ours where there are any, else as it came."""
    words = text(f"problem.{code}")
    return detail if words.startswith("problem.") else words


def number(value: int) -> str:
    """`1,234`, as the language writes it."""
    return locale().toString(value)


def digits(written: str) -> str:
    """The same with the language's own digits."""
    zero = ord(locale().zeroDigit())
    return written.translate({ord("0") + each: zero + each for each in range(10)})


def clock(at: datetime) -> str:
    """Hours and minutes."""
    return locale().toString(QTime(at.hour, at.minute), QLocale.FormatType.ShortFormat)


def moment(at: datetime) -> str:
    """Its day, and hours and minutes."""
    return text("moment", day=day(at), time=clock(at))


def day(at: datetime) -> str:
    """A day of the weeks around, such as `Mon 11 May`."""
    return locale().toString(QDate(at.year, at.month, at.day), text("moment.day"))


def money(minor: int, currency: str) -> str:
    """An amount in minor units of an ISO 4217 currency, with its sign, or its code if that is unknown."""
    digits = _minor_digits(currency)
    sign = _SIGNS.get(currency, f"{currency}{_APART}")
    written = locale().toCurrencyString(minor / 10**digits, sign, digits)
    return written.replace(_APART * 2, _APART).strip()


def amount(typed: str, currency: str) -> int | None:
    """What a person typed as an amount of a currency, in minor units: `12`, `12.5`, `12,50`, `1.250,00 €`;
    None where that is no amount."""
    plain = typed.strip()
    for mark in (currency, _SIGNS.get(currency, currency).strip()):
        plain = plain.removeprefix(mark).removesuffix(mark).strip()
    digits = _minor_digits(currency)
    minor = rf"(?:(?!(?P=apart))[.,٫](?P<minor>\d{{1,{digits}}}))?" if digits else "(?P<minor>(?!))?"
    found = re.fullmatch(rf"(?P<whole>{_WHOLE}){minor}", plain)
    if found is None:
        return None
    return int(re.sub(r"\D", "", found["whole"]) + (found["minor"] or "").ljust(digits, "0"))


def whole(typed: str) -> int | None:
    """What a person typed as a whole number, in the digits of any script."""
    plain = typed.strip()
    return int(plain) if plain.isdecimal() else None


def joined(parts: Iterable[str]) -> str:
    """Facts in one line, the empty ones left out."""
    return " · ".join(part for part in parts if part)


def locale() -> QLocale:
    return QLocale(_REGION.get(_language, _language.replace("-", "_")))


def _minor_digits(currency: str) -> int:
    return 0 if currency in _NO_MINOR else 3 if currency in _THREE_MINOR else 2


_WHOLE = r"\d+|\d{1,3}(?:(?P<apart>[.,٬'’ \u00a0\u202f])\d{3})(?:(?P=apart)\d{3})*"
"""Digits, with thousands set apart in one way or not at all."""
_APART = "\u00a0"
"""A space at which no line breaks."""
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "IDR": f"Rp{_APART}"}


def _template(tag: str, key: str, count: object) -> str:
    known = texts(tag)
    if isinstance(count, int):
        own = f"{key}.{plural.form(tag, count)}"
        return known.get(own) or known.get(f"{key}.other") or known.get(key, key)
    return known.get(key, key)


@cache
def texts(tag: str) -> dict[str, str]:
    """All texts of a language, the English ones where it lacks some."""
    own: dict[str, str] = {}
    for part in dict.fromkeys((tag.split("-")[0], tag)):
        file = path(f"texts/{part}.json")
        if file.is_file():
            own.update(orjson.loads(file.read_bytes()))
    return own if tag == FALLBACK else {**texts(FALLBACK), **own}
