"""Faults as RFC 9457 problems: the one handler, and what a framework's own faults become."""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from domain.errors import FieldError, Invalid, Problem, Unreadable

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("usher.errors")


def problem_body(problem: Problem) -> dict[str, object]:
    """The members of RFC 9457, with the stable `code` and what was found."""
    body: dict[str, object] = {
        "type": f"urn:usher:problem:{problem.code}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
    }
    if problem.errors:
        body["errors"] = [{"loc": list(error.loc), "msg": error.msg} for error in problem.errors]
    return body | problem.more


def problem_response(problem: Problem) -> Response:
    headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(orjson.dumps(problem_body(problem)), problem.status, headers, MEDIA_TYPE)


Answer = Callable[[Request, Problem], Response]


def as_problem(_request: Request, problem: Problem) -> Response:
    """As programs are answered, whoever asks."""
    return problem_response(problem)


def install(app: FastAPI, answer: Answer = as_problem) -> None:
    """Answers every fault of this application, each as a problem."""

    async def on_problem(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, Problem)
        return answer(request, fault)

    async def on_validation(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, RequestValidationError)
        return answer(request, _from_validation(fault))

    async def on_http(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, HTTPException)
        response = answer(request, _from_http(fault))
        response.headers.update(fault.headers or {})
        return response

    async def on_fault(request: Request, fault: Exception) -> Response:
        _log.error("fault in %s %s", request.method, request.url.path, exc_info=fault)
        return answer(request, Problem("something is wrong on our side; it has been written to the log"))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_fault)


def _from_validation(fault: RequestValidationError) -> Problem:
    errors = tuple(FieldError(tuple(_plain(part) for part in e["loc"]), _said(e)) for e in fault.errors())
    if any(e["type"] == "json_invalid" for e in fault.errors()):
        return Unreadable("the body is not JSON", errors=errors)
    first = f" ({'.'.join(map(str, errors[0].loc))}: {errors[0].msg})" if errors else ""
    return Invalid(f"the request is not as the documentation says{first}", errors=errors)


def _said(error: Mapping[str, Any]) -> str:
    """What is wrong with a field, for people: what our own checks say as they say it, and of a text how many
    characters it may have, not items."""
    match error:
        case {"type": "value_error", "ctx": {"error": said}}:
            return str(said)
        case {"type": "too_long", "input": str(), "ctx": {"max_length": most}}:
            return f"write at most {most} characters"
        case {"type": "too_short", "input": str(), "ctx": {"min_length": least}}:
            return f"write at least {least} character{'s' if least > 1 else ''}"
        case _:
            return str(error["msg"])


def _plain(part: Any) -> str | int:
    return part if isinstance(part, int) else str(part)


def _from_http(fault: HTTPException) -> Problem:
    problem = Problem(str(fault.detail), code=_CODES.get(fault.status_code, "error"))
    problem.status = fault.status_code
    return problem


_CODES = {404: "not_found", 405: "method_not_allowed", 400: "unreadable", 413: "too_large", 415: "media_type"}
