"""Sentences for people, from the text files that kiosk and backend share."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import orjson

_NOTHING: Mapping[str, object] = {}
FOLDER = Path(__file__).parent.parent / "resources" / "texts"


@cache
def texts(language: str) -> dict[str, str]:
    """The texts of a language, English for those that it lacks."""
    own: dict[str, str] = {}
    path = FOLDER / f"{language}.json"
    if path.is_file():
        own = orjson.loads(path.read_bytes())
    return own if language == "en" else {**texts("en"), **own}


def text(key: str, params: Mapping[str, object] = _NOTHING, language: str = "en") -> str:
    """The sentence of a key; a parameter that the sentence does not name is left out."""
    template = texts(language).get(key, key)
    for name, value in params.items():
        template = template.replace("{" + name + "}", str(value))
    return template
