"""The language of a page: its sentences, what organisers wrote in several, times and money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fastapi import Request
from markupsafe import Markup, escape

from domain.clock import Instant
from server import formats
from server.texts import LANGUAGES, nearest, preferred, public_text, spoken, text, written

COOKIE = "usher_language"
NAMES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "ar": "العربية",
    "id": "Bahasa Indonesia",
}


@dataclass(frozen=True, slots=True)
class Language:
    """One of ours, as a page speaks it."""

    tag: str

    @property
    def direction(self) -> str:
        return "rtl" if formats.is_right_to_left(self.tag) else "ltr"

    def say(self, key: str, **params: object) -> str:
        """The sentence of a key, which stands under `page.`."""
        return public_text(f"page.{key}", params, self.tag)

    def shared(self, key: str, **params: object) -> str:
        """The sentence that a kiosk says too."""
        return text(key, params, self.tag)

    def pick(self, texts: Mapping[str, str]) -> str:
        """What an organiser wrote, in this language where they did."""
        return written(texts, self.tag)

    def said(self, texts: Mapping[str, str]) -> Markup:
        """The same for a page, marked with its language where that is another one."""
        best = nearest(texts, self.tag)
        if spoken(best) == self.tag:
            return Markup("<bdi>{}</bdi>").format(texts.get(best, ""))
        return Markup('<bdi lang="{}">{}</bdi>').format(best, texts[best])

    def paragraphs(self, texts: Mapping[str, str]) -> Markup:
        """A longer text, in which an empty line parts paragraphs."""
        best = nearest(texts, self.tag)
        parts = (part.strip() for part in texts.get(best, "").replace("\r\n", "\n").split("\n\n"))
        whole = Markup('<p lang="{}" dir="auto">{}</p>')
        return Markup("").join(
            whole.format(best, Markup("<br>").join(map(escape, part.split("\n")))) for part in parts if part
        )

    def money(self, amount: int, currency: str) -> str:
        return formats.money(amount, currency, self.tag)

    def price(self, amount: int, currency: str) -> str:
        """Money, or the word for nothing."""
        return self.money(amount, currency) if amount else self.say("free")

    def number(self, value: int) -> str:
        return formats.number(value, self.tag)

    def date(self, at: Instant, zone: str) -> str:
        return formats.date(at, zone, self.tag)

    def short_date(self, at: Instant, zone: str) -> str:
        return formats.short_date(at, zone, self.tag)

    def time(self, at: Instant, zone: str) -> str:
        return formats.time(at, zone, self.tag)

    def moment(self, at: Instant, zone: str) -> str:
        return formats.moment(at, zone, self.tag)

    def short_moment(self, at: Instant, zone: str) -> str:
        return formats.short_moment(at, zone, self.tag)

    def span(self, starts: Instant, ends: Instant, zone: str) -> str:
        return formats.span(starts, ends, zone, self.tag)


def language_of(request: Request, usual: Iterable[str] = ()) -> Language:
    """As `?lang=` asks, else as was chosen before, else as the browser likes best, else as is usual there."""
    for tag in (request.query_params.get("lang", ""), request.cookies.get(COOKIE, "")):
        if tag in LANGUAGES:
            return Language(tag)
    own = (tag for tag in (each.partition("-")[0].lower() for each in usual) if tag in LANGUAGES)
    return Language(preferred(request.headers.get("accept-language", ""), next(own, "en")))
