"""Settings of the kiosk."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from kiosk import config
from kiosk.config import Config


def test_every_setting_has_a_default_and_says_what_it_is_for() -> None:
    for name, field in Config.model_fields.items():
        assert field.description, name
        assert not field.is_required(), name


def test_what_is_given_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("USHER_KIOSK_DATA", str(tmp_path / "env"))
    monkeypatch.setenv("USHER_KIOSK_DEADLINE", "400")
    assert config.read().data == tmp_path / "env"
    read = config.read(data=tmp_path / "given", theme=None)
    assert (read.data, read.deadline, read.theme) == (tmp_path / "given", 400, "auto")


def test_settings_do_not_change_while_the_kiosk_runs() -> None:
    with pytest.raises(ValidationError):
        config.read().__setattr__("deadline", 1)


@pytest.mark.parametrize("wrong", [{"deadline": 1}, {"theme": "pink"}, {"port": 99_999}, {"text_size": 10}])
def test_a_setting_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        config.read(**wrong)
