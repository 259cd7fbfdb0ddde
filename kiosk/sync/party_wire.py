"""An entry of the line as JSON, in its form for staff and devices, as a value."""

from collections.abc import Mapping
from typing import Any

from domain import clock
from domain.clock import Instant
from domain.ids import EntryId, ServicePointId
from domain.queue import Entry, State
from kiosk.store.party import Party


def party(read: Mapping[str, Any]) -> Party:
    """Raises `ValueError`, `KeyError` or `TypeError` for an answer that is not one."""
    entry = Entry(
        id=EntryId(str(read["id"])),
        service_point=ServicePointId(str(read["servicePoint"])),
        number=str(read["number"]),
        category=str(read["category"]),
        joined=clock.parse(read["joined"]),
        sequence=int(read.get("sequence") or 0),
        changed=clock.parse(read["changed"]),
        priority=str(read.get("priority") or "normal"),
        state=State(str(read["state"])),
        counter=_optional(read.get("counter")),
        called=_instant(read.get("called")),
        calls=int(read.get("calls") or 0),
        front=bool(read.get("front")),
        arrived=bool(read.get("arrived", True)),
        held_from=State(str(read["heldFrom"])) if read.get("heldFrom") else None,
    )
    return Party(
        entry,
        visit=str(read.get("visit") or read["id"]),
        name=str(read.get("name") or ""),
        call_by_name=bool(read.get("callByName")),
        party=int(read.get("party") or 1),
        note=str(read.get("note") or ""),
        version=int(read["version"]),
        can_undo=bool(read.get("canUndo")),
    )


def _optional(value: object) -> str | None:
    return None if value is None else str(value)


def _instant(value: object) -> Instant | None:
    return clock.parse(value) if isinstance(value, str) else None
