"""Rules of a check-in list at the door, and their words."""

from typing import Any

from domain.clock import MINUTE, Instant, rfc3339
from tests.server.admission.venue import EVENT, Venue


def fact(name: str, op: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"fact": name, "op": op, "value": value, **more}


# It is Sunday, 14:00 in Berlin; the event began an hour ago. The ticket came in at 13:30, went out, came in
# at 13:50 and went out again.
CASES: list[tuple[dict[str, Any], str]] = [
    (fact("ticket_type", "==", "general"), ""),
    (fact("ticket_type", "in", ["vip"]), "not with this ticket type"),
    (fact("gate", "==", "North"), ""),
    (fact("gate", "!=", "North"), "at another gate"),
    (fact("weekday", "==", 7), ""),
    (fact("weekday", "in", [1, 2, 3, 4, 5]), "not on this weekday"),
    (fact("entries", "<", 3), ""),
    (fact("entries", "<", 2), "entries used up (limit 2)"),
    (fact("entries", ">=", 3), "earlier entries needed: 3"),
    (fact("entries_today", "<=", 1), "entries used up (limit 1)"),
    (fact("entries_since", "<", 1, since={"time": "13:45"}), "entries used up (limit 1)"),
    (fact("entries_since", "<", 1, since={"time": "13:51"}), ""),
    (fact("entries_before", "==", 1, since={"time": "13:45"}), ""),
    (fact("minutes_since_first_entry", "<", 30), "within 30 min of the entry"),
    (fact("minutes_since_last_entry", ">=", 10), ""),
    (fact("minutes_since_last_entry", ">=", 11), "11 min after the last entry"),
    (fact("inside", "==", False), ""),
    (fact("inside", "==", True), "only for guests who are inside"),
    (fact("now", ">=", {"time": "14:00"}), ""),
    (fact("now", ">=", {"time": "18:50"}), "from 18:50"),
    (fact("now", "<", {"at": "2026-05-10T12:00:00Z"}), "until 14:00"),
    (fact("now", ">=", {"at": "2026-05-10T22:00:00Z"}), "from Mon 11 May, 00:00"),
    (fact("now", "<", {"at": "2026-05-08T08:00:00Z"}), "until Fri 8 May, 10:00"),
    (fact("now", ">=", {"anchor": "event_start", "minutes": -15}), ""),
    (fact("now", "<", {"anchor": "event_start", "minutes": 60}), "until 14:00"),
    (fact("now", "<", {"anchor": "event_end"}), ""),
    (fact("now", ">", {"anchor": "session_start"}), "a rule that could not be checked"),
    ({"not": fact("now", ">", {"anchor": "session_start"})}, "a rule that could not be checked"),
    ({"not": fact("gate", "==", "North")}, "at another gate"),
    ({"any": [fact("weekday", "==", 1), fact("gate", "==", "North")]}, ""),
    ({"any": [fact("weekday", "==", 1), fact("weekday", "==", 2)]}, "not on this weekday"),
    ({"all": [fact("gate", "==", "X"), fact("now", ">=", {"time": "18:50"})]}, "at another gate, from 18:50"),
]  # fmt: skip


async def test_each_rule_admits_or_says_why_not(venue: Venue) -> None:
    code = await venue.world.ticket()
    for minutes, direction in ((30, "entry"), (25, "exit"), (10, "entry"), (5, "exit")):
        at = rfc3339(Instant(venue.clock() - minutes * MINUTE))
        assert await venue.reason(code, direction=direction, scannedAt=at) == "admitted"
    organiser = venue.world.staff("events")
    for rules, words in CASES:
        changed = await venue.client.patch(f"{EVENT}/lists/main", json={"rules": rules}, headers=organiser)
        assert changed.status_code == 200, changed.text
        verdict = await venue.scan(code, gate="North", simulate=True)
        assert verdict["reason"] == ("rules" if words else None), rules
        if words:
            assert verdict["sentence"] == f"Admission here: {words}."


async def test_what_stands_in_the_way_is_told_in_parts_for_other_clients(venue: Venue) -> None:
    await venue.world.list("evening", rules=fact("now", ">=", {"time": "18:50"}))
    verdict = await venue.scan(await venue.world.ticket(), lists=["evening"])
    assert verdict["unmet"] == [
        {"fact": "now", "op": ">=", "value": None, "moment": "2026-05-10T16:50:00.000Z", "negated": False,
         "unknown": False},
    ]  # fmt: skip
