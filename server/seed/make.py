"""Makes the sample organisation, or opens the one that is there."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from domain import ticket_code
from domain.errors import Problem
from server.admission import lists
from server.app import open_database, system_clock
from server.auth import staff_service, store
from server.auth.caller import Caller, Role
from server.auth.passwords import Passwords, generated
from server.auth.schemas import StaffIn
from server.auth.tables import organizations
from server.db.database import Clock, Database, Transaction
from server.events import service as event_service
from server.events.life import Step
from server.events.sessions import service as session_service
from server.ids import new_id
from server.queues import service_points
from server.reservations import definitions
from server.seed import program, repairs, sample
from server.seed.contents import contents
from server.seed.names import People, Person
from server.service_requests import intake, updating
from server.settings import Settings
from server.ticketing import issuing, types
from server.ticketing import store as ticket_store
from server.ticketing.codes import Printed
from server.ticketing.issuing import Reserved

SIGNED = 25_000
"""Signing a code takes as long as all else about a ticket: those beyond this many have the codes of
another system, which are just as good at the door."""
_CHUNK = 50_000
_ACTOR = "system"


class SeedError(Exception):
    """The sample data cannot be made; the message says what to do."""


def seed(settings: Settings, *, tickets: int = 2_000, clock: Clock = system_clock) -> dict[str, object]:
    """Makes the sample organisation in the database of `settings`, and says what is in it.

    Where it is there already nothing is added: the administrator gets a new password, and the answer
    names what there is. Raises `SeedError`, and `SchemaError` for a database that cannot be opened.
    """
    database = open_database(settings, clock)
    try:
        return asyncio.run(_seed(database, tickets))
    except Problem as fault:
        raise SeedError(fault.detail) from fault
    finally:
        database.close()


async def _seed(database: Database, count: int) -> dict[str, object]:
    password = generated()
    digest = await Passwords().digest(password)
    if await database.read(_is_there):
        await database.write(lambda t: _renew(t, digest))
    else:
        await database.write(lambda t: _make(t, digest))
        await _issue(database, sample.HARBOUR, sample.HARBOUR_TICKETS)
        await _issue(database, sample.SUMMIT, count)
    return {
        "orgId": sample.ORG,
        "staff": {"email": sample.EMAIL, "password": password},
        **await database.read(lambda c: contents(c, sample.ORG)),
    }


def _is_there(connection: Connection) -> bool:
    asked = select(organizations.c.id).where(organizations.c.id == sample.ORG)
    return connection.execute(asked).first() is not None


def _renew(transaction: Transaction, digest: str) -> None:
    person = store.person_by_email(transaction.connection, sample.EMAIL)
    if person is None or person.org != sample.ORG:
        raise SeedError(
            f"there is an organisation {sample.ORG!r} without {sample.EMAIL}: it is not the sample; "
            "seed another data folder"
        )
    staff_service.change_person(transaction, person, _ACTOR, {"password": digest, "active": True})


def _make(transaction: Transaction, digest: str) -> None:
    org = staff_service.add_organization(transaction, id_=sample.ORG, name=sample.ORG_NAME, zone=sample.ZONE)
    admin = StaffIn(email=sample.EMAIL, name="Sample administrator", permissions=["admin"])
    person = staff_service.add_person(transaction, org, _ACTOR, admin, digest)
    caller = Caller(Role.STAFF, org, person.id, frozenset({"admin"}))
    for new in sample.events(transaction.now):
        event = event_service.add(transaction, org, caller.actor, new)
        event_service.step(transaction, event, caller.actor, Step.PUBLISH)
        for tier in sample.TYPES:
            types.add(transaction, org, event.id, caller.actor, tier)
        if event.id == sample.SUMMIT:
            for session in program.sessions(event.starts):
                session_service.add(transaction, org, event.id, caller.actor, session)
    for event_id, wanted in sample.LISTS:
        lists.add(transaction, caller, event_id, wanted)
    for point in sample.SERVICE_POINTS:
        service_points.create(transaction, org, caller.actor, point)
    for service in sample.SERVICES:
        definitions.create(transaction, org, caller.actor, service)
    for taken, done in repairs.repairs(transaction.now):
        request = intake.take_in(transaction, org, caller.actor, taken)
        for change in done:
            request = updating.update(transaction, request, change, caller.actor)


async def _issue(database: Database, event: str, count: int) -> None:
    """Writes tickets in large steps; nobody has a copy yet that changes would have to reach."""
    reserved = await database.write(lambda t: issuing.reserve(t, sample.ORG, event, _ACTOR, count))
    await database.write(_widen)
    people = People(seed=sum(event.encode()))
    kinds = issuing.prepare(reserved, [sample.ticket(n) for n in range(sample.PERIOD)])
    templates = [ticket_store.columns(kind.ticket) for kind in kinds]
    for start in range(0, count, _CHUNK):
        numbers = range(start, min(start + _CHUNK, count))
        rows = [_row(reserved, templates[n % sample.PERIOD], n, people.next(n)) for n in numbers]
        await database.write(partial(_add, rows=rows))


def _add(transaction: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    ticket_store.add_rows(transaction.connection, len(rows), rows)


def _row(reserved: Reserved, template: Mapping[str, Any], n: int, person: Person) -> dict[str, Any]:
    """The columns of the n-th ticket, from those of its kind."""
    number = reserved.first + n
    foreign = sample.foreign_code(reserved.event, n) if n >= SIGNED else None
    tier = reserved.tiers[template["type"]]
    code = foreign or reserved.key.code(Printed(reserved.event_number, number, tier.number))
    return {
        **template,
        "id": new_id(reserved.at),
        "number": number,
        "digest": ticket_code.digest(code),
        "foreign_code": foreign,
        "name": person.name,
        "email": person.email,
        "order_number": f"R{n // 3 + 10_000}",
        "seat": sample.seat(n) if tier.id == "vip" else "",
    }


def _widen(transaction: Transaction) -> None:
    """Lets the indexes of very many tickets stay in memory while they grow."""
    if transaction.connection.dialect.name == "sqlite":
        transaction.connection.exec_driver_sql("PRAGMA cache_size = -200000")
