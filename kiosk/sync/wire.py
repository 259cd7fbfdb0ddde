"""The sync's JSON as values: changes, operations, answers."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from domain import clock
from domain.clock import Instant
from domain.errors import Conflict
from domain.ids import OpId
from domain.replica import TABLES
from domain.sync import Answer, Operation, Status
from kiosk.store.replica import Change


def change(read: Mapping[str, Any]) -> Change:
    """One change. Values of BLOB columns come as base64, a BLOB key as hexadecimal digits."""
    name, row = str(read["table"]), read["row"]
    table = TABLES.get(name)
    blobs = {column for column, kind in table.columns if kind == "BLOB"} if table else set()
    key = read["key"]
    return Change(
        sequence=int(read["seq"]),
        table=name,
        key=bytes.fromhex(key) if table and table.key in blobs else key,
        row=None if row is None else {column: _value(row[column], column in blobs) for column in row},
    )


def operation(act: Operation) -> dict[str, object]:
    written: dict[str, object] = {
        "opId": act.op,
        "kind": act.kind,
        "at": clock.rfc3339(act.at),
        "deviceSeq": act.sequence,
        "payload": dict(act.payload),
    }
    if act.base_version is not None:
        written["baseVersion"] = act.base_version
    return written


def answer(read: Mapping[str, Any]) -> Answer:
    return Answer(OpId(str(read["opId"])), Status(str(read["status"])), dict(read.get("detail") or {}))


def applied(read: Mapping[str, Any]) -> Mapping[str, Any]:
    """What came of the one operation that was sent. Raises `Conflict` with the server's words where it was
    not taken."""
    found = answer(read["answers"][0])
    if found.status in (Status.REJECTED, Status.CONFLICT):
        words, code = found.detail.get("detail"), found.detail.get("code")
        raise Conflict(str(words or found.status), code=str(code or Conflict.code), more=found.detail)
    return found.detail


def server_time(read: Mapping[str, Any]) -> Instant | None:
    """When the server answered, where it says so."""
    value = read.get("serverTime")
    return clock.parse(value) if isinstance(value, str) else None


def _value(value: object, blob: bool) -> object:
    return b64decode(value) if blob and isinstance(value, str) else value
