"""Sample views of the lobby display: the same office as the desk's."""

from dataclasses import replace
from datetime import datetime

from domain.service_point import Opening
from kiosk.ui.desk_views import CallView, DisplayView, ServingView
from kiosk.ui.samples_desk import waits

_SECOND, _MINUTE = 1_000, 60_000

CALLS = (
    CallView("A015", "Desk 2", 4 * _SECOND),
    CallView("B010", "Desk 1", 2 * _MINUTE),
    CallView("A017", "Desk 3", 3 * _MINUTE, "Mbali Dlamini"),
    CallView("C006", "Desk 2", 9 * _MINUTE),
    CallView("A012", "Desk 3", 12 * _MINUTE),
)
SERVING = (ServingView("C006", "Desk 2"), ServingView("A012", "Desk 3"), ServingView("B007", "Desk 4"))
WAITING = ("A016", "A014", "C007", "B011", "D003", "A018", "A019")

BUSY = DisplayView(
    "Front desk",
    datetime(2026, 5, 11, 10, 42),  # noqa: DTZ001  # local to the service point
    "City of Ravenna · Citizens' office",
    SERVING,
    CALLS,
    WAITING,
    people_waiting=11,
    wait=waits(27, 38),
    turns=datetime(2026, 5, 11, 16, 0),  # noqa: DTZ001
    join_link="https://usher.ravenna.example/q/front",
    ticker=(
        "Please have your identity card ready",
        "Passports can be picked up without an appointment at the Cashier",
        "On Thursday this office opens until 18:00",
    ),
)
CROWDED = replace(
    BUSY,
    now_serving=tuple(ServingView(f"B{n:03}", f"Counter {n}") for n in range(1, 8)),
    waiting=tuple(f"A{n:03}" for n in range(101, 124)),
    people_waiting=31,
)
FIRST = replace(
    BUSY,
    now_serving=SERVING[:1],
    last_calls=CALLS[:1],
    waiting=tuple(f"A{n:03}" for n in range(16, 28)),
    people_waiting=12,
    ticker=(),
)
EMPTY = replace(
    BUSY, now_serving=(), last_calls=(), waiting=(), people_waiting=0, wait=waits(0, 4), ticker=()
)
CLOSING = replace(BUSY, opening=Opening.CLOSING, waiting=WAITING[:4], people_waiting=4)
CLOSED = replace(
    EMPTY,
    opening=Opening.CLOSED,
    at=datetime(2026, 5, 11, 19, 3),  # noqa: DTZ001
    turns=datetime(2026, 5, 12, 8, 0),  # noqa: DTZ001
)
STALE = replace(BUSY, age=3 * _MINUTE, stale=True)
