"""Faults of talking to the server.

Problem
├── Unavailable  `unreachable`       nobody answered, or not as a server of ours would
├── Unauthenticated
│   └── Revoked  `device_revoked`    this device may no longer: it stops, and forgets personal data
└── every other answer of the server that is a problem, as its class of `domain.errors`
"""

import httpx
import orjson

from domain import errors
from domain.errors import FieldError, Problem, Unauthenticated, Unavailable

_CLASSES: dict[int, type[Problem]] = {
    cls.status: cls
    for cls in (
        errors.Invalid,
        errors.Unreadable,
        errors.Unauthenticated,
        errors.Forbidden,
        errors.NotFound,
        errors.Conflict,
        errors.Gone,
        errors.Stale,
        errors.TooLarge,
        errors.TooMany,
        errors.StorageFull,
        errors.Unavailable,
    )
}
UNREACHABLE = "unreachable"
_OWN = {"type", "title", "status", "detail", "code", "errors"}


class Revoked(Unauthenticated):
    code = "device_revoked"


def unreachable(server: str, error: Exception | str) -> Unavailable:
    return Unavailable(
        f"The server {server} does not answer ({error or type(error).__name__}). "
        "Check the network and that the server runs; this kiosk goes on by itself meanwhile.",
        code=UNREACHABLE,
    )


def problem(response: httpx.Response, content: bytes) -> Problem:
    """The problem that an answer states; `content` is its body."""
    read = _object(content)
    code = str(read.get("code") or f"http_{response.status_code}")
    detail = str(read.get("detail") or f"The server answered {response.status_code}.")
    if response.status_code == Unauthenticated.status and code == Revoked.code:
        return Revoked(detail)
    made = _CLASSES.get(response.status_code, _class_of(response.status_code))(
        detail, code=code, errors=_fields(read), more={k: v for k, v in read.items() if k not in _OWN}
    )
    after = response.headers.get("Retry-After", "")
    made.retry_after = int(after) if after.isdigit() else None
    return made


def _class_of(status: int) -> type[Problem]:
    return Unavailable if status >= 500 else Problem


def _object(content: bytes) -> dict[str, object]:
    try:
        read = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}


def _fields(read: dict[str, object]) -> tuple[FieldError, ...]:
    fields = read.get("errors")
    if not isinstance(fields, list):
        return ()
    return tuple(
        FieldError(tuple(field.get("loc") or ()), str(field.get("msg", "")))
        for field in fields
        if isinstance(field, dict)
    )
