"""Bookings at the stand-in server: one service of ten minutes, free whenever nobody has booked it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain import clock
from domain.clock import MINUTE, Instant
from domain.errors import Conflict, NotFound
from tests.kiosk import standin_line
from tests.kiosk.standin_state import ServerState

Answer = dict[str, Any]
SERVICE = "passport"
_LENGTH = 10 * MINUTE


@dataclass
class StandinBookings:
    state: ServerState
    point: str
    kept: dict[str, Answer] = field(default_factory=dict)

    def definitions(self) -> Answer:
        name = {"en": "Passport"}
        return {
            "items": [{"id": SERVICE, "servicePoint": self.point, "name": name, "durationMinutes": 10}],
            "nextCursor": None,
        }

    def slots(self, body: Mapping[str, Any]) -> Answer:
        since, until = clock.parse(body["from"]), clock.parse(body["to"])
        taken = {each["slot"]["start"] for each in self.kept.values()}
        starts = [clock.rfc3339(Instant(at)) for at in range(since, until, _LENGTH)]
        return {"slots": [{"start": start, "seatsLeft": 1} for start in starts if start not in taken]}

    def create(self, body: Mapping[str, Any]) -> Answer:
        start = body["slot"]["start"]
        if start in {each["slot"]["start"] for each in self.kept.values()}:
            raise Conflict("this time is not free any more: choose another one", code="slot_taken")
        id_ = f"r{len(self.kept)}"
        self.kept[id_] = {
            "id": id_,
            "reservationNumber": f"K7Q2M4XP{len(self.kept) + 22:02}",
            "definitionId": body["definitionId"],
            "servicePoint": self.point,
            "slot": {"start": start, "end": clock.rfc3339(Instant(clock.parse(start) + _LENGTH))},
            "state": "confirmed",
            "customer": body["customer"],
            "notes": "",
            "seats": 1,
            "queueEntry": None,
            "queueNumber": None,
        }
        return self.kept[id_]

    def listed(self, query: Mapping[str, str]) -> Answer:
        number = query.get("reservationNumber")
        found = [each for each in self.kept.values() if number in (None, each["reservationNumber"])]
        return {"items": found, "nextCursor": None}

    def check_in(self, id_: str) -> Answer:
        if id_ not in self.kept:
            raise NotFound("there is no such reservation")
        of = self.kept[id_]
        if of["state"] != "confirmed":
            raise Conflict(f"this reservation is {of['state']}", code="wrong_transition")
        said = {"entryId": f"entry-{id_}", "servicePoint": self.point, "category": "general"}
        _, joined = standin_line.join(
            self.state, {**said, "name": of["customer"].get("name", "")}, self.state.now()
        )
        of |= {"state": "checked_in", "queueEntry": said["entryId"], "queueNumber": joined["number"]}
        return of
