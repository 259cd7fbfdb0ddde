"""Sentences for people: those of the kiosk, which the backend shares, and those of mails and public pages."""

import re
from collections.abc import Mapping
from functools import cache
from math import isnan
from pathlib import Path

import orjson

from server import formats

LANGUAGES = ("en", "de", "es", "fr", "ar", "id")
RESOURCES = Path(__file__).parent.parent / "resources"
FOLDER = RESOURCES / "texts"
PUBLIC = RESOURCES / "public" / "texts"
_NOTHING: Mapping[str, object] = {}
_PLACE = re.compile(r"\{(\w+)\}")


def text(key: str, params: Mapping[str, object] = _NOTHING, language: str = "en") -> str:
    """The kiosk's sentence of a key; a parameter that the sentence does not name is left out.

    Numbers as in `public_text`.
    """
    return _said(FOLDER, key, params, language)


def public_text(key: str, params: Mapping[str, object] = _NOTHING, language: str = "en") -> str:
    """The sentence of a mail or a public page; English where the language is none of ours.

    With a whole number `count`, the form that goes with it, such as `key.one`, where there is one.
    """
    return _said(PUBLIC, key, params, spoken(language))


def spoken(tag: str) -> str:
    """The language of ours for a tag such as `de-AT`; English for any other."""
    language = tag.lower().partition("-")[0]
    return language if language in LANGUAGES else "en"


def preferred(accept: str, usual: str = "en") -> str:
    """The language of ours that a header `Accept-Language` likes best; the usual one where it names none."""
    liked = []
    for place, part in enumerate(accept.split(",")):
        tag, _, quality = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            liked.append((-_quality(quality), place, language))
    return min(liked)[2] if liked and min(liked)[0] < 0 else usual


def nearest(texts: Mapping[str, str], tag: str) -> str:
    """Of what an organiser wrote in several languages, the key that a reader of this one reads best: theirs,
    English, or the first; `tag` where nothing is written."""
    plain = {key.partition("-")[0].lower(): key for key in reversed(list(texts)) if texts[key]}
    language = tag.partition("-")[0].lower()
    return plain.get(language) or plain.get("en") or next(iter(plain.values()), tag)


def written(texts: Mapping[str, str], tag: str) -> str:
    """What an organiser wrote, as a reader of this language reads it best."""
    return texts.get(nearest(texts, tag), "")


@cache
def _texts(folder: Path, language: str) -> dict[str, str]:
    """The texts of a language, English for those that it lacks."""
    own: dict[str, str] = {}
    path = folder / f"{language}.json"
    if path.is_file():
        own = orjson.loads(path.read_bytes())
    return own if language == "en" else {**_texts(folder, "en"), **own}


def _said(folder: Path, key: str, params: Mapping[str, object], language: str) -> str:
    known = _texts(folder, language)
    count = params.get("count")
    if type(count) is int:
        form = f"{key}.{formats.plural(count, spoken(language))}"
        key = form if form in known else f"{key}.other" if f"{key}.other" in known else key
        params = {**params, "count": formats.number(count, spoken(language))}
    return _filled(known.get(key, key), params)


def _filled(template: str, params: Mapping[str, object]) -> str:
    """In one go, so that what is filled in is never filled itself."""
    return _PLACE.sub(lambda place: str(params.get(place[1], place[0])), template)


def _quality(text: str) -> float:
    name, _, value = text.partition("=")
    try:
        quality = float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
    return 0.0 if isnan(quality) else quality
