"""Forms as pages send them: only our own pages may, and what they hold is text."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from pydantic import TypeAdapter, ValidationError

from domain.errors import Forbidden, Unreadable
from server.settings import Settings
from server.wire import MailAddress

_MAIL = TypeAdapter(MailAddress)
_FIELDS = 500


async def own_page(request: Request) -> None:
    """Raises `Forbidden` where a page of another site sent this, whoever is signed in."""
    origin = request.headers.get("origin", "")
    settings: Settings = request.app.state.settings
    hosts = {request.headers.get("host", ""), urlsplit(settings.base_url).netloc}
    if not origin or urlsplit(origin).netloc not in hosts:
        raise Forbidden("this form was not sent from our own page: open the page again", code="foreign_form")


class Fields:
    """What a form holds, by name, without what cannot be stored and without blanks around it."""

    def __init__(self, values: dict[str, list[str]]) -> None:
        self._values = values

    def text(self, name: str, longest: int = 255) -> str:
        """The first value; empty where there is none."""
        values = self._values.get(name, [])
        return values[0][:longest] if values else ""

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])

    def names(self) -> list[str]:
        return list(self._values)

    def mail(self, name: str) -> str | None:
        """An e-mail address in its one form; None for what no mail can reach."""
        try:
            return _MAIL.validate_python(self.text(name))
        except ValidationError:
            return None


async def _fields(request: Request) -> Fields:
    await own_page(request)
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise Unreadable("this is not a form of ours")
    values: dict[str, list[str]] = {}
    async with request.form(max_fields=_FIELDS) as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                values.setdefault(name, []).append(_plain(value))
    return Fields(values)


Form = Annotated[Fields, Depends(_fields)]


def _plain(text: str) -> str:
    return "".join(
        c for c in text if c == "\n" or (c.isprintable() and not "\ud800" <= c <= "\udfff")
    ).strip()
