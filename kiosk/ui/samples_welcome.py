"""Sample views of the Welcome page: the same office as the desk's."""

from dataclasses import replace
from datetime import datetime

from domain.service_point import Refusal
from kiosk.ui.samples_desk import FRONT, waits
from kiosk.ui.welcome_views import NumberView, ServiceView, WelcomeView

SERVICES = tuple(
    ServiceView("front", category.id, category.name, ahead=7, wait=waits(27, 38))
    for category in FRONT.categories
)
PAYMENT = ServiceView("cashier", "pay", "Payment", "Cashier", 0, waits(0, 4))
OPEN = WelcomeView("City of Ravenna · Citizens' office", (*SERVICES, PAYMENT))
ALONE = replace(OPEN, online=False)
CLOSED = replace(
    OPEN,
    services=(
        replace(SERVICES[0], refusal=Refusal.CLOSED),
        replace(SERVICES[1], refusal=Refusal.CLOSING),
        replace(SERVICES[2], refusal=Refusal.FULL),
        replace(SERVICES[3], refusal=Refusal.OFF),
    ),
)
STRICT = replace(SERVICES[0], asks=frozenset({"name", "phone", "email"}))
NUMBER = NumberView(
    "A020", "Passports", 7, waits(27, 38), "https://usher.ravenna.example/q/entry/01900000-0000-7000-8000-00"
)
NUMBER_ALONE = replace(NUMBER, link="")
NUMBER_CALLED = replace(NUMBER, ahead=None, wait=None, counter="Desk 2")
NUMBER_BOOKED = replace(
    NUMBER,
    service="",
    ahead=0,
    wait=waits(0, 4),
    booked=datetime(2026, 5, 11, 11, 30),  # noqa: DTZ001  # local to the service point
)
