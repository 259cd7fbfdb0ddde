"""Verdicts as the door is told of them."""

from collections.abc import Iterable
from typing import assert_never

from domain import clock, wording
from domain.admission import Admitted, Ask, Direction, Refused, Scan
from domain.door_rules import Moment, Unmet
from domain.ticket import Ticket
from domain.wording import Phrase
from server.admission.schemas import FirstOut, NamedList, Question, TicketOut, TypeOut, UnmetOut, VerdictOut
from server.admission.service import Outcome
from server.admission.store import TypeFace
from server.texts import text


def verdict_out(outcome: Outcome) -> VerdictOut:
    """The whole answer, sentence included."""
    verdict, list_ = outcome.verdict, outcome.list
    common = {
        "op_id": outcome.op,
        "at": outcome.at,
        "direction": outcome.direction,
        "list": NamedList(id=list_.id, name=list_.name) if list_ else None,
        "ticket": ticket_out(verdict.ticket, outcome.face) if verdict.ticket and outcome.face else None,
        "sentence": _sentence(outcome),
        "duplicate": outcome.duplicate,
    }
    match verdict:
        case Admitted():
            return VerdictOut(verdict="admitted", forced=verdict.forced, **common)
        case Ask():
            questions = [
                Question(
                    id=q.id, text=dict(q.text), kind=q.kind, required=q.required, choices=list(q.choices)
                )
                for q in verdict.questions
            ]
            return VerdictOut(
                verdict="ask",
                questions=questions,
                confirmations=verdict.confirmations,
                unpaid=verdict.unpaid,
                **common,
            )
        case Refused():
            return VerdictOut(
                verdict="refused",
                reason=verdict.reason,
                first=_first(verdict.first, outcome.first_device),
                unmet=[_unmet(unmet) for unmet in verdict.unmet],
                **common,
            )
        case _:
            assert_never(verdict)


def ticket_out(ticket: Ticket, face: TypeFace) -> TicketOut:
    return TicketOut(
        id=ticket.id,
        type=TypeOut(id=ticket.type, name=face.name, colour=face.colour),
        name=ticket.name,
        seat=ticket.seat,
        session=ticket.session,
        order=ticket.order,
        note=ticket.note,
        attention=ticket.attention,
        perks=list(ticket.perks_left),
        redeemed=list(ticket.redeemed),
        state=ticket.state,
        due=ticket.due,
        currency=ticket.currency,
    )


def _sentence(outcome: Outcome) -> str:
    match verdict := outcome.verdict:
        case Admitted():
            entry = verdict.direction is Direction.ENTRY
            return text("verdict.admitted.sentence" if entry else "verdict.exit.sentence")
        case Ask():
            return text("verdict.ask.sentence")
        case Refused():
            first = _joined(wording.first(verdict.first, outcome.first_device), outcome)
            if first:
                return text("verdict.already_in.first", {"first": first})
            rules = _joined(map(wording.rule, verdict.unmet), outcome) or text("rule.other")
            return text(f"verdict.{verdict.reason.value}.sentence", {"rules": rules})


def _joined(phrases: Iterable[Phrase], outcome: Outcome) -> str:
    """Each once, with times of the place."""
    return ", ".join(dict.fromkeys(_said(phrase, outcome) for phrase in phrases))


def _said(phrase: Phrase, outcome: Outcome) -> str:
    params = {**phrase.params, "time": _time(phrase.at, outcome)} if phrase.at is not None else phrase.params
    return text(phrase.key, params)


def _time(at: clock.Instant, outcome: Outcome) -> str:
    """With its day where that is another than the day of the scan."""
    zone = outcome.list.zone if outcome.list else clock.zone("UTC")
    shown, scanned = clock.local(at, zone), clock.local(outcome.at, zone)
    day = "" if shown.date() == scanned.date() else f"{shown:%a} {shown.day} {shown:%b}, "
    return f"{day}{shown:%H:%M}"


def _first(scan: Scan | None, device_name: str) -> FirstOut | None:
    if scan is None:
        return None
    return FirstOut(
        op_id=scan.op, at=scan.at, gate=scan.gate, device=scan.device or "", device_name=device_name
    )


def _unmet(unmet: Unmet) -> UnmetOut:
    value = unmet.test.value
    plain = None if isinstance(value, Moment) else list(value) if isinstance(value, tuple) else value
    return UnmetOut(
        fact=unmet.test.fact,
        op=unmet.test.op,
        value=plain,
        moment=unmet.moment,
        negated=unmet.negated,
        unknown=unmet.unknown,
    )
