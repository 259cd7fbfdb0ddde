"""What the README says is so: its commands, its settings, its pictures."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from kiosk.config import ENTRIES, PREFIX
from launch import app
from server.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_every_command_is_told_and_no_other() -> None:
    table = README.partition("## Commands")[2].partition("## Settings")[0]
    commands = get_command(app)
    assert set(re.findall(r"`usher ([a-z]+)`", table)) == set(getattr(commands, "commands", {}))


SERVER = {name: str(field.description) for name, field in Settings.model_fields.items()}
KIOSK = {entry.name: str(entry.metadata["words"]) for entry in ENTRIES}


@pytest.mark.parametrize(("settings", "prefix"), [(SERVER, "USHER_"), (KIOSK, PREFIX)])
def test_every_setting_is_told_with_what_it_is_for(settings: dict[str, str], prefix: str) -> None:
    told = dict(re.findall(rf"^\| `{prefix}((?!KIOSK_)\w+)` \|.*\| (.*) \|$", README, re.MULTILINE))
    assert told == {name.upper(): words for name, words in settings.items()}


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert pictures
    assert [path for path in pictures if not (ROOT / path).is_file()] == []
