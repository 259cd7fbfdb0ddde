"""How long a month of free times takes to list, with many staff and many bookings."""

import random
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bench.result import Result, Row
from bench.timing import timed
from domain.business_hours import WEEKDAYS, hours
from domain.clock import DAY, MINUTE, Instant
from domain.slots import Granted, Grid, Place, Service, Taken, book, slots

_NOW = Instant(1_778_414_400_000)
_ZONE = ZoneInfo("Europe/Berlin")


def run(bookings: int = 2_000, staff: int = 20, days: int = 31, *, rounds: int = 30, seed: int = 7) -> Result:
    """Lists the slots of so many days, and grants one of them, `rounds` times each. Times in milliseconds."""
    rng = random.Random(seed)  # noqa: S311
    names = tuple(f"staff-{number}" for number in range(staff))
    week = [{"opens": "08:00", "closes": "12:30"}, {"opens": "13:30", "closes": "20:00"}]
    late = [{"opens": "10:00", "closes": "18:00"}]
    own = {name: hours(dict.fromkeys(WEEKDAYS, late)) for name in names[::2]}
    place = Place("salon", _ZONE, hours(dict.fromkeys(WEEKDAYS, week)), staff, own)
    rows = [row for grid in Grid for row in _measured(rng, names, place, grid, bookings, days, rounds)]
    return Result(f"slots of {days} days, {staff} staff, {bookings:,} bookings", tuple(rows))


def _measured(
    rng: random.Random,
    names: tuple[str, ...],
    place: Place,
    grid: Grid,
    bookings: int,
    days: int,
    rounds: int,
) -> Iterator[Row]:
    service = Service("cut", 30 * MINUTE, 5 * MINUTE, 5 * MINUTE, 15 * MINUTE, grid, staff=names)
    end = Instant(_NOW + days * DAY)
    taken = _booked(rng, service, place, bookings, days)
    found = slots(service, place, taken, _NOW, end, _NOW)
    yield timed(
        f"{grid}: {len(found):,} slots",
        range(rounds),
        lambda _: slots(service, place, taken, _NOW, end, _NOW),
    )
    yield timed(
        f"{grid}: book one",
        rng.choices(found, k=rounds),
        lambda slot: book(service, place, taken, slot.start, slot.end, _NOW),
    )


def _booked(rng: random.Random, service: Service, place: Place, bookings: int, days: int) -> list[Taken]:
    """So many bookings at random times, none of them over another."""
    taken: list[Taken] = []
    busy: dict[str, list[Taken]] = {name: [] for name in service.staff}
    while len(taken) < bookings:
        who = rng.choice(service.staff)
        start = Instant(_NOW + rng.randrange(days * DAY // (5 * MINUTE)) * 5 * MINUTE)
        end = Instant(start + service.duration)
        if isinstance(book(service, place, busy[who], start, end, _NOW, staff=who, anywhere=True), Granted):
            taken.append(Taken(service.id, place.id, start, end, who, service.before, service.after))
            busy[who].append(taken[-1])
    return taken
