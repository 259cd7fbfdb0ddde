"""Service requests as JSON, as the desk sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain import clock
from domain.clock import Instant
from domain.ids import ServicePointId
from domain.service_request import Decision, Estimate, Labour, Part, State
from kiosk.sync import wire


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """`public`: the customer reads it too."""

    at: Instant
    text: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class EstimateSeen:
    """The newest estimate. `at` is when it was given, or when the customer decided: `by` says who that was,
    and `reason` why, in their words."""

    terms: Estimate
    at: Instant
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A device that is here. `code` is what its label shows, `allowed` the states that may follow; `paused`
    says that no time passes towards the promised date. Money is in minor units of `currency`; `over` says
    that the lines cost more than the customer approved."""

    id: str
    number: str
    code: str
    point: ServicePointId
    state: State
    allowed: tuple[State, ...]
    version: int
    device: tuple[str, ...]
    name: str = ""
    phone: str = ""
    email: str = ""
    problem: str = ""
    condition: str = ""
    accessories: tuple[str, ...] = ()
    notes: tuple[NoteSeen, ...] = ()
    photos: int = 0
    promised: Instant | None = None
    paused: bool = False
    parts: tuple[Part, ...] = ()
    labour: tuple[Labour, ...] = ()
    currency: str = "EUR"
    estimate: EstimateSeen | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A device that was taken in. Both are empty where the server has yet to hear of it."""

    number: str = ""
    code: str = ""


def request(read: Mapping[str, Any]) -> RequestSeen:
    """Raises `ValueError`, `KeyError` or `TypeError` for an answer that is not one."""
    customer, device, due = read["customer"], read["device"], read.get("promised")
    given = read.get("estimate")
    return RequestSeen(
        id=str(read["id"]),
        number=str(read["number"]),
        code=str(read["code"]),
        point=ServicePointId(str(read["servicePoint"])),
        state=State(read["state"]),
        allowed=tuple(map(State, read["allowed"])),
        version=int(read["version"]),
        device=tuple(str(device.get(part) or "") for part in ("type", "brand", "model", "serial")),
        name=str(customer.get("name") or ""),
        phone=str(customer.get("phone") or ""),
        email=str(customer.get("email") or ""),
        problem=str(read["problem"]),
        condition=str(read.get("condition") or ""),
        accessories=tuple(map(str, read.get("accessories") or ())),
        notes=tuple(map(_note, read.get("notes") or ())),
        photos=sum(not photo["signature"] for photo in read.get("photos") or ()),
        promised=clock.parse(due) if due else None,
        paused=read.get("pausedSince") is not None,
        parts=tuple(map(_part, read["parts"])),
        labour=tuple(map(_labour, read["labour"])),
        currency=str(read["currency"]),
        estimate=_estimate(given) if given else None,
        over=bool(read["overEstimate"]),
    )


def requests(read: Mapping[str, Any]) -> tuple[RequestSeen, ...]:
    return tuple(map(request, read["items"]))


def photo(read: Mapping[str, Any]) -> str:
    return str(read["id"])


def taken(read: Mapping[str, Any]) -> Taken:
    """Raises `Conflict` with the server's words where the device was not taken in."""
    made = wire.applied(read)
    return Taken(str(made["number"]), str(made["label"]))


def _note(read: Mapping[str, Any]) -> NoteSeen:
    return NoteSeen(clock.parse(read["at"]), str(read["text"]), bool(read["public"]))


def _part(read: Mapping[str, Any]) -> Part:
    return Part(str(read["sku"]), str(read["text"]), int(read["quantity"]), int(read["price"]))


def _labour(read: Mapping[str, Any]) -> Labour:
    return Labour(str(read["text"]), int(read["minutes"]), int(read["billable"]), int(read["rate"]))


def _estimate(read: Mapping[str, Any]) -> EstimateSeen:
    until, said = read["validUntil"], read["approval"]
    terms = Estimate(
        int(read["revision"]),
        int(read["low"]),
        int(read["high"]),
        clock.parse(until) if until else None,
        Decision(said["decision"]) if said else None,
    )
    if not said:
        return EstimateSeen(terms, clock.parse(read["given"]))
    return EstimateSeen(terms, clock.parse(said["at"]), str(said["by"]), str(said["reason"]))
