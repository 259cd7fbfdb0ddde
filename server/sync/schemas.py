"""What kiosks send and are sent."""

from typing import Annotated

from pydantic import Field, JsonValue

from domain.sync import Status
from server.wire import At, Id, In, Out


class OperationIn(In):
    """One act of a kiosk; `at` by its own clock."""

    op_id: Id
    kind: Annotated[str, Field(max_length=64)]
    at: At
    device_seq: Annotated[int, Field(ge=0, le=2**53)]
    base_version: Annotated[int, Field(ge=0, le=2**53)] | None = None
    payload: dict[str, JsonValue] = {}


class Operations(In):
    sent_at: At
    operations: Annotated[list[OperationIn], Field(max_length=1000)]


class AnswerOut(Out):
    op_id: str
    status: Status
    detail: dict[str, JsonValue]


class Answers(Out):
    server_time: At
    answers: list[AnswerOut]


class ChangeOut(Out):
    seq: int
    table: str
    key: str
    row: dict[str, JsonValue] | None


class Changes(Out):
    changes: list[ChangeOut]
    next_cursor: str
    more: bool
    server_time: At
