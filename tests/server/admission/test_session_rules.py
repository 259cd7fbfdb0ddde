"""Rules of a check-in list about the session that a ticket is for."""

from typing import Any

import pytest

from domain.clock import HOUR, MINUTE, Instant, rfc3339
from tests.server.admission.venue import Venue, alone
from tests.server.world import make_world

SESSIONS = "/api/organizations/org-1/events/evt-1/sessions"


def about(op: str, anchor: str, minutes: int = 0) -> dict[str, Any]:
    return {"fact": "now", "op": op, "value": {"anchor": f"session_{anchor}", "minutes": minutes}}


async def hold(venue: Venue, id_: str = "talk", begins: int = 60, lasts: int = 60) -> None:
    """Makes a session that begins so many minutes from now."""
    body = {"id": id_, "title": {"en": id_.title()}, **_times(venue, begins, lasts)}
    answer = await venue.client.post(SESSIONS, json=body, headers=venue.world.staff("events"))
    assert answer.status_code == 201, answer.text


async def move(venue: Venue, begins: int, lasts: int = 60, id_: str = "talk") -> None:
    body, headers = _times(venue, begins, lasts), venue.world.staff("events")
    answer = await venue.client.patch(f"{SESSIONS}/{id_}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def drop(venue: Venue, id_: str = "talk") -> None:
    answer = await venue.client.delete(f"{SESSIONS}/{id_}", headers=venue.world.staff("events"))
    assert answer.status_code == 204, answer.text


def _times(venue: Venue, begins: int, lasts: int) -> dict[str, str]:
    starts = Instant(venue.clock() + begins * MINUTE)
    return {"starts": rfc3339(starts), "ends": rfc3339(Instant(starts + lasts * MINUTE))}


async def told(venue: Venue, code: str, list_: str = "talks", **more: object) -> str:
    """`admitted`, or why the rule of a list refuses."""
    verdict = await venue.scan(code, lists=[list_], simulate=True, **more)
    if verdict["verdict"] == "admitted":
        return "admitted"
    assert verdict["reason"] == "rules", verdict
    return str(verdict["sentence"]).removeprefix("Admission here: ").removesuffix(".")


# It is 14:00 in Berlin, and the talk goes from 15:00 to 16:00.
@pytest.mark.parametrize(
    ("rule", "before", "words", "after"),
    [
        (about(">=", "start"), 59, "from 15:00", 60),
        (about(">=", "start", -10), 49, "from 14:50", 50),
        (about(">=", "start", 10), 69, "from 15:10", 70),
        (about("<", "end"), 120, "until 16:00", 119),
        (about("<", "end", -15), 105, "until 15:45", 104),
        (about("<=", "end", 30), 151, "until 16:30", 150),
        ({"not": about("<", "start", -5)}, 54, "from 14:55", 55),
    ],
)
async def test_the_tolerance_is_counted_from_the_session_of_the_ticket(
    venue: Venue, rule: dict[str, Any], before: int, words: str, after: int
) -> None:
    await hold(venue)
    await venue.world.list("talks", rules=rule)
    code, start = await venue.world.ticket(session="talk"), venue.clock()
    for minute, expected in ((before, words), (after, "admitted")):
        venue.clock.at = Instant(start + minute * MINUTE)
        assert await told(venue, code) == expected


async def test_a_session_that_is_moved_changes_the_verdict(venue: Venue) -> None:
    await venue.world.list("talks", rules=about(">=", "start", -15))
    await hold(venue)
    code = await venue.world.ticket(session="talk")
    assert await told(venue, code) == "from 14:45"
    await move(venue, begins=10)
    assert await told(venue, code) == "admitted"
    await move(venue, begins=90)
    assert await told(venue, code) == "from 15:15"


async def test_a_session_that_is_dropped_refuses_until_it_is_there_again(venue: Venue) -> None:
    await venue.world.list("talks", rules=about(">=", "start", -15))
    code = await venue.world.ticket(session="talk")
    assert await told(venue, code) == "a rule that could not be checked"
    await hold(venue, begins=5)
    assert await told(venue, code) == "admitted"
    await drop(venue)
    assert await told(venue, code) == "a rule that could not be checked"


async def test_each_ticket_is_held_to_its_own_session(venue: Venue) -> None:
    await venue.world.list("talks", rules={"all": [about(">=", "start", -15), about("<", "end")]})
    await hold(venue, "early", begins=5)
    await hold(venue, "late", begins=120)
    await hold(venue, "over", begins=-60)
    words = {"early": "admitted", "late": "from 15:45", "over": "until 14:00"}
    for session, expected in words.items():
        assert await told(venue, await venue.world.ticket(session=session)) == expected


@pytest.mark.parametrize("session", ["", "Talk", "talk ", "Any text, such as 9 May"])
async def test_a_ticket_whose_text_is_no_session_is_refused_by_the_rule_alone(
    venue: Venue, session: str
) -> None:
    await hold(venue, begins=0)
    await venue.world.list("talks", rules=about(">=", "start"))
    code = await venue.world.ticket(session=session)
    assert await told(venue, code) == "a rule that could not be checked"
    assert await venue.reason(code) == "admitted"


async def test_a_session_of_another_event_and_of_another_organisation_does_not_count(venue: Venue) -> None:
    await venue.world.list("talks", rules=about(">=", "start"))
    code = await venue.world.ticket(session="talk")
    stranger = await make_world(venue.app, "org-2", key_number=8)
    headers = venue.world.staff("events")
    other = {
        "id": "evt-9", "name": {"en": "Other"}, "zone": "Europe/Berlin",
        "starts": rfc3339(Instant(venue.clock() - HOUR)), "ends": rfc3339(Instant(venue.clock() + HOUR)),
    }  # fmt: skip
    made = await venue.client.post("/api/organizations/org-1/events", json=other, headers=headers)
    assert made.status_code == 201, made.text
    body = {"id": "talk", "title": {"en": "Talk"}, **_times(venue, 0, 30)}
    for path, staff in (
        ("/api/organizations/org-1/events/evt-9/sessions", headers),
        ("/api/organizations/org-2/events/evt-1/sessions", stranger.staff("events")),
    ):
        answer = await venue.client.post(path, json=body, headers=staff)
        assert answer.status_code == 201, answer.text
    assert await told(venue, code) == "a rule that could not be checked"
    await hold(venue, begins=0)
    assert await told(venue, code) == "admitted"


async def test_every_way_to_a_ticket_knows_its_session(venue: Venue) -> None:
    """By a code of another system, by its id, as an add-on."""
    await hold(venue)
    rule = about(">=", "start")
    await venue.world.list("talks", rules=rule)
    await venue.world.list("extras", rules=rule, types=["vip"], addons=True)
    await venue.world.ticket(session="talk", code="FOREIGN-1")
    main = await venue.world.ticket()
    await venue.world.ticket("vip", session="talk", main="org-1-t2")
    assert await told(venue, "FOREIGN-1") == "from 15:00"
    assert await told(venue, main, "extras") == "from 15:00"
    by_id = await venue.admit("org-1-t1", {"lists": ["talks"], "opId": "by-id"})
    assert by_id.json()["unmet"][0]["moment"] == rfc3339(Instant(venue.clock() + HOUR))


async def test_a_kiosk_that_admitted_before_it_knew_of_the_move_is_told_of_a_conflict(venue: Venue) -> None:
    await venue.world.list("talks", rules=about(">=", "start", -15))
    await hold(venue, begins=10)
    code = await venue.world.ticket(session="talk")
    at = venue.clock()
    await move(venue, begins=90)
    [answer] = await venue.upload(alone("alone-1", at, code=code, lists=["talks"], list="talks"))
    assert (answer["status"], answer["detail"]["mark"]) == ("conflict", "conflict")


async def test_kiosks_at_the_door_hear_of_a_session_that_is_made_moved_and_dropped(venue: Venue) -> None:
    display = await venue.world.device("display-1", "display")
    (_, cursor), now = await venue.changes(), venue.clock()
    heard = []
    for step in (hold(venue), move(venue, begins=90, lasts=30), drop(venue)):
        await step
        changes, cursor = await venue.changes(cursor)
        heard += [(change["table"], change["key"], change["row"]) for change in changes]
    for begins, ends, (table, key, row) in zip((60, 90), (120, 120), heard, strict=False):
        times = {"starts": now + begins * MINUTE, "ends": now + ends * MINUTE}
        assert (table, key, row) == ("event_session", "talk", {"id": "talk", "event": "evt-1", **times})
    assert heard[2:] == [("event_session", "talk", None)]
    seen, _ = await venue.changes(headers=display)
    assert [change for change in seen if change["table"] == "event_session"] == []
