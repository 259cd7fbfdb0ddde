"""Showing a page: its template, the language that it speaks, and the headers that keep it safe."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain.clock import rfc3339
from server import formats, qr
from server.auth.limits import RateLimit
from server.pages import language, static
from server.pages.language import Language
from server.settings import Settings
from server.texts import RESOURCES

_TEMPLATES = RESOURCES / "public" / "templates"
_ICONS = RESOURCES / "icons"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
# Not `no-referrer`: with that, browsers send forms with `Origin: null`, which looks like a foreign form.
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_YEAR = 31_536_000

# A whole venue may come from one address.
LOOK = RateLimit("page", "1200/minute")


def show(
    request: Request,
    template: str,
    speech: Language,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page that nobody on the way may keep."""
    given = {
        "speech": speech,
        "say": speech.say,
        "languages": [(tag, name, _in_language(request, tag)) for tag, name in language.NAMES.items()],
        **values,
    }
    text = _environment().get_template(f"{template}.html").render(given)
    sent = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie", "Content-Language": speech.tag}
    response = HTMLResponse(text, status, {**HEADERS, **sent, **(headers or {})})
    if request.query_params.get("lang") == speech.tag:
        keep(request, response, language.COOKIE, speech.tag, _YEAR)
    return response


def part(template: str, speech: Language, **values: Any) -> str:
    """A part of a page, that may be sent anew while somebody looks at it."""
    return _environment().get_template(f"{template}.html").render(speech=speech, say=speech.say, **values)


def go(address: str) -> Response:
    """Leads on with GET, so that going back or reloading sends no form twice."""
    return RedirectResponse(address, 303, {**HEADERS, "Cache-Control": "no-store"})


def keep(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """Sets a cookie that scripts do not see and other sites do not send; 0 seconds forgets it."""
    settings: Settings = request.app.state.settings
    secure = request.url.scheme == "https" or settings.base_url.startswith("https:")
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)


def icon(name: str) -> Markup:
    """One of the icons, in the colour of the text around it; it says nothing to who listens to the page."""
    return _icon(name)


@cache
def _icon(name: str) -> Markup:
    svg = (_ICONS / f"{name}.svg").read_text()
    marked = svg.replace("<svg ", '<svg class="icon" aria-hidden="true" focusable="false" ', 1)
    return Markup(marked)  # noqa: S704 - a file of ours


def _qr(text: str) -> Markup:
    return Markup(qr.svg(text))  # noqa: S704 - squares only, whatever the text


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(iso=rfc3339, digits=formats.minor_digits)
    environment.globals.update(static=static.address, icon=icon, qr=_qr)
    return environment


def _in_language(request: Request, tag: str) -> str:
    """The address of the same page in another language."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return "?" + urlencode([*kept, ("lang", tag)])
