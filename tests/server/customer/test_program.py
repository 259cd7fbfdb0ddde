"""The program of an event as attendees see it: sessions, day by day, and as a calendar."""

from typing import Any

import icalendar
import pytest

from domain.clock import HOUR
from tests.server.customer.fair import Fair
from tests.server.office import problem
from tests.server.world import NOON


async def test_sessions_come_by_their_start_with_the_seats_that_are_left(fair: Fair) -> None:
    await fair.session("late", 3, capacity=5)
    await fair.session("early", 1, speakers=[{"name": "Ada"}], room="Hall", track="Main")
    found = (await fair.get("evt-1/sessions"))["items"]
    assert [(item["id"], item["capacity"], item["left"]) for item in found] == [
        ("early", None, None),
        ("late", 5, 5),
    ]
    assert found[0]["speakers"] == [{"name": "Ada", "about": ""}]
    first = await fair.get("evt-1/sessions?limit=1")
    rest = await fair.get(f"evt-1/sessions?limit=1&cursor={first['nextCursor']}")
    assert [rest["items"][0]["id"], rest["nextCursor"]] == ["late", None]


async def test_the_schedule_goes_day_by_day_in_the_events_zone_and_track_by_track(fair: Fair) -> None:
    await fair.organise("PATCH", "events/evt-1", {"ends": "2026-05-12T12:00:00Z", "zone": "Asia/Tokyo"})
    for id_, after, track in (("a", 0, "Main"), ("b", 1, "Side"), ("c", 2, "Main"), ("d", 3, "Main")):
        await fair.session(id_, after, track=track)
    schedule = await fair.get("evt-1/schedule")
    said = [
        (
            day["day"],
            [(track["track"], [each["id"] for each in track["sessions"]]) for track in day["tracks"]],
        )
        for day in schedule["days"]
    ]
    # In Tokyo it is nine hours later, and midnight three hours after noon.
    assert schedule["zone"] == "Asia/Tokyo"
    assert said == [
        ("2026-05-10", [("Main", ["a", "c"]), ("Side", ["b"])]),
        ("2026-05-11", [("Main", ["d"])]),
    ]


async def test_an_event_without_sessions_has_an_empty_schedule(fair: Fair) -> None:
    assert await fair.get("evt-1/schedule") == {"zone": "Europe/Berlin", "days": []}
    assert (await fair.get("evt-1/sessions"))["items"] == []


def appointments(text: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


@pytest.mark.parametrize(
    ("path", "headers"), [("evt-1/schedule", {"Accept": "text/calendar"}), ("evt-1/schedule.ics", {})]
)
async def test_the_schedule_is_a_calendar_too(fair: Fair, path: str, headers: dict[str, str]) -> None:
    title = {"en": "Opening; with music", "de": "Eröffnung"}
    await fair.session("a", 1, title=title, room="Hall", abstract={"en": "Hello,\nworld"},
                       speakers=[{"name": "Ada", "about": "Engines"}])  # fmt: skip
    answer = await fair.call("GET", path, headers=headers)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    [found] = appointments(answer.text)
    assert (str(found["summary"]), str(found["location"])) == ("Opening; with music", "Hall")
    assert str(found["description"]) == "Ada (Engines)\nHello,\nworld"
    assert found["dtstart"].dt.timestamp() * 1000 == NOON + HOUR
    assert str(found["url"]).endswith("/e/org-1-evt-1")
    german = await fair.call("GET", path, headers={**headers, "Accept-Language": "fr;q=0.1, de-AT"})
    assert str(appointments(german.text)[0]["summary"]) == "Eröffnung"
    asked = await fair.call("GET", f"{path}?language=de", headers=headers)
    assert str(appointments(asked.text)[0]["summary"]) == "Eröffnung"


async def test_a_session_keeps_its_place_in_calendars_when_it_moves(fair: Fair) -> None:
    await fair.session("a", 1)
    [before] = appointments((await fair.call("GET", "evt-1/schedule.ics")).text)
    await fair.organise("PATCH", "events/evt-1/sessions/a", {"room": "Garden"})
    await fair.organise("POST", "events/evt-1/cancel")
    [after] = appointments((await fair.call("GET", "evt-1/schedule.ics")).text)
    assert str(after["uid"]) == str(before["uid"])
    assert (str(after["location"]), str(after["status"])) == ("Garden", "CANCELLED")


@pytest.mark.parametrize("query", ["sessions?cursor=x", "sessions?limit=501", "schedule?language=d!"])
async def test_what_cannot_be_asked_is_invalid(fair: Fair, query: str) -> None:
    assert problem(await fair.call("GET", f"evt-1/{query}"))[0] == 422
