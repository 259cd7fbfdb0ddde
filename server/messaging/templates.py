"""The words of a letter: Jinja2 templates in a sandbox, as text and as HTML, in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from server import formats
from server.messaging.letters import Letter, Owed
from server.texts import RESOURCES, public_text, spoken

FOLDER = RESOURCES / "public" / "mails"
_FORMATS = (
    formats.number,
    formats.money,
    formats.date,
    formats.short_date,
    formats.time,
    formats.moment,
    formats.span,
)
_environment = SandboxedEnvironment(
    loader=FileSystemLoader(FOLDER),
    autoescape=select_autoescape(["html"], default=False),
    undefined=StrictUndefined,
)


@dataclass(frozen=True, slots=True)
class Words:
    """A letter that can be read."""

    subject: str
    text: str
    html: str


def words(owed: Owed, letter: Letter) -> Words:
    """A letter by its template: `NAME.txt`, which begins with the block `subject`, and `NAME.html`.

    Beside the letter's own parameters a template has `organization`, `hello`, `language`,
    `right_to_left`, `base_url`, `text(key, …)`, `cid(name)` and the functions of `server.formats`
    without their language. A name that it does not have is a fault.
    """
    language = spoken(owed.language)
    given = {**_common(owed, letter, language), **letter.params}
    template = _environment.get_template(f"{letter.template}.txt")
    # Not the first line: a name in the subject may have several.
    first = "".join(template.blocks["subject"](template.new_context(given)))
    text = template.render(given).removeprefix(first)
    subject = one_line(first)
    html = _environment.get_template(f"{letter.template}.html").render(given, subject=subject)
    return Words(subject, text.strip() + "\n", html)


def one_line(text: str) -> str:
    """A text without line breaks and other control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def content_id(mail: str, picture: str) -> str:
    """By which the HTML of a mail names a picture that comes with it."""
    return f"{picture}@{mail}.usher"


def _common(owed: Owed, letter: Letter, language: str) -> dict[str, Any]:
    name = one_line(owed.name)

    def text(key: str, **params: object) -> str:
        return public_text(key, params, language)

    return {
        "organization": one_line(owed.organization),
        "hello": text("mail.hello", name=name) if name else text("mail.hello_you"),
        "language": language,
        "right_to_left": formats.is_right_to_left(language),
        "base_url": owed.base_url,
        "text": text,
        "cid": partial(_cid, owed.id, letter.inline),
        **{function.__name__: _spoken(function, language) for function in _FORMATS},
    }


def _spoken(function: Callable[..., str], language: str) -> Callable[..., str]:
    return lambda *values: function(*values, language)


def _cid(mail: str, inline: Mapping[str, bytes], picture: str) -> str:
    if picture not in inline:
        raise KeyError(f"the letter has no picture {picture!r}")
    return f"cid:{content_id(mail, picture)}"
