"""What an organisation holds, in the words of `usher seed`."""

from typing import Any

import orjson
from sqlalchemy import Connection, Select, and_, select

from server.admission.tables import check_in_lists
from server.events.tables import events
from server.queues.tables import counters, service_points
from server.reservations import store as reservations
from server.service_requests import store as requests
from server.service_requests.answers import PAGE
from server.service_requests.store import Filters
from server.ticketing.codes import Printed, signing_keys, ticket_code_of
from server.ticketing.tables import ticket_types, tickets

TOLD = 30_000
"""So many tickets are named at most."""


def contents(connection: Connection, org: str) -> dict[str, object]:
    """Events, lists, ticket types, tickets with their codes, service points with their counters, what can
    be booked there, and what lies there to be repaired."""
    e, listed, t = events.c, check_in_lists.c, ticket_types.c
    found = _rows(connection, select(e.id, e.name, e.number, e.state).where(e.org == org).order_by(e.number))
    return {
        "events": [{**event, "name": orjson.loads(event["name"])} for event in found],
        "lists": _rows(
            connection,
            select(listed.id, listed.event, listed.name)
            .where(listed.org == org)
            .order_by(listed.created, listed.id),
        ),
        "ticketTypes": _rows(
            connection,
            select(t.id, t.event, t.name, t.colour).where(t.org == org).order_by(t.event, t.number),
        ),
        "tickets": _tickets(connection, org),
        "servicePoints": _points(connection, org),
        "services": _services(connection, org),
        "serviceRequests": [
            {
                "id": each.id,
                "number": each.number,
                "code": each.code,
                "state": each.state,
                "page": f"/{PAGE}/{each.secret}",
            }
            for each in requests.listed(connection, org, Filters(), None, TOLD)
        ],
    }


def _tickets(connection: Connection, org: str) -> list[dict[str, object]]:
    keys = signing_keys(connection, org)
    type_ = and_(
        ticket_types.c.org == tickets.c.org,
        ticket_types.c.event == tickets.c.event,
        ticket_types.c.id == tickets.c.type,
    )
    asked = (
        select(tickets, events.c.number.label("event_number"), ticket_types.c.number.label("type_number"))
        .join_from(tickets, events, and_(events.c.org == tickets.c.org, events.c.id == tickets.c.event))
        .join(ticket_types, type_)
        .where(tickets.c.org == org)
        .order_by(events.c.number, tickets.c.number)
        .limit(TOLD)
    )
    return [
        {
            "id": row.id,
            "code": ticket_code_of(
                keys,
                Printed(
                    row.event_number,
                    row.number,
                    row.type_number,
                    row.generation,
                    row.valid_from,
                    row.valid_until,
                    row.foreign_code,
                ),
                bytes(row.digest),
            ),
            "name": row.name,
            "type": row.type,
            "state": row.state,
            "event": row.event,
            "number": row.number,
        }
        for row in connection.execute(asked)
    ]


def _points(connection: Connection, org: str) -> list[dict[str, object]]:
    p, c = service_points.c, counters.c
    found = _rows(
        connection,
        select(p.id, p.name).where(p.org == org, p.deleted.is_(None)).order_by(p.created, p.id),
    )
    return [
        {
            **point,
            "counters": _rows(
                connection,
                select(c.id, c.name).where(c.org == org, c.service_point == point["id"]).order_by(c.place),
            ),
        }
        for point in found
    ]


def _services(connection: Connection, org: str) -> list[dict[str, object]]:
    return [
        {"id": each.id, "name": each.settings.name, "servicePoint": each.service_point}
        for each in reservations.definitions_of(connection, org, TOLD)
    ]


def _rows(connection: Connection, asked: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(asked)]
