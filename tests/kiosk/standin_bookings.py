"""Bookings at the stand-in server: two services of ten minutes, free whenever nobody has booked anything;
one of them is to be confirmed by staff."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain import clock
from domain.clock import MINUTE, Instant
from domain.errors import Conflict, NotFound
from tests.kiosk import standin_line
from tests.kiosk.standin_state import ServerState

Answer = dict[str, Any]
SERVICE, ASKED_FOR = "passport", "advice"
_LENGTH = 10 * MINUTE


@dataclass
class StandinBookings:
    state: ServerState
    point: str
    kept: dict[str, Answer] = field(default_factory=dict)

    def definitions(self) -> Answer:
        items = [
            {"id": id_, "servicePoint": self.point, "name": {"en": id_.title()}, "durationMinutes": 10}
            for id_ in (SERVICE, ASKED_FOR)
        ]
        return {"items": items, "nextCursor": None}

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
            "state": "pending" if body["definitionId"] == ASKED_FOR else "confirmed",
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

    def confirm(self, id_: str) -> Answer:
        of = self._in_state(id_, "pending")
        return self._keep(of, state="confirmed")

    def take_back(self, id_: str) -> Answer:
        of = self._in_state(id_, "checked_in")
        entry = self.state.tables["queue_entry"][of["queueEntry"]]
        if entry["state"] != "waiting":
            raise Conflict(f"{entry['number']} is {entry['state']}", code="moved_on")
        standin_line.move(self.state, of["queueEntry"], "leave", self.state.now(), {})
        return self._keep(of, state="confirmed", queueEntry=None, queueNumber=None)

    def check_in(self, id_: str) -> Answer:
        of = self._in_state(id_, "confirmed")
        entry = f"entry-{id_}-{len(self.state.rows('queue_entry'))}"
        said = {"entryId": entry, "servicePoint": self.point, "category": "general"}
        _, joined = standin_line.join(
            self.state, {**said, "name": of["customer"].get("name", "")}, self.state.now()
        )
        return self._keep(of, state="checked_in", queueEntry=said["entryId"], queueNumber=joined["number"])

    def _in_state(self, id_: str, state: str) -> Answer:
        if id_ not in self.kept:
            raise NotFound("there is no such reservation")
        of = self.kept[id_]
        if of["state"] != state:
            raise Conflict(f"this reservation is {of['state']}", code="wrong_transition")
        return of

    def _keep(self, of: Answer, **changed: object) -> Answer:
        of |= changed
        return of
