"""Announcements: every voice keeps the promises of the port, and none of them is lost or comes too early."""

import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest

from domain.clock import Instant
from kiosk.desk.board import Call
from kiosk.devices.announcer import Announcer
from kiosk.devices.sound import SilentSound
from kiosk.devices.voice import EspeakVoice, NoVoice, Voice
from kiosk.qt.line_shown import announcement


def program(folder: Path, script: str) -> str:
    """A program that stands in for espeak-ng."""
    path = folder / "espeak-ng"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def heard(folder: Path) -> EspeakVoice:
    """It writes down how it was called and what it was given to say."""
    return EspeakVoice(program(folder, f'{{ echo "$@"; cat; echo; }} >> {folder}/heard'))


VOICES: dict[str, Callable[[Path], Voice]] = {
    "none": lambda _: NoVoice(),
    "espeak": heard,
    "failing": lambda folder: EspeakVoice(program(folder, "exit 1")),
    "gone": lambda folder: EspeakVoice(str(folder / "no such program")),
}


@pytest.mark.parametrize("name", VOICES)
def test_no_voice_raises_whatever_it_is_to_say(tmp_path: Path, name: str) -> None:
    voice = VOICES[name](tmp_path)
    for words in ("A 0 1 2", "", "Đorđe, bitte zu “Schalter” --stdin", "تفضّل\n"):
        voice.say(words, "de")


def test_what_is_absent_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not EspeakVoice().present
    assert not NoVoice().present
    program(tmp_path, "")
    assert EspeakVoice().present


def test_words_are_said_in_their_language_and_never_taken_for_options(tmp_path: Path) -> None:
    heard(tmp_path).say("--version", "pt-BR")
    assert (tmp_path / "heard").read_text().splitlines() == ["-v pt-br -s 140 --stdin", "--version"]


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="this computer has no voice")
def test_the_real_program_takes_what_it_is_given() -> None:
    EspeakVoice().say("", "de")


class SlowVoice(NoVoice):
    """Speaks until it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.goes_on = Event(), Event()

    def say(self, words: str, language: str) -> None:
        self.begun.set()
        self.goes_on.wait(10)
        super().say(words, language)
        self.begun.clear()


def test_announcements_come_one_after_the_other_and_none_is_dropped() -> None:
    sound, voice = SilentSound(), SlowVoice()
    announcer = Announcer(sound, voice)
    many = [[(f"number {n}", "en"), (f"Nummer {n}", "de")] for n in range(50)]
    announcer.announce(many[0])
    assert voice.begun.wait(10)
    for words in many[1:]:
        announcer.announce(words)
    assert sound.played == ["chime"]
    assert voice.said == []
    voice.goes_on.set()
    late = monotonic() + 10
    while len(voice.said) < 100 and monotonic() < late:
        sleep(0.01)
    assert voice.said == [each for words in many for each in words]
    assert sound.played == ["chime"] * 50


@pytest.mark.parametrize(
    ("call", "language", "words"),
    [
        (Call("e", "A012", "Desk 2", Instant(0)), "en", "Number A 0 1 2, please go to Desk 2."),
        (Call("e", "A012", "Schalter 2", Instant(0)), "de", "Nummer A 0 1 2, bitte zu Schalter 2."),
        (Call("e", "A012", "", Instant(0)), "fr", "Numéro A 0 1 2, s'il vous plaît."),
        (Call("e", "A012", "Desk 2", Instant(0), name="Ada"), "en", "Ada, please go to Desk 2."),
    ],
)
def test_a_call_is_said_sign_by_sign_or_by_the_name_that_was_chosen(
    call: Call, language: str, words: str
) -> None:
    assert announcement(call, language) == words
