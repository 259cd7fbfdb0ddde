"""A service point's settings: categories, order, grace, opening hours, who may join; and whether it is open.

The JSON of `service_point.settings` in the replica, the same on the server and in a kiosk.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from domain.business_hours import Hours, hours, next_opening, open_window
from domain.clock import HOUR, SECOND, Instant
from domain.queue import Rules
from domain.service_request import USUAL, Steps, steps


@dataclass(frozen=True, slots=True)
class Category:
    """What people come for. Its numbers begin with `letter`; `priority` is the class that it waits in.

    `name` is a text by language.
    """

    id: str
    letter: str
    name: Mapping[str, str] = field(default_factory=dict)
    priority: str = "normal"


GENERAL = Category("general", "A", {"en": "General"})


@dataclass(frozen=True, slots=True)
class Settings:
    """`auto_grace`: the end of grace itself makes a no-show. `hours` None: always open.

    `bookings_first`: who checks in for a booking waits in the first class, else since the booked time.
    `roster` is the JSON of the hours planned for counters, as `domain.roster` reads it.
    A service longer than `forgotten` milliseconds was forgotten and counts in no statistics.
    `title` and `ticker` are texts by language for displays. `capacity` bookings may be on at once.
    `steps` are those of its service requests.
    """

    categories: tuple[Category, ...] = (GENERAL,)
    rules: Rules = field(default_factory=Rules)
    auto_grace: bool = False
    hours: Hours | None = None
    self_join: bool = True
    requires: frozenset[str] = frozenset()
    max_waiting: int | None = None
    bookings_first: bool = False
    forgotten: int = 4 * HOUR
    title: Mapping[str, str] = field(default_factory=dict)
    ticker: Mapping[str, str] = field(default_factory=dict)
    capacity: int = 1
    roster: str = ""
    steps: Steps = field(default_factory=lambda: USUAL)

    def category(self, id_: str) -> Category | None:
        return next((category for category in self.categories if category.id == id_), None)


class Opening(StrEnum):
    """`closing`: still open, but whoever joins now would not be served before it closes."""

    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


def settings(text: str) -> Settings:
    """The settings that a service point keeps as JSON; what is not there has its default."""
    kept: Mapping[str, Any] = json.loads(text or "{}")
    week, special = kept.get("openingHours"), kept.get("specialDays")
    display = kept.get("display") or {}
    return Settings(
        categories=tuple(map(_category, kept.get("categories") or ())) or (GENERAL,),
        rules=_rules(kept),
        auto_grace=kept.get("graceMode") == "auto",
        hours=None if week is None and not special else hours(week, special),
        self_join=kept.get("selfJoin", True),
        requires=frozenset(kept.get("requires") or ()),
        max_waiting=kept.get("maxWaiting"),
        bookings_first=kept.get("bookings") == "priority",
        forgotten=kept.get("forgottenSeconds", 4 * HOUR // SECOND) * SECOND,
        title=display.get("title") or {},
        ticker=display.get("ticker") or {},
        capacity=kept.get("capacity", 1),
        roster=json.dumps(kept["roster"], sort_keys=True) if kept.get("roster") else "",
        steps=steps(kept.get("serviceRequestSteps")),
    )


class Refusal(StrEnum):
    """Why visitors cannot join by themselves now; staff still can add them."""

    OFF = "self_join_off"
    CLOSED = "closed"
    CLOSING = "closing"
    FULL = "queue_full"


def opening(of: Settings, where: ZoneInfo, at: Instant, wait: Callable[[], int]) -> Opening:
    """Whether it is open to somebody who would wait so many milliseconds, asked only where it closes."""
    if of.hours is None:
        return Opening.OPEN
    window = open_window(of.hours, at, where)
    if window is None:
        return Opening.CLOSED
    return Opening.CLOSING if at + wait() > window[1] else Opening.OPEN


def refusal(of: Settings, now: Opening, waiting: int) -> Refusal | None:
    """Why a visitor cannot join a line in which so many wait; None where they can."""
    if not of.self_join:
        return Refusal.OFF
    if now is not Opening.OPEN:
        return Refusal(now)
    full = of.max_waiting is not None and waiting >= of.max_waiting
    return Refusal.FULL if full else None


def closes(of: Settings, where: ZoneInfo, at: Instant) -> Instant | None:
    """When it closes next; None while it is closed or where it never closes."""
    window = open_window(of.hours, at, where) if of.hours else None
    return window[1] if window else None


def opens(of: Settings, where: ZoneInfo, at: Instant) -> Instant | None:
    """When it opens next; None where it never does, or always is."""
    return next_opening(of.hours, at, where) if of.hours else None


def _category(kept: Mapping[str, Any]) -> Category:
    return Category(kept["id"], kept["letter"], kept.get("name") or {}, kept.get("priority") or "normal")


def _rules(kept: Mapping[str, Any]) -> Rules:
    usual = Rules()
    return Rules(
        quota=tuple(kept.get("quota", usual.quota)),
        age_limit=_milliseconds(kept, "ageLimitSeconds", usual.age_limit),
        grace=_milliseconds(kept, "graceSeconds", usual.grace),
        return_tolerance=_milliseconds(kept, "returnSeconds", usual.return_tolerance),
        service=_milliseconds(kept, "serviceSeconds", usual.service),
    )


def _milliseconds(kept: Mapping[str, Any], name: str, usual: int) -> int:
    seconds = kept.get(name)
    return usual if seconds is None else int(seconds * SECOND)
