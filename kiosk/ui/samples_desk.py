"""Sample views of the desk: a morning at a citizens' office."""

from dataclasses import replace

from domain.queue import TRANSITIONS, Event, State
from kiosk.ui.desk_views import (
    CardView,
    CategoryView,
    CounterState,
    CounterView,
    DayFigures,
    DeskView,
    LastMove,
    PointView,
    Wait,
)
from kiosk.ui.till_views import OrderLineView, OrderView

_MINUTE = 60_000

PASSPORTS = CategoryView("passports", "Passports", "A")
VEHICLES = CategoryView("vehicles", "Vehicles", "B")
RESIDENCE = CategoryView("residence", "Registration of residence", "C")
PICK_UP = CategoryView("pick-up", "Pick up a document", "D")

FRONT = PointView("front", "Front desk", (PASSPORTS, VEHICLES, RESIDENCE, PICK_UP), 7)
CASHIER = PointView("cashier", "Cashier", (CategoryView("pay", "Payment", "P"),), 2)
POINTS = (FRONT, CASHIER)


def card(number: str, state: State, minutes: int, category: CategoryView, **more: object) -> CardView:
    """A party as the line would have it: the events are those of the table."""
    allowed = frozenset(TRANSITIONS[state]) - {Event.CONTINUE}
    made = CardView(number.lower(), number, state, category.name, minutes * _MINUTE + 20_000, allowed)
    return replace(made, **more)  # type: ignore[arg-type]


def waits(low: int, high: int) -> Wait:
    return Wait(low * _MINUTE, high * _MINUTE)


WAITING = (
    card(
        "A016",
        State.WAITING,
        19,
        PASSPORTS,
        position=1,
        wait=waits(0, 4),
        name="Eleni Papadopoulou",
        priority=True,
    ),
    card(
        "A014",
        State.WAITING,
        26,
        PASSPORTS,
        position=2,
        wait=waits(4, 9),
        name="Johannes Brandt",
        returned=True,
    ),
    card("C007", State.WAITING, 17, RESIDENCE, position=3, wait=waits(7, 13), name="Familie Aydın", party=4),
    card("B011", State.WAITING, 15, VEHICLES, position=4, wait=waits(11, 18), arrived=False),
    card(
        "A017",
        State.WAITING,
        12,
        PASSPORTS,
        position=5,
        wait=waits(15, 23),
        name="Mbali Dlamini",
        call_by_name=True,
    ),
    card("D003", State.WAITING, 6, PICK_UP, position=6, wait=waits(19, 28)),
    card("A018", State.WAITING, 1, PASSPORTS, position=7, wait=waits(23, 33), name="Oskar Lindqvist"),
)
CALLED = (
    card(
        "A015",
        State.CALLED,
        24,
        PASSPORTS,
        name="Anna Berg",
        counter="Desk 2",
        grace_left=83_000,
        calls=1,
        can_undo=True,
    ),
    card(
        "B010",
        State.CALLED,
        31,
        VEHICLES,
        name="Rafael Ortiz Calderón de la Barca",
        counter="Desk 1",
        grace_left=0,
        calls=2,
    ),
)
SERVING = (
    card(
        "C006",
        State.SERVING,
        22,
        RESIDENCE,
        name="Wei Zhang",
        counter="Desk 2",
        note="Brings the form of her landlord",
        can_undo=True,
    ),
    card("A012", State.SERVING, 28, PASSPORTS, name="Nour Haddad", counter="Desk 3"),
)
HELD = (
    card(
        "B008",
        State.HELD,
        41,
        VEHICLES,
        name="Piotr Nowak",
        counter="Desk 2",
        note="Fetches the number plate",
        allowed=frozenset({Event.RESUME, Event.CONTINUE, Event.TRANSFER}),
    ),
)
MISSED = (card("A011", State.NO_SHOW, 35, PASSPORTS, name="Julia Kovács"),)

COUNTERS = (
    CounterView("desk-1", "Desk 1", CounterState.OPEN, "Ines"),
    CounterView("desk-2", "Desk 2", CounterState.OPEN, "Tomas"),
    CounterView("desk-3", "Desk 3", CounterState.PAUSED),
)
BUSY = DeskView(
    "front",
    POINTS,
    COUNTERS,
    "desk-2",
    WAITING,
    CALLED,
    SERVING,
    HELD,
    MISSED,
    wait=waits(27, 38),
    figures=DayFigures(43, 3, 14 * _MINUTE),
    last_move=LastMove("a015", "A015", Event.CALL),
)
EMPTY = DeskView("front", POINTS, COUNTERS, "desk-2", wait=waits(0, 1), figures=DayFigures())
OFFLINE = replace(BUSY, offline=True, unsent=3)
ROUGH = replace(BUSY, wait=replace(waits(27, 38), rough=True))
UNPAID = OrderView(
    "o1",
    "K7Q2M4XP",
    "Grace Hopper",
    "pending",
    11_700,
    "EUR",
    (OrderLineView("General admission", 2, 4900), OrderLineView("Student", 1, 1900)),
    may_pay=True,
)
PAID = replace(
    UNPAID, id="o2", number="M4XPA9BT", state="confirmed", receipt="M4XPA9BT-1", method="cash", may_pay=False,
    may_refund=True,
)  # fmt: skip
