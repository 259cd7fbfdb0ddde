"""A check-in list from the JSON of its settings, as it comes with the replica."""

from collections.abc import Mapping
from datetime import time
from typing import TYPE_CHECKING, Any

import orjson

from domain import clock, door_rules
from domain.admission import CheckInList, DoorQuestion, EntryPolicy
from domain.clock import Instant
from domain.door_rules import Rule, Test
from domain.errors import Invalid
from domain.ids import EventId, ListId

if TYPE_CHECKING:
    from kiosk.store.catalog import Event

_UNREADABLE = Test("unreadable", "==", "")
"""Stands for rules that this version cannot read: they cannot be evaluated, so they refuse."""


def check_in_list(
    id_: ListId, event_id: EventId, name: str | None, settings: str | None, event: "Event | None"
) -> CheckInList:
    """Never fails: what cannot be read of the rules refuses, what cannot be read of the rest is not set."""
    read = _object(settings)
    zone = event.zone if event else clock.zone("UTC")
    return CheckInList(
        id=id_,
        event=event_id,
        name=name or "",
        zone=zone,
        types=frozenset(_get(read, "types", ())),
        sessions=frozenset(_get(read, "sessions", ())),
        gates=frozenset(_get(read, "gates", ())),
        include_pending=bool(_get(read, "include_pending", False)),
        entry=EntryPolicy(_get(read, "entry", EntryPolicy.AFTER_EXIT)),
        addons=bool(_get(read, "addons", False)),
        checkout_at=_time(_get(read, "checkout_at", None)),
        valid_from=_instant(_get(read, "valid_from", None)),
        valid_until=_instant(_get(read, "valid_until", None)),
        confirmations=tuple(_get(read, "require_confirmation", ())),
        questions=tuple(map(_question, _get(read, "questions", ()))),
        rules=_rules(_get(read, "rules", None)),
        anchors=_anchors(event, _get(read, "anchors", {})),
    )


def _object(settings: str | None) -> Mapping[str, Any]:
    try:
        read = orjson.loads(settings or "{}")
    except orjson.JSONDecodeError:
        return {"rules": "unreadable"}
    return read if isinstance(read, dict) else {"rules": "unreadable"}


def _get(settings: Mapping[str, Any], name: str, default: Any) -> Any:
    first, *others = name.split("_")
    value = settings.get(first + "".join(map(str.capitalize, others)), settings.get(name))
    return default if value is None else value


def _rules(tree: object) -> Rule | None:
    if tree is None:
        return None
    try:
        return door_rules.read(tree)
    except Invalid:
        return _UNREADABLE


def _question(read: Mapping[str, Any]) -> DoorQuestion:
    return DoorQuestion(
        id=str(read.get("id", "")),
        text=dict(read.get("text", {})),
        kind=str(read.get("kind", "text")),
        required=bool(read.get("required", True)),
        choices=tuple(read.get("choices", ())),
    )


def _anchors(event: "Event | None", named: Mapping[str, Any]) -> dict[str, Instant]:
    own = {"event_start": event.starts, "event_end": event.ends} if event else {}
    given = {name: _instant(value) for name, value in named.items()}
    return {**own, **{name: at for name, at in given.items() if at is not None}}


def _instant(value: object) -> Instant | None:
    match value:
        case int():
            return Instant(value)
        case str():
            return clock.parse(value)
        case _:
            return None


def _time(value: object) -> time | None:
    return time.fromisoformat(value) if isinstance(value, str) else None
