"""A check-in as JSON: what is asked, and the server's verdict as the domain's values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain import clock
from domain.admission import (
    Admitted,
    Ask,
    Asked,
    Direction,
    DoorQuestion,
    Reason,
    Refused,
    Scan,
    Verdict,
)
from domain.clock import Instant
from domain.door_rules import Test, Unmet
from domain.ids import DeviceId, EventId, ListId, OpId, TicketId, TicketTypeId
from domain.ticket import Ticket, TicketState, TicketType
from kiosk.sync.replies import ServerVerdict


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A scan to be decided: of a code, or of a ticket that was picked by its id."""

    op: OpId
    asked: Asked
    lists: tuple[ListId, ...]
    code: str = ""
    ticket: TicketId | None = None

    @property
    def path(self) -> str:
        return "/api/events/check-in" + ("" if self.ticket is None else f"/{self.ticket}")

    def body(self) -> dict[str, object]:
        """Without a scan time: the server's own clock is the better one."""
        said: dict[str, object] = {
            "opId": self.op,
            "lists": list(self.lists),
            "direction": self.asked.direction,
            "gate": self.asked.gate,
            "force": self.asked.force,
            "answers": dict(self.asked.answers),
            "confirmed": self.asked.confirmed,
            "confirmUnpaid": self.asked.confirmed_unpaid,
        }
        return said if self.ticket is not None else {**said, "code": self.code}


def verdict(read: Mapping[str, Any]) -> ServerVerdict:
    """Raises `ValueError`, `KeyError` or `TypeError` for an answer that is not one."""
    list_ = read.get("list")
    ticket = read.get("ticket")
    first = read.get("first") or {}
    return ServerVerdict(
        op=OpId(str(read["opId"])),
        at=clock.parse(str(read["at"])),
        verdict=_verdict(read),
        list=ListId(str(list_["id"])) if list_ else None,
        type=_type(ticket["type"]) if ticket else None,
        sentence=str(read.get("sentence") or ""),
        first_device=str(first.get("deviceName") or ""),
        duplicate=bool(read.get("duplicate")),
    )


def _verdict(read: Mapping[str, Any]) -> Verdict:
    ticket = _ticket(read["ticket"]) if read.get("ticket") else None
    list_ = ListId(str(read["list"]["id"])) if read.get("list") else None
    match read["verdict"]:
        case "admitted" if ticket is not None:
            direction = Direction(str(read["direction"]))
            return Admitted(ticket, list_ or ListId(""), direction, bool(read.get("forced")))
        case "ask" if ticket is not None:
            questions = tuple(map(_question, read.get("questions") or ()))
            confirmations = tuple(map(str, read.get("confirmations") or ()))
            return Ask(ticket, list_ or ListId(""), questions, confirmations, bool(read.get("unpaid")))
        case "refused":
            unmet = tuple(map(_unmet, read.get("unmet") or ()))
            return Refused(_reason(read.get("reason")), ticket, list_, _first(read, ticket, list_), unmet)
        case other:
            raise ValueError(f"{other!r} is no verdict")


def _reason(word: object) -> Reason:
    """A reason that this version does not know is still a refusal."""
    return Reason(str(word)) if word in set(Reason) else Reason.ERROR


def _first(read: Mapping[str, Any], ticket: Ticket | None, list_: ListId | None) -> Scan | None:
    first = read.get("first")
    if not first or ticket is None:
        return None
    device = str(first.get("device") or "")
    return Scan(
        op=OpId(str(first.get("opId") or "")),
        at=clock.parse(str(first["at"])),
        ticket=ticket.id,
        list=list_ or ListId(""),
        gate=str(first.get("gate") or ""),
        device=DeviceId(device) if device else None,
    )


def _ticket(read: Mapping[str, Any]) -> Ticket:
    return Ticket(
        id=TicketId(str(read["id"])),
        event=EventId(""),
        type=TicketTypeId(str(read["type"]["id"])),
        number=0,
        state=TicketState(str(read.get("state") or TicketState.VALID)),
        name=str(read.get("name") or ""),
        seat=str(read.get("seat") or ""),
        session=str(read.get("session") or ""),
        order=str(read.get("order") or ""),
        note=str(read.get("note") or ""),
        attention=bool(read.get("attention")),
        perks=tuple(map(str, read.get("perks") or ())),
        due=int(read.get("due") or 0),
        currency=str(read.get("currency") or ""),
    )


def _type(read: Mapping[str, Any]) -> TicketType:
    return TicketType(
        TicketTypeId(str(read["id"])), str(read.get("name") or ""), str(read.get("colour") or "")
    )


def _question(read: Mapping[str, Any]) -> DoorQuestion:
    choices: Sequence[object] = read.get("choices") or ()
    return DoorQuestion(
        id=str(read["id"]),
        text=dict(read.get("text") or {}),
        kind=str(read.get("kind") or "text"),
        required=bool(read.get("required", True)),
        choices=tuple(map(str, choices)),
    )


def _unmet(read: Mapping[str, Any]) -> Unmet:
    value = read.get("value")
    moment = read.get("moment")
    plain = value if isinstance(value, str | int) else tuple(value) if isinstance(value, list) else ""
    return Unmet(
        Test(str(read.get("fact", "")), str(read.get("op", "")), plain),
        Instant(clock.parse(moment)) if isinstance(moment, str) else None,
        bool(read.get("negated")),
        bool(read.get("unknown")),
    )
