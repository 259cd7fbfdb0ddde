"""Times that can be booked: the rules one by one, and as laws beside a slow minute-by-minute engine."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_hours import ALWAYS, Hours, hours
from domain.clock import DAY, HOUR, MINUTE, Instant, local, parse, rfc3339
from domain.slots import Granted, Grid, Place, Refusal, Service, Slot, Taken, book, slots
from tests.domain.wall_clock import minute_by_minute, places, shown_anew

UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
MORNING = parse("2026-05-11T00:00:00Z")
NINE_TO_NOON = Place("chair", UTC, hours({"mon": [{"opens": "09:00", "closes": "12:00"}]}))
CUT = Service("cut", 30 * MINUTE)


def at(time: str) -> Instant:
    return parse(f"2026-05-11T{time}:00Z")


def taken(start: str, end: str, **more: object) -> Taken:
    return Taken("other", "chair", at(start), at(end), **more)  # type: ignore[arg-type]


def offered(
    service: Service = CUT,
    *booked: Taken,
    place: Place = NINE_TO_NOON,
    now: Instant = MORNING,
    staff: str | None = None,
) -> list[Slot]:
    return slots(service, place, booked, MORNING, Instant(MORNING + DAY), now, staff)


def starts(found: Sequence[Slot]) -> list[str]:
    return [rfc3339(slot.start)[11:16] for slot in found]


def test_slots_follow_each_other_while_it_is_open() -> None:
    assert starts(offered()) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]


def test_a_contained_booking_blocks_like_any_other_and_the_grid_begins_after_it() -> None:
    long = replace(CUT, duration=HOUR)
    assert starts(offered(long, taken("10:10", "10:20"))) == ["09:00", "10:20"]


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        (Grid.WINDOW, ["09:10", "09:55", "10:40"]),
        (Grid.CLOCK, ["09:15", "10:00", "10:45"]),
        (Grid.PACK, ["09:15", "10:00", "10:45"]),
    ],
)
def test_a_grid_is_from_the_free_stretch_or_on_the_clock(grid: Grid, expected: list[str]) -> None:
    service = replace(CUT, duration=45 * MINUTE, grid=grid)
    assert starts(offered(service, taken("09:00", "09:10"))) == expected


def test_a_packed_grid_begins_early_where_that_yields_one_more() -> None:
    between = [taken("09:00", "09:20"), taken("11:50", "12:00")]
    assert starts(offered(replace(CUT, grid=Grid.CLOCK), *between)) == ["09:30", "10:00", "10:30", "11:00"]
    packed = offered(replace(CUT, grid=Grid.PACK), *between)
    assert starts(packed) == ["09:20", "09:50", "10:20", "10:50", "11:20"]


def test_buffers_of_both_lie_between_two_bookings_and_need_not_fit_in_the_hours() -> None:
    service = replace(CUT, before=10 * MINUTE, after=5 * MINUTE, step=30 * MINUTE)
    found = offered(service, taken("10:00", "10:20", before=15 * MINUTE, after=20 * MINUTE))
    # 09:10 + 30 + 5 + 15 = 10:00, and 10:20 + 20 + 10 = 10:50.
    assert starts(found) == ["09:00", "10:50", "11:20"]
    assert isinstance(
        book(service, NINE_TO_NOON, [], at("11:30"), at("12:00"), MORNING, anywhere=True), Granted
    )


def test_notice_counts_to_the_millisecond_and_includes_its_end() -> None:
    service = replace(CUT, notice=HOUR)
    assert starts(offered(service, now=at("09:30"))) == ["10:30", "11:00", "11:30"]
    assert starts(offered(service, now=Instant(at("09:30") + 1))) == ["11:00", "11:30"]


def test_nothing_is_offered_beyond_the_horizon() -> None:
    assert starts(offered(replace(CUT, horizon=HOUR), now=at("09:00"))) == ["09:00", "09:30", "10:00"]


def test_a_person_and_a_place_must_both_be_free() -> None:
    service = replace(CUT, duration=HOUR, staff=("anna", "ben"))
    place = replace(NINE_TO_NOON, capacity=2)
    elsewhere = Taken("other", "door", at("09:00"), at("10:00"), "anna")
    found = offered(service, elsewhere, taken("10:00", "11:00"), place=place)
    assert [(s, slot.seats, slot.staff) for s, slot in zip(starts(found), found, strict=True)] == [
        ("09:00", 1, ("ben",)),
        ("10:00", 1, ("anna", "ben")),
        ("11:00", 2, ("anna", "ben")),
    ]
    assert starts(offered(service, elsewhere, place=place, staff="anna")) == ["10:00", "11:00"]


def test_a_person_is_offered_only_in_their_own_hours() -> None:
    theirs = {"anna": hours({"mon": [{"opens": "10:00", "closes": "11:00"}]})}
    place = replace(NINE_TO_NOON, staff_hours=theirs)
    assert starts(offered(replace(CUT, staff=("anna",)), place=place)) == ["10:00", "10:30"]


def test_any_staff_is_who_has_the_least_to_do_on_that_day() -> None:
    service, place = replace(CUT, staff=("anna", "ben")), replace(NINE_TO_NOON, capacity=2)
    busy = [taken("11:00", "11:30", staff="anna")]
    assert book(service, place, busy, at("09:00"), at("09:30"), MORNING) == Granted("ben")
    busy.append(taken("10:00", "11:00", staff="ben"))
    assert book(service, place, busy, at("09:00"), at("09:30"), MORNING) == Granted("anna")


def test_a_group_fills_to_its_capacity_and_no_further() -> None:
    service = replace(CUT, id="yoga", duration=HOUR, capacity=3)
    place, booked = NINE_TO_NOON, list[Taken]()
    for left in (3, 2, 1):
        assert offered(service, *booked)[0].seats == left
        assert book(service, place, booked, at("09:00"), at("10:00"), MORNING) == Granted(None)
        booked.append(Taken("yoga", "chair", at("09:00"), at("10:00"), shared=True))
    assert starts(offered(service, *booked)) == ["10:00", "11:00"]
    assert book(service, place, booked, at("09:00"), at("10:00"), MORNING) is Refusal.TAKEN
    assert book(service, place, booked[:1], at("09:00"), at("10:00"), MORNING, seats=3) is Refusal.TAKEN


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("07:00", "07:30", Refusal.PAST),
        ("08:30", "09:00", Refusal.NOTICE),
        ("11:30", "12:00", Refusal.HORIZON),
        ("09:30", "10:30", Refusal.LENGTH),
        ("09:10", "09:40", Refusal.OFF_GRID),
        ("10:00", "10:30", Refusal.TAKEN),
    ],
)
def test_a_time_that_cannot_be_booked_has_a_reason(start: str, end: str, why: Refusal) -> None:
    service = replace(CUT, notice=HOUR, horizon=3 * HOUR)
    busy = [taken("10:00", "10:10")]
    assert book(service, NINE_TO_NOON, busy, at(start), at(end), at("08:00")) is why


def test_outside_of_the_hours_it_is_closed_also_for_staff() -> None:
    assert book(CUT, NINE_TO_NOON, [], at("11:45"), at("12:15"), MORNING, anywhere=True) is Refusal.CLOSED
    assert book(CUT, NINE_TO_NOON, [], at("10:07"), at("10:37"), MORNING, anywhere=True) == Granted(None)
    assert book(CUT, NINE_TO_NOON, [], at("10:00"), at("10:30"), MORNING, staff="eve") is Refusal.STAFF


def test_an_hour_that_the_clocks_skip_has_no_slots_and_one_that_they_repeat_has_them_twice() -> None:
    place = Place("chair", BERLIN, hours({"sun": [{"opens": "02:00", "closes": "03:00"}]}))
    spring, autumn = parse("2026-03-29T00:00:00Z"), parse("2026-10-25T00:00:00Z")
    service = replace(CUT, duration=HOUR, horizon=400 * DAY)
    assert slots(service, place, [], spring, Instant(spring + DAY), spring) == []
    found = slots(service, place, [], autumn, Instant(autumn + DAY), autumn)
    assert [local(slot.start, BERLIN).isoformat() for slot in found] == [
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
    ]


# A slow engine, minute by minute.


def possible(
    service: Service, place: Place, booked: Sequence[Taken], who: str | None, since: int, until: int
) -> Iterator[int]:
    """Each minute at which a booking could begin."""
    there = set(
        minute_by_minute(place.hours or ALWAYS, Instant(since), Instant(until + 2 * HOUR), place.where)
    )
    for of in _own_hours(place, who):
        there &= set(minute_by_minute(of, Instant(since), Instant(until + 2 * HOUR), place.where))
    sessions = {_session(number, each): each for number, each in enumerate(booked)}.values()
    used: dict[int, int] = {}
    busy = set[int]()
    for each in sessions:
        for minute in range(each.start - each.before, each.end + each.after, MINUTE):
            used[minute] = used.get(minute, 0) + (each.point == place.id)
            if who is not None and each.staff == who:
                busy.add(minute)
    for start in range(since, until, MINUTE):
        inside = range(start, start + service.duration, MINUTE)
        padded = range(start - service.before, start + service.duration + service.after, MINUTE)
        if (
            all(minute in there for minute in inside)
            and all(used.get(minute, 0) < place.capacity for minute in padded)
            and not any(minute in busy for minute in padded)
        ):
            yield start


def _there(place: Place, who: str | None, since: int, until: int) -> set[Instant]:
    """The minutes at which the place and the person are both there."""
    there = set(minute_by_minute(place.hours or ALWAYS, Instant(since), Instant(until), place.where))
    for of in _own_hours(place, who):
        there &= set(minute_by_minute(of, Instant(since), Instant(until), place.where))
    return there


def _is_there(service: Service, place: Place, who: str | None, start: int) -> bool:
    inside = range(start, start + service.duration, MINUTE)
    return _there(place, who, start, start + service.duration) >= set(inside)


def _own_hours(place: Place, who: str | None) -> list[Hours]:
    return [of for name, of in place.staff_hours.items() if name == who]


def _session(number: int, each: Taken) -> object:
    return (each.service, each.point, each.start, each.end, each.staff) if each.shared else number


def on_grid(service: Service, place: Place, who: str | None, starts: Sequence[int]) -> Iterator[int]:
    """Of the minutes that are possible, those that lie on the grid of their stretch."""
    anew = [place.hours or ALWAYS, *_own_hours(place, who)]
    stretch: list[int] = []
    for start, following in pairwise([*starts, None]):
        assert start is not None
        stretch.append(start)
        if (
            following is None
            or following != start + MINUTE
            or any(shown_anew(of, Instant(following), place.where) for of in anew)
        ):
            yield from _of_stretch(service, place, stretch)
            stretch = []


def _of_stretch(service: Service, place: Place, stretch: Sequence[int]) -> list[int]:
    every = service.every // MINUTE
    minutes = next(size for size in (60, 30, 20, 15, 10, 5, 1) if every % size == 0 or size == 5)
    rounded = next(
        (n for n, start in enumerate(stretch) if _minute_of_day(start, place.where) % minutes == 0),
        len(stretch),
    )
    early, clock = list(stretch[::every]), list(stretch[rounded::every])
    if service.grid is Grid.WINDOW or (service.grid is Grid.PACK and len(early) > len(clock)):
        return early
    return clock


def _minute_of_day(at: int, where: ZoneInfo) -> int:
    wall = local(Instant(at), where)
    return wall.hour * 60 + wall.minute


DAY_AND_CHANGE = DAY + 2 * HOUR
"""A window that holds an instant begins and ends this near."""
STAFF = st.sampled_from([(), ("anna",), ("anna", "ben")])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Service, Place, list[Taken], Instant, Instant, Instant]:
    of, start, _, where = draw(places())
    buffers = st.sampled_from([0, 0, 7, 15, 40]).map(lambda minutes: minutes * MINUTE)
    service = Service(
        "cut",
        draw(st.sampled_from([5, 20, 30, 45, 50, 60, 90])) * MINUTE,
        before=draw(buffers),
        after=draw(buffers),
        step=draw(st.sampled_from([0, 0, 15, 35, 60])) * MINUTE,
        grid=draw(st.sampled_from(Grid)),
        capacity=draw(st.sampled_from([1, 1, 3])),
        staff=draw(STAFF),
    )
    own = draw(st.booleans()) and service.staff
    staff_hours: dict[str, Hours] = {"anna": draw(places())[0]} if own else {}
    place = Place("chair", where, of, draw(st.integers(1, 3)), staff_hours)
    booked = []
    for _ in range(draw(st.integers(0, 5))):
        begins = Instant(start + draw(st.integers(-300, 700)) * MINUTE)
        shared = service.capacity > 1 and draw(st.booleans())
        length = service.duration if shared else draw(st.integers(1, 20)) * 5 * MINUTE
        name = "cut" if shared else "other"
        whom = draw(st.sampled_from(service.staff or (None,)))
        point = "chair" if shared else draw(st.sampled_from(["chair", "chair", "door"]))
        each = Taken(
            name, point, begins, Instant(begins + length), whom, draw(buffers), draw(buffers), 1, shared
        )
        booked += [each] * draw(st.integers(1, 3 if shared else 1))
    end = Instant(start + draw(st.integers(1, 500)) * MINUTE)
    return service, place, booked, Instant(start), end, Instant(start - DAY)


@settings(max_examples=25)
@given(worlds())
def test_what_is_offered_is_what_the_slow_engine_finds(
    world: tuple[Service, Place, list[Taken], Instant, Instant, Instant],
) -> None:
    service, place, booked, start, end, now = world
    expected = set[int]()
    for who in service.staff or (None,):
        minutes = list(possible(service, place, booked, who, start - DAY_AND_CHANGE, end + DAY_AND_CHANGE))
        expected |= set(on_grid(service, place, who, minutes)) if minutes else set()
        own = [each for each in booked if (each.service, each.staff) == ("cut", who)]
        for each in own:
            left = sum(other.start == each.start for other in own) < service.capacity
            if left and _is_there(service, place, who, each.start):
                expected.add(each.start)
            elif who is None:
                expected.discard(each.start)
    assert [slot.start for slot in slots(service, place, booked, start, end, now)] == sorted(
        at for at in expected if start <= at < end
    )


@settings(max_examples=60)
@given(worlds(), st.data())
def test_as_many_can_book_a_slot_as_it_has_seats_and_nobody_is_booked_twice(
    world: tuple[Service, Place, list[Taken], Instant, Instant, Instant], data: st.DataObject
) -> None:
    service, place, booked, start, end, now = world
    found = slots(service, place, booked, start, end, now)
    if not found:
        return
    slot, added = data.draw(st.sampled_from(found)), list[Taken]()
    while isinstance(granted := book(service, place, booked + added, slot.start, slot.end, now), Granted):
        assert granted.staff is None or granted.staff in slot.staff
        added.append(
            Taken(
                "cut", "chair", slot.start, slot.end, granted.staff, service.before, service.after, 1,
                service.capacity > 1,
            )
        )  # fmt: skip
    assert granted in (Refusal.TAKEN, Refusal.OFF_GRID)
    assert len(added) == slot.seats
    assert all(each.start != slot.start for each in slots(service, place, booked + added, start, end, now))


@settings(max_examples=40)
@given(worlds(), st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.integers(0, 1)), max_size=30))
def test_whatever_is_granted_in_whatever_order_keeps_people_and_places_apart(
    world: tuple[Service, Place, list[Taken], Instant, Instant, Instant],
    wishes: list[tuple[int, bool, int]],
) -> None:
    service, place, _, start, _, now = world
    other = replace(service, id="long", duration=2 * service.duration, before=service.after, capacity=1)
    booked: list[Taken] = []
    for quarter, anywhere, which in wishes:
        of, at = (service, other)[which], Instant(start + quarter * 15 * MINUTE)
        granted = book(of, place, booked, at, Instant(at + of.duration), now, anywhere=anywhere)
        if isinstance(granted, Granted):
            booked.append(
                Taken(
                    of.id, "chair", at, Instant(at + of.duration), granted.staff, of.before, of.after, 1,
                    of.capacity > 1,
                )
            )  # fmt: skip
    sessions = list({_session(number, each): each for number, each in enumerate(booked)}.values())
    for first in sessions:
        after = [each for each in sessions if each.start >= first.start and each is not first]
        if first.staff is not None:
            theirs = [each for each in after if each.staff == first.staff]
            assert all(each.start - first.end >= first.after + each.before for each in theirs)
        meeting = [each for each in sessions if each.start - each.before <= first.start - first.before]
        edge = first.start - first.before
        assert sum(each.end + each.after > edge for each in meeting) <= place.capacity
        assert booked.count(first) <= (service.capacity if first.shared else 1)
