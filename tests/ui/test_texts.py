"""Every key that the program uses has words, and no words are left that nothing uses."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from domain.admission import Reason
from domain.queue import Event, State
from domain.service_point import Opening
from domain.sync import Kind
from domain.ticket import TicketState
from kiosk.ui.desk_views import CounterState
from kiosk.ui.resources import path
from kiosk.ui.setup_views import Begin, Face, SetupStep, Theme
from kiosk.ui.views import Health, VerdictKind

ROOT = Path(__file__).parents[2]
TEXTS: dict[str, str] = orjson.loads(path("texts/en.json").read_bytes())
FORMS = ("one", "other")
KEY = re.compile(r"[a-z_]+(\.[a-z_]+)+")
HOLE = re.compile(r"\{.*?\}")

_said = [*Reason, *(kind for kind in VerdictKind if kind is not VerdictKind.REFUSED)]
_called = (State.CALLED, State.SERVING)
_sections = ("waiting", "called", "serving", "held", "missed")
COMPOSED: dict[str, Iterable[str]] = {
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
    "menu.{}": ("camera", "sound", "theme", "text_size", "language"),
    "menu.about.{}": ("device", "organization", "server", "version"),
    "menu.face.{}": Face,
    "menu.face.{}.words": Face,
    "menu.kind.{}": Kind,
    "menu.sound.{}": ("on", "off"),
    "menu.theme.{}": Theme,
    "notice.{}.body": ("double", "late", "conflict", "rejected", "renumbered"),
    "notice.{}.title": ("double", "late", "conflict", "rejected", "renumbered"),
    "setup.{}": ("server", "code"),
    "setup.{}.how": ("organization", "begin", "pin", "again"),
    "setup.{}.title": ("organization", "begin", "pin", "again"),
    "setup.begin.{}": Begin,
    "setup.begin.{}.example": Begin,
    "setup.begin.{}.name": Begin,
    "setup.doing.{}": SetupStep,
    "setup.step.{}": ("done", "now", "later"),
    "status.camera.{}": (Health.ABSENT, Health.TROUBLE),
    "ticket.{}": TicketState,
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


def test_no_words_are_empty_or_end_in_a_blank() -> None:
    assert [key for key, words in TEXTS.items() if words != words.strip() or not words] == []
