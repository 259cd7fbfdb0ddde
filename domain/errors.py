"""What can go wrong, as one tree; each class carries its HTTP status and a stable machine code.

Problem
├── Invalid            422  the request says something that cannot be
│   └── Unreadable     400  the request cannot be read at all
├── Unauthenticated    401  nobody, or nobody known, is calling
├── Forbidden          403  somebody known, who may not
├── NotFound           404  not there, or not yours: the two look the same
├── Conflict           409  true at the caller, not true here
├── Gone               410  was there; start again
├── Stale              412  somebody changed it first
├── TooLarge           413
├── Unsupported        415  sent in a form that is not read here
├── TooMany            429  slow down
├── StorageFull        507  nothing was written; make room
└── Unavailable        503  try again

A refusal at the door is not here: a refusal is an answer, not a fault (`domain.admission`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that is wrong: `loc` names it, outermost first; `msg` says what to do."""

    loc: tuple[str | int, ...]
    msg: str


class Problem(Exception):
    """A fault that a caller is told about, in the form of RFC 9457.

    `code` is stable and for machines, `detail` is for people and says what to do;
    `more` holds further members of the answer, such as the state that was found.
    """

    status = 500
    code = "error"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        more: Mapping[str, object] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = tuple(errors)
        self.more = dict(more or {})
        self.retry_after = retry_after


class Invalid(Problem):
    status = 422
    code = "invalid"


class Unreadable(Invalid):
    status = 400
    code = "unreadable"


class Unauthenticated(Problem):
    status = 401
    code = "unauthenticated"


class Forbidden(Problem):
    status = 403
    code = "forbidden"


class NotFound(Problem):
    status = 404
    code = "not_found"


class Conflict(Problem):
    status = 409
    code = "conflict"


class Gone(Problem):
    status = 410
    code = "gone"


class Stale(Problem):
    status = 412
    code = "stale"


class TooLarge(Problem):
    status = 413
    code = "too_large"


class Unsupported(Problem):
    status = 415
    code = "media_type"


class TooMany(Problem):
    status = 429
    code = "too_many"


class StorageFull(Problem):
    status = 507
    code = "storage_full"


class Unavailable(Problem):
    status = 503
    code = "unavailable"
