"""The door of the stand-in server: verdicts online, and facts that kiosks bring."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson

from domain import admission, clock, lookup
from domain.admission import Admitted, Ask, Asked, Direction, Refused, Scan
from domain.clock import Instant
from domain.door_rules import Moment, Unmet
from domain.errors import Conflict, NotFound
from domain.ids import ListId
from domain.sync import Status
from domain.ticket import Ticket
from kiosk.store.catalog import Catalog
from tests.kiosk.sample import EVENT
from tests.kiosk.standin_state import Device, ServerState, Tickets

Answer = dict[str, Any]
Body = Mapping[str, Any]

_WORDS = {Admitted: "admitted", Ask: "ask", Refused: "refused"}


def check_in(state: ServerState, device: Device, body: Body, ticket: str | None) -> Answer:
    """One scan online; recorded unless it asks."""
    known = state.catalog()
    tickets = Tickets(state.tables, known)
    lists = [known.lists[ListId(id_)] for id_ in body["lists"] if id_ in known.lists]
    asked = _asked(body, state.now())
    if ticket is None:
        found = lookup.look_up(body["code"], tickets, tickets.verify, asked.at, addons=True)
    else:
        picked = tickets.by_id(ticket)
        found = admission.Found((picked,)) if picked else admission.Found()
    recorded = body["opId"] in state.tables.get("scan", {})
    past = [scan for scan in state.scans((*found.tickets, *found.addons)) if scan.op != body["opId"]]
    made = admission.decide(asked, found, lists, past)
    if not isinstance(made, Ask) and not recorded:
        _record(state, device, asked.at, made, lists[0].id, body)
    return _verdict(known, body["opId"], asked, made, recorded)


def kiosks_own(op: str) -> str:
    """Where a kiosk's verdict is kept when the server had given another, which came too late."""
    return f"{op}-kiosk"


def undo_check_in(state: ServerState, device: Device, undoes: str, op: str, at: Instant) -> Answer:
    scans = state.tables.get("scan", {})
    scan, own = scans.get(undoes), scans.get(kiosks_own(undoes))
    if scan is None:
        raise NotFound("there is no such scan")
    if not scan["granted"] and own is not None and own["granted"] and not own["undoes"]:
        scan = own
    if not scan["granted"]:
        raise Conflict("this scan admitted nobody", code="not_admitted")
    state.put("scan", **{**scan, "op": op, "at": at, "undoes": scan["op"], "device": device.id})
    return {"opId": op, "undoes": undoes, "at": clock.rfc3339(at)}


def redeem(state: ServerState, ticket: str, perk: str) -> None:
    known = Tickets(state.tables, state.catalog()).by_id(ticket)
    if known is None:
        raise NotFound("there is no such ticket")
    if perk not in known.perks_left:
        raise Conflict(f"{perk!r} was handed out before", code="perk_redeemed")
    state.put("ticket", id=ticket, redeemed=orjson.dumps([*known.redeemed, perk]).decode())


def keep(state: ServerState, device: Device, op: str, at: Instant, payload: Body) -> tuple[str, Answer]:
    """The kiosk's verdict is a fact; who was admitted twice is marked, on both sides."""
    known = state.catalog()
    list_ = known.lists.get(payload["list"])
    if list_ is None:
        raise NotFound("there is no such list", code="list_unknown")
    ticket = _of_payload(state, known, payload, at)
    state.put(
        "scan",
        op=op,
        at=at,
        ticket=ticket.id if ticket else "",
        event=EVENT.id,
        list=payload["list"],
        direction=payload["direction"],
        granted=int(payload["verdict"] == "admitted"),
        reason=payload["reason"] or "",
        gate=payload["gate"],
        device=device.id,
        forced=int(payload["forced"]),
        undoes=None,
        mark="",
    )
    pairs = admission.presence(state.scans([ticket]), list_).double if ticket else ()
    for scan in (scan for pair in pairs for scan in pair):
        if state.tables["scan"][scan.op]["mark"] != "double":
            state.put("scan", op=scan.op, mark="double")
    standing = [first for first, second in pairs if op in (first.op, second.op)]
    detail: Answer = {"verdict": payload["verdict"], "mark": "double" if standing else None}
    if standing:
        detail["first"] = _first(standing[0])
    return Status.CONFLICT if standing else Status.APPLIED, detail


def _of_payload(state: ServerState, known: Catalog, payload: Body, at: Instant) -> Ticket | None:
    tickets = Tickets(state.tables, known)
    if "ticketId" in payload:
        return tickets.by_id(payload["ticketId"])
    found = lookup.look_up(payload["code"], tickets, tickets.verify, at, addons=False)
    return found.tickets[0] if found.tickets else None


def _asked(body: Body, now: Instant) -> Asked:
    return Asked(
        now,
        Direction(body["direction"]),
        body["gate"],
        body["force"],
        body["answers"],
        body["confirmed"],
        body["confirmUnpaid"],
    )


def _record(
    state: ServerState, device: Device, at: Instant, made: Admitted | Refused, first: ListId, body: Body
) -> None:
    state.put(
        "scan",
        op=body["opId"],
        at=at,
        ticket=made.ticket.id if made.ticket else "",
        event=EVENT.id,
        list=made.list or first,
        direction=body["direction"],
        granted=int(isinstance(made, Admitted)),
        reason=made.reason if isinstance(made, Refused) else "",
        gate=body["gate"],
        device=device.id,
        forced=int(body["force"]),
        undoes=None,
        mark="",
    )


def _verdict(known: Catalog, op: str, asked: Asked, made: admission.Verdict, again: bool) -> Answer:
    list_ = known.lists.get(made.list) if made.list else None
    first = made.first if isinstance(made, Refused) else None
    questions = made.questions if isinstance(made, Ask) else ()
    return {
        "verdict": _WORDS[type(made)],
        "reason": made.reason if isinstance(made, Refused) else None,
        "sentence": f"{_WORDS[type(made)]} by the server",
        "opId": op,
        "at": clock.rfc3339(asked.at),
        "direction": asked.direction,
        "list": {"id": list_.id, "name": list_.name} if list_ else None,
        "ticket": _ticket(known, made.ticket) if made.ticket else None,
        "first": _first(first) if first else None,
        "unmet": [*map(_unmet, made.unmet)] if isinstance(made, Refused) else [],
        "questions": [asdict(question) for question in questions],
        "confirmations": list(made.confirmations) if isinstance(made, Ask) else [],
        "unpaid": isinstance(made, Ask) and made.unpaid,
        "duplicate": again,
        "forced": asked.force,
    }


def _ticket(known: Catalog, ticket: Ticket) -> Answer:
    type_ = known.types[ticket.event, ticket.type]
    return {
        "id": ticket.id,
        "type": {"id": type_.id, "name": type_.name, "colour": type_.colour},
        "name": ticket.name,
        "seat": ticket.seat,
        "session": ticket.session,
        "order": ticket.order,
        "note": ticket.note,
        "attention": ticket.attention,
        "perks": list(ticket.perks_left),
        "redeemed": list(ticket.redeemed),
        "state": ticket.state,
        "due": ticket.due,
        "currency": ticket.currency,
    }


def _unmet(unmet: Unmet) -> Answer:
    value = unmet.test.value
    return {
        "fact": unmet.test.fact,
        "op": unmet.test.op,
        "value": None if isinstance(value, Moment) else value,
        "moment": None if unmet.moment is None else clock.rfc3339(unmet.moment),
        "negated": unmet.negated,
        "unknown": unmet.unknown,
    }


def _first(scan: Scan) -> Answer:
    return {
        "opId": scan.op,
        "at": clock.rfc3339(scan.at),
        "gate": scan.gate,
        "device": scan.device or "",
        "deviceName": f"Name of {scan.device}",
    }
