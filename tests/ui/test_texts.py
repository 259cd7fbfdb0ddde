"""Every key that the program uses has words, and no words are left that nothing uses."""

import ast
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.admission import Reason
from domain.queue import Event, State
from domain.reservation import State as Booked
from domain.service_point import Opening, Refusal
from domain.service_request import State as Repair
from domain.sync import Kind
from domain.ticket import TicketState
from kiosk.ui import plural, spans, text
from kiosk.ui.desk_views import CounterState
from kiosk.ui.resources import path
from kiosk.ui.setup_views import Begin, Face, SetupStep, Theme
from kiosk.ui.views import Health, VerdictKind

ROOT = Path(__file__).parents[2]
TEXTS: dict[str, str] = orjson.loads(path("texts/en.json").read_bytes())
FORMS = ("one", "other")
KEY = re.compile(r"[a-z_]+(\.[a-z_]+)+")
HOLE = re.compile(r"\{.*?\}")


def own(language: str) -> dict[str, str]:
    """The texts of a language, without what English lends it."""
    return dict(orjson.loads(path(f"texts/{language}.json").read_bytes()))


_said = [*Reason, *(kind for kind in VerdictKind if kind is not VerdictKind.REFUSED)]
_called = (State.CALLED, State.SERVING)
_noticed = ("double", "late", "conflict", "rejected", "renumbered", "price", "beyond")
_sections = ("waiting", "called", "serving", "held", "missed")
COMPOSED: dict[str, Iterable[str]] = {
    "booking.{}": ("name", "phone", "email"),
    "booking.state.{}": Booked,
    "camera.{}": ("none", "missing", "busy", "stopped"),
    "costs.{}": (
        *("part", "part.text", "part.sku", "part.quantity", "part.price"),
        *("labour", "labour.text", "labour.minutes", "labour.billable", "labour.rate"),
    ),
    "desk.counter.{}": CounterState,
    "desk.done.{}": Event,
    "desk.event.{}": Event,
    "desk.faster.{}": State,
    "desk.faster.{}_at": _called,
    "desk.opening.{}": Opening,
    "desk.section.{}": _sections,
    "desk.section.{}.empty": _sections,
    "desk.state.{}": State,
    "display.{}": Opening,
    "display.{}.turns": Opening,
    "display.{}.turns.day": Opening,
    "menu.{}": ("camera", "sound", "theme", "text_size", "language", "pin"),
    "menu.about.{}": ("device", "organization", "server", "version"),
    "menu.face.{}": Face,
    "menu.face.{}.words": Face,
    "menu.kind.{}": Kind,
    "menu.sound.{}": ("on", "off"),
    "menu.theme.{}": Theme,
    "notice.{}.body": _noticed,
    "notice.{}.title": _noticed,
    "order.{}": ("pending", "paid", "confirmed", "expired", "cancelled", "refunded"),
    "problem.{}": (
        *("till_offline", "till_unsure", "not_today", "slot_taken", "wrong_transition"),
        *(f"booking_{what}" for what in ("offline", "unsure", "unknown", "pending", "cancelled", "over")),
        "booking_moved_on",
        *(f"request_{what}" for what in ("offline", "unsure", "unknown", "not_changed")),
        *("photo_offline", "stale_version", "approval_missing", "approval_not_asked"),
        *(f"estimate_{what}" for what in ("missing", "changed", "decided", "expired")),
        *("unreachable", "device_revoked", "no_copy", "no_list", "copy_damaged", "server_missing"),
        *("storage_full", "storage_failed"),
        *(f"pairing_code_{what}" for what in ("missing", "unknown", "expired")),
    ),
    "request.field.{}": (
        *("type", "brand", "model", "serial", "name", "phone", "email"),
        *("problem", "condition", "accessories"),
    ),
    "request.state.{}": Repair,
    "sale.{}": ("cash", "card"),
    "sale.{}.amount": ("cash", "card"),
    "sale.back.{}": ("cash", "card", "free"),
    "setup.{}": ("server", "code"),
    "setup.{}.how": ("organization", "begin"),
    "setup.{}.title": ("organization", "begin"),
    "setup.begin.{}": Begin,
    "setup.begin.{}.example": Begin,
    "setup.begin.{}.name": Begin,
    "setup.doing.{}": SetupStep,
    "setup.step.{}": ("done", "now", "later"),
    "status.camera.{}": (Health.ABSENT, Health.TROUBLE),
    "ticket.{}": TicketState,
    "welcome.{}": ("name", "phone", "email"),
    "welcome.refused.{}": Refusal,
    "verdict.{}.sentence": _said,
    "verdict.{}.title": _said,
}
"""Keys that are put together at run time, and all that may fill the hole."""


def keys() -> Iterator[tuple[str, str]]:
    """Each key in the sources with the file where it stands; `{}` where something is filled in."""
    files = [
        *(ROOT / "kiosk").rglob("*.py"),
        ROOT / "domain/wording.py",
        ROOT / "server/admission/answers.py",
    ]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name("text") | ast.Attribute(attr="text"), args=[first, *_]):
                    yield from ((key, file.name) for key in _within(first))
                case ast.Constant(str(word)) if _known(word):
                    yield word, file.name


def _within(node: ast.expr) -> Iterator[str]:
    """A literal key, or both of `one if so else other`."""
    match node:
        case ast.JoinedStr(parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.IfExp(_, one, other):
            yield from (*_within(one), *_within(other))
        case ast.Constant(str(key)) if KEY.fullmatch(key):
            yield key


def _known(word: str) -> bool:
    return word in TEXTS or any(f"{word}.{form}" in TEXTS for form in FORMS)


USED = sorted({key for key, _ in keys()})
WANTED = sorted(
    {key for key in USED if "{}" not in key}
    | {pattern.replace("{}", fill) for pattern, fills in COMPOSED.items() for fill in fills}
)


def test_every_key_that_is_used_has_words() -> None:
    assert [key for key in WANTED if not _known(key)] == []


def test_every_composed_key_is_told_here() -> None:
    assert {key for key in USED if "{}" in key} == set(COMPOSED)


def test_no_words_are_left_that_nothing_uses() -> None:
    forms = {f"{key}.{form}" for key in WANTED for form in FORMS}
    assert sorted(set(TEXTS) - set(WANTED) - forms) == []


def test_what_is_counted_has_both_forms_with_the_same_places_to_fill() -> None:
    for stem in sorted({key.removesuffix(".one") for key in TEXTS if key.endswith(".one")}):
        assert f"{stem}.other" in TEXTS, stem
        one, other = (set(HOLE.findall(TEXTS[f"{stem}.{form}"])) for form in FORMS)
        assert one <= other, stem


@pytest.mark.parametrize("language", text.languages())
def test_no_words_are_empty_or_end_in_a_blank(language: str) -> None:
    assert [key for key, words in own(language).items() if words != words.strip() or not words] == []


@pytest.mark.parametrize("language", text.languages())
def test_every_language_has_every_text_with_the_same_places_to_fill(language: str) -> None:
    texts = own(language)
    stems = {key.removesuffix(".other") for key in TEXTS if key.endswith(".other")}
    forms = {f"{stem}.{form}" for stem in stems for form in plural.FORMS}
    assert set(TEXTS) - set(texts) == set()
    assert set(texts) - set(TEXTS) - forms == set()
    for key, words in texts.items():
        stem, _, form = key.rpartition(".")
        filled = set(HOLE.findall(TEXTS.get(key, TEXTS.get(f"{stem}.other", ""))))
        # A form for one number alone may write the number as a word.
        alone = key in forms and form in ("one", "two")
        assert set(HOLE.findall(words)) in ((filled, filled - {"{count}"}) if alone else (filled,)), key


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["0 people ahead", "1 person ahead", "2 people ahead", "1,200 people ahead"]),
        ("de", ["0 Personen davor", "1 Person davor", "2 Personen davor", "1.200 Personen davor"]),
        ("es", ["0 personas delante", "1 persona delante", "2 personas delante", "1200 personas delante"]),
        (
            "fr",
            ["0 personne devant", "1 personne devant", "2 personnes devant", "1\u202f200 personnes devant"],
        ),
        ("id", ["0 orang di depan", "1 orang di depan", "2 orang di depan", "1.200 orang di depan"]),
        ("ar", ["٠ شخص قبله", "شخص واحد قبله", "شخصان قبله", "١٬٢٠٠ شخص قبله"]),
    ],
)
def test_numbers_and_the_words_beside_them_are_in_the_language_s_form(language: str, said: list[str]) -> None:
    text.set_language(language)
    assert [text.text("desk.joined.ahead", count=count) for count in (0, 1, 2, 1200)] == said


def test_arabic_tells_few_and_many_apart() -> None:
    text.set_language("ar")
    assert text.text("display.people", count=7) == "٧ أشخاص"
    assert text.text("display.people", count=11) == "١١ شخصًا"
    assert text.text("display.people", count=103) == "١٠٣ أشخاص"


@pytest.mark.parametrize(
    ("language", "time", "left", "price"),
    [
        ("en", "18:05", "1:05", "€45.00"),
        ("de", "18:05", "1:05", "45,00\u00a0€"),
        ("id", "18.05", "1:05", "€45,00"),
        ("ar", "٦:٠٥ م", "١:٠٥", "\u200f٤٥٫٠٠\u00a0€"),
    ],
)
def test_times_and_money_are_in_the_language_s_form(language: str, time: str, left: str, price: str) -> None:
    text.set_language(language)
    at = datetime(2026, 5, 11, 18, 5)  # noqa: DTZ001  # local to the event
    assert (text.clock(at), spans.countdown(65_000), text.money(4500, "EUR")) == (time, left, price)


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        *(("12", "EUR", 1200), ("12.5", "EUR", 1250), (" 12,50 ", "EUR", 1250), ("0,05", "EUR", 5)),
        *(("12,50 €", "EUR", 1250), ("EUR 12", "EUR", 1200), ("$12.50", "USD", 1250)),
        *(("1.250", "EUR", 125_000), ("1,250.50", "EUR", 125_050), ("1 250 000,5", "EUR", 125_000_050)),
        *(("1250", "JPY", 1250), ("1,250", "JPY", 1250), ("1.25", "KWD", 1250), ("1.250", "KWD", 1250)),
        *(("١٢٫٥", "EUR", 1250), ("1'250.5", "CHF", 125_050)),
    ],
)
def test_an_amount_may_be_typed_in_many_ways(typed: str, currency: str, minor: int) -> None:
    assert text.amount(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        *(("", "EUR"), ("twelve", "EUR"), ("12 or so", "EUR"), ("-5", "EUR"), ("12 5", "EUR")),
        *(("12.345,6", "JPY"), ("12.5", "JPY"), ("12,3456", "EUR"), ("1.2.3", "EUR"), ("€", "EUR")),
        *(("12,50 $", "EUR"), ("1.250.5", "EUR"), ("1,25,000", "EUR")),
    ],
)
def test_what_is_no_amount_is_not_guessed(typed: str, currency: str) -> None:
    assert text.amount(typed, currency) is None


@given(minor=st.integers(0, 10**9), currency=st.sampled_from(["EUR", "USD", "GBP", "JPY", "KWD", "CHF"]))
def test_an_amount_can_be_typed_as_it_is_shown(minor: int, currency: str) -> None:
    for language in ("en", "de", "es", "fr", "id"):
        text.set_language(language)
        assert text.amount(text.money(minor, currency), currency) == minor


def test_whole_numbers_may_be_in_the_digits_of_any_script() -> None:
    assert [text.whole(typed) for typed in ("12", " 7 ", "١٢", "1.5", "-3", "", "two")] == [
        *(12, 7, 12),
        *(None, None, None, None),
    ]


def test_each_language_is_named_in_itself() -> None:
    names = [text.own_name(tag) for tag in text.languages()]
    assert names == ["English", "العربية", "Deutsch", "Español", "Français", "Bahasa Indonesia"]
