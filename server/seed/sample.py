"""What the sample organisation consists of."""

from domain.clock import DAY, HOUR, Instant
from domain.slots import Grid
from domain.ticket import TicketState
from server.admission.schemas import ListIn
from server.events.schemas import Coordinates, EventIn
from server.queues.schemas import CategoryModel, CounterIn, PointIn
from server.reservations.schemas import DefinitionIn
from server.seed.program import HARBOUR_TEXT, NEIGHBOUR_TEXT, SUMMIT_TEXT
from server.ticketing.issuing import New
from server.ticketing.schemas import TicketIn, TypeIn

ORG = "riverside"
ORG_NAME = "Riverside Events"
EMAIL = "admin@riverside.example"
ZONE = "Europe/Berlin"
SUMMIT, HARBOUR = "riverside-summit", "harbour-night"
HARBOUR_TICKETS = 40

TYPES = (
    TypeIn(id="general", name="General admission", colour="#3b6fd8", price=4900, at_door=True),
    TypeIn(
        id="vip", name="VIP", colour="#b0892b", price=14900, perks=["Welcome drink", "Tote bag", "Lounge"]
    ),
    TypeIn(id="student", name="Student", colour="#2e9e6b", price=1900, at_door=True),
    TypeIn(id="speaker", name="Speaker", colour="#8a4fd0", perks=["Speaker badge"], sold=False),
    TypeIn(id="crew", name="Crew", colour="#5b6770", sold=False),
    TypeIn(id="neighbour", name="Neighbour", colour="#c2571a", quota=500, description=NEIGHBOUR_TEXT),
)
# Of every 20 tickets: 12 general, 3 vip, 3 student, 1 speaker, 1 crew.
_SHARES = (
    ("general",) * 4
    + ("vip", "student")
    + ("general",) * 4
    + ("vip", "student")
    + ("general",) * 4
    + ("vip", "student", "speaker", "crew")
)
_STATES = {
    7: TicketState.CANCELED,
    17: TicketState.BLOCKED,
    27: TicketState.PENDING,
    37: TicketState.UNAPPROVED,
    47: TicketState.REFUNDED,
}
_NOTES = {
    11: ("Wheelchair: take the ramp at gate North.", True),
    31: ("Vegan menu.", False),
    61: ("Press: camera allowed.", False),
    81: ("Birthday today!", True),
}


PERIOD = 100
"""After so many tickets the kinds begin again: each state and note is among them."""


def ticket(n: int) -> New:
    """What is special about the n-th ticket."""
    note, attention = _NOTES.get(n % PERIOD, ("", False))
    asked = TicketIn(
        type=_SHARES[n % len(_SHARES)],
        state=_STATES.get(n % 50, TicketState.VALID),
        note=note,
        attention=attention,
    )
    return New.of(asked)


def seat(n: int) -> str:
    return f"{chr(ord('A') + n // 24 % 20)} {n % 24 + 1}"


def foreign_code(event: str, n: int) -> str:
    """A code as another system makes them."""
    return f"{event[:2].upper()}-{n:07d}-{n * 7919 % 9973:04d}"


def events(now: Instant) -> tuple[EventIn, EventIn]:
    """One that runs since three hours, and one of tomorrow."""
    hour = now - now % HOUR
    summit = EventIn(
        id=SUMMIT,
        name={"en": "Riverside Summit", "de": "Ufergipfel", "es": "Cumbre de la Ribera"},
        starts=Instant(hour - 3 * HOUR),
        ends=Instant(hour + 9 * HOUR),
        zone=ZONE,
        place="Riverside Hall",
        description=SUMMIT_TEXT,
        address="Uferstraße 12\n10179 Berlin",
        coordinates=Coordinates(latitude=52.5126, longitude=13.4185),
        tags=["Conference", "City", "Water"],
    )
    harbour = EventIn(
        id=HARBOUR,
        name={"en": "Harbour Night", "de": "Hafennacht"},
        starts=Instant(hour + DAY),
        ends=Instant(hour + DAY + 6 * HOUR),
        zone=ZONE,
        place="Pier 4",
        description=HARBOUR_TEXT,
        tags=["Music", "Open air"],
    )
    return summit, harbour


LISTS = (
    (SUMMIT, ListIn(id="main", name="Main entrance")),
    (SUMMIT, ListIn(id="vip-lounge", name="Lounge", types=["vip", "speaker", "crew"])),
    (HARBOUR, ListIn(id="pier", name="Pier entrance")),
)

SERVICE_POINTS = (
    PointIn(
        id="front-desk",
        name="Front desk",
        zone=ZONE,
        categories=[
            CategoryModel(id="general", letter="A", name={"en": "Questions", "de": "Fragen"}),
            CategoryModel(id="badges", letter="B", name={"en": "Badges", "de": "Namensschilder"}),
            CategoryModel(
                id="access",
                letter="C",
                name={"en": "Accessibility", "de": "Barrierefreiheit"},
                priority="priority",
            ),
        ],
        counters=[CounterIn(id="desk-1", name="Desk 1"), CounterIn(id="desk-2", name="Desk 2")],
    ),
    PointIn(
        id="help-desk",
        name="Help desk",
        zone=ZONE,
        counters=[CounterIn(id="help-1", name="Window 1")],
        service_seconds=120,
    ),
)

SERVICES = (
    DefinitionIn(
        id="personal-help",
        name={"en": "Personal help", "de": "Persönliche Hilfe", "es": "Ayuda personal"},
        description={"en": "Half an hour for your questions.", "de": "Eine halbe Stunde für Ihre Fragen."},
        service_point="help-desk",
        duration_minutes=30,
        grid=Grid.CLOCK,
        reminder_minutes=[1440, 60],
    ),
    DefinitionIn(
        id="hall-tour",
        name={"en": "Tour of the hall", "de": "Führung durch die Halle", "es": "Visita a la sala"},
        description={"en": "Behind the stage, with at most twelve people."},
        service_point="front-desk",
        category="general",
        duration_minutes=45,
        step_minutes=60,
        grid=Grid.CLOCK,
        capacity=12,
        price=500,
    ),
)
