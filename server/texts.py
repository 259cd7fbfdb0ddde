"""Sentences for people, from the text files that kiosk and backend share."""

from collections.abc import Mapping
from functools import cache
from math import isnan
from pathlib import Path

import orjson

LANGUAGES = ("en", "de", "es", "fr", "ar", "id")
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


def preferred(accept: str) -> str:
    """The language of ours that a header `Accept-Language` likes best; English where it names none."""
    liked = []
    for place, part in enumerate(accept.split(",")):
        tag, _, quality = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            liked.append((-_quality(quality), place, language))
    return min(liked)[2] if liked and min(liked)[0] < 0 else "en"


def _quality(text: str) -> float:
    name, _, value = text.partition("=")
    try:
        quality = float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
    return 0.0 if isnan(quality) else quality
