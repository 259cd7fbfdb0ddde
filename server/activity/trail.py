"""Reading the trail: pages of what happened, the newest first."""

from collections.abc import Sequence

import orjson
from pydantic import JsonValue
from sqlalchemy import ColumnElement, Connection, select

from server.activity.tables import activities
from server.wire import At, Out, Page, cursor_values, next_cursor

_A = activities.c


class ActivityOut(Out):
    """One thing that somebody did. `actor` is `staff:id`, `device:id`, `customer:id` or `system`."""

    id: str
    at: At
    kind: str
    subject: str
    actor: str
    data: JsonValue


def page(
    connection: Connection, wanted: Sequence[ColumnElement[bool]], limit: int, cursor: str | None
) -> Page[ActivityOut]:
    """One page of the activities for which all of `wanted` holds."""
    asked = select(activities).where(*wanted).order_by(_A.seq.desc()).limit(limit + 1)
    if cursor:
        asked = asked.where(_A.seq < cursor_values(cursor, int)[0])
    found = [
        ActivityOut(
            id=str(row.seq),
            at=row.at,
            kind=row.kind,
            subject=row.subject,
            actor=row.actor,
            data=orjson.loads(row.data),
        )
        for row in connection.execute(asked)
    ]
    return Page[ActivityOut](
        items=found[:limit], next_cursor=next_cursor(found, limit, lambda activity: (int(activity.id),))
    )
