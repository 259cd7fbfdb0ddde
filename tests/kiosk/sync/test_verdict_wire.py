"""The server's verdict as JSON, also of a server that is newer than this kiosk."""

from typing import Any

import pytest

from domain.admission import Ask, Reason, Refused
from domain.door_rules import Test as Comparison
from kiosk.sync import verdict_wire

_TICKET = {
    "id": "t1",
    "type": {"id": "vip", "name": "VIP", "colour": "#b0892b"},
    "name": "Ann",
    "seat": "12",
    "session": "",
    "order": "R1",
    "note": "",
    "attention": True,
    "perks": ["drink"],
    "state": "pending",
    "due": 1_500,
    "currency": "EUR",
}
_BASE: dict[str, Any] = {
    "opId": "op1",
    "at": "2026-05-10T12:00:00.000Z",
    "direction": "entry",
    "sentence": "words",
    "list": {"id": "main", "name": "Main"},
    "ticket": _TICKET,
    "first": None,
}


def test_a_refusal_by_rule_names_the_rule() -> None:
    unmet = {"fact": "now", "op": ">=", "value": None, "moment": "2026-05-10T18:50:00Z", "negated": False}
    read = verdict_wire.verdict({**_BASE, "verdict": "refused", "reason": "rules", "unmet": [unmet]})
    assert isinstance(read.verdict, Refused)
    [found] = read.verdict.unmet
    assert (found.test, found.moment) == (Comparison("now", ">=", ""), 1_778_439_000_000)


def test_questions_and_what_is_due_come_along() -> None:
    question = {"id": "size", "text": {"en": "Size?"}, "kind": "choice", "required": True, "choices": ["S"]}
    read = verdict_wire.verdict({**_BASE, "verdict": "ask", "questions": [question], "unpaid": True})
    assert isinstance(read.verdict, Ask)
    assert (read.verdict.questions[0].choices, read.verdict.unpaid) == (("S",), True)
    assert (read.verdict.ticket.due, read.verdict.ticket.perks) == (1_500, ("drink",))
    assert read.type is not None
    assert read.type.colour == "#b0892b"


def test_a_reason_that_came_later_is_a_refusal_with_the_servers_words() -> None:
    read = verdict_wire.verdict({**_BASE, "verdict": "refused", "reason": "eclipse", "more": 1})
    assert isinstance(read.verdict, Refused)
    assert (read.verdict.reason, read.sentence) == (Reason.ERROR, "words")


@pytest.mark.parametrize("broken", [{}, {"verdict": "maybe"}, {"verdict": "admitted", "ticket": None}])
def test_what_is_no_verdict_is_not_taken_for_one(broken: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        verdict_wire.verdict({**_BASE, **broken})
