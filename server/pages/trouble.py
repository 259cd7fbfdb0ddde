"""Faults as a browser shows them: in the look of the other pages, in the reader's language."""

from fastapi import Request, Response

from domain.errors import Problem
from server.errors import problem_response
from server.pages import look
from server.pages.language import language_of

_PICTURES = {403: "lock", 404: "question", 410: "clock", 413: "cross", 429: "wait", 503: "wait"}
_OTHER = 500
# Addresses of programs, whatever they say that they accept.
_PROGRAMS = ("/api/", "/static/", "/metrics", "/healthz", "/readyz", "/.well-known/")


def answer(request: Request, problem: Problem) -> Response:
    """A page for who looks at it, problem+json for programs."""
    plain = problem_response(problem)
    if not _looked_at(request):
        return plain
    speech = language_of(request)
    kind = problem.status if problem.status in _PICTURES else 400 if problem.status < 500 else _OTHER
    return look.show(
        request,
        "trouble",
        speech,
        status=problem.status,
        headers={"Retry-After": plain.headers["retry-after"]} if problem.retry_after is not None else None,
        organization=None,
        title=speech.say(f"trouble.{kind}.title"),
        text=speech.say(f"trouble.{kind}.text"),
        picture=_PICTURES.get(kind, "alert"),
        again=kind in (429, 503, 500) and request.method == "GET",
    )


def _looked_at(request: Request) -> bool:
    wanted = "text/html" in request.headers.get("accept", "")
    return wanted and not request.url.path.startswith(_PROGRAMS)
