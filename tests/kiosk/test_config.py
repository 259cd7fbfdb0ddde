"""Settings of the kiosk."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from domain.errors import Invalid
from kiosk import config
from kiosk.config import ENTRIES, Config, read


def test_every_setting_has_a_default_and_says_what_it_is_for() -> None:
    assert {entry.name for entry in ENTRIES} == {entry.name for entry in fields(Config)} - {"given"}
    assert all(entry.metadata["words"].endswith(".") for entry in ENTRIES)
    assert read().given == frozenset()


def test_what_is_given_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("USHER_KIOSK_DATA", str(tmp_path / "env"))
    monkeypatch.setenv("USHER_KIOSK_DEADLINE", "400")
    assert config.read().data == tmp_path / "env"
    read = config.read(data=tmp_path / "given", theme=None)
    assert (read.data, read.deadline, read.theme) == (tmp_path / "given", 400, "auto")


def test_settings_do_not_change_while_the_kiosk_runs() -> None:
    with pytest.raises(FrozenInstanceError):
        config.read().__setattr__("deadline", 1)


@pytest.mark.parametrize(
    "wrong", [{"deadline": 1}, {"theme": "pink"}, {"port": 99_999}, {"port": 0}, {"text_size": 10}]
)
def test_a_setting_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid, match=next(iter(wrong))):
        config.read(**wrong)


def test_the_environment_says_yes_and_no_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USHER_KIOSK_SOUND", "off")
    monkeypatch.setenv("USHER_KIOSK_FULLSCREEN", "True")
    found = config.read(announce="de, en,")
    assert (found.sound, found.fullscreen, found.announced) == (False, True, ("de", "en"))
    assert found.given == {"sound", "fullscreen", "announce"}
    monkeypatch.setenv("USHER_KIOSK_SOUND", "perhaps")
    with pytest.raises(Invalid, match="sound is to be yes or no"):
        config.read()
