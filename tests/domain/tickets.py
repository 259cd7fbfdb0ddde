"""A ticket, a list and scans, as the tests of admission have them."""

from collections.abc import Sequence
from dataclasses import replace

from domain import clock, door_rules
from domain.admission import (
    Asked,
    CheckInList,
    Direction,
    Found,
    Reason,
    Refused,
    Scan,
    Verdict,
    decide,
)
from domain.clock import Instant
from domain.ids import EventId, ListId, OpId, TicketId, TicketTypeId
from domain.ticket import Ticket, TicketState

GALA, FAIR = EventId("gala"), EventId("fair")
SEAT, STAND, SOUP = TicketTypeId("seat"), TicketTypeId("stand"), TicketTypeId("soup")
TICKET = Ticket(TicketId("t1"), GALA, SEAT, number=1, name="Ada Lovelace")
DOOR = CheckInList(ListId("door"), GALA, "Door")
VOID = [TicketState.BLOCKED, TicketState.CANCELED, TicketState.REFUNDED]


def at(local: str) -> Instant:
    return clock.parse(f"2026-05-10T{local}:00Z")


def scan(op: str, when: Instant, **more: object) -> Scan:
    return replace(Scan(OpId(op), when, TICKET.id, DOOR.id), **more)  # type: ignore[arg-type]


def entry(op: str, local: str, **more: object) -> Scan:
    return scan(op, at(local), **more)


def leaving(op: str, local: str) -> Scan:
    return scan(op, at(local), direction=Direction.EXIT)


def undo(op: str, local: str, undoes: str, **more: object) -> Scan:
    return scan(op, at(local), undoes=OpId(undoes), **more)


def verdict(
    local: str = "20:00",
    *past: Scan,
    ticket: Ticket = TICKET,
    lists: Sequence[CheckInList] = (DOOR,),
    found: Found | None = None,
    **asked: object,
) -> Verdict:
    question = Asked(at(local), **asked)  # type: ignore[arg-type]
    return decide(question, found or Found((ticket,)), lists, past)


def reason(answer: Verdict) -> Reason | None:
    return answer.reason if isinstance(answer, Refused) else None


def with_list(**more: object) -> list[CheckInList]:
    return [replace(DOOR, **more)]  # type: ignore[arg-type]


def with_ticket(**more: object) -> Ticket:
    return replace(TICKET, **more)  # type: ignore[arg-type]


def from_(local: str) -> door_rules.Rule:
    return door_rules.read({"fact": "now", "op": ">=", "value": {"time": local}})


def about_session(op: str, anchor: str, minutes: int = 0) -> door_rules.Rule:
    return door_rules.read(
        {"fact": "now", "op": op, "value": {"anchor": f"session_{anchor}", "minutes": minutes}}
    )


ADDON = Ticket(TicketId("t2"), GALA, SOUP, number=2, main=TICKET.id)
SOUPS = replace(DOOR, types=frozenset({SOUP}), addons=True)
TALK = with_ticket(session="talk", session_starts=at("20:00"), session_ends=at("21:00"))
