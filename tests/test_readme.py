"""What the README says is so: its commands, its settings, its pictures."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from kiosk.config import ENTRIES, PREFIX
from launch import app
from server.app import openapi_document
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


def test_every_address_of_the_api_is_one() -> None:
    paths: Any = openapi_document()["paths"]
    known = [_plain(f"{verb.upper()} {path}") for path, of in paths.items() for verb in of]
    told = re.findall(r"`(?:(GET|POST|PUT|PATCH|DELETE) )?(?:…|(?=/api))(/[^`\s]+)`", README)
    assert len(told) > 5
    for verb, end in told:
        assert [each for each in known if each.startswith(verb) and each.endswith(_plain(end))], (verb, end)


def _plain(address: str) -> str:
    """Without the names of what is put in."""
    return re.sub(r"\{\w+\}|\bID\b", "{}", address)


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert pictures
    assert [path for path in pictures if not (ROOT / path).is_file()] == []
