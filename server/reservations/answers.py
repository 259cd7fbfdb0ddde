"""Reservations as they are answered: whole to staff and devices, less to who knows a number."""

from collections.abc import Sequence

from sqlalchemy import Connection

from domain.clock import Instant
from domain.reservation import AHEAD, TRANSITIONS
from domain.slots import Slot
from server.queues import store as queues
from server.reservations import booking, store
from server.reservations.schemas import (
    CustomerOut,
    PublicReservation,
    ReservationOut,
    SlotOut,
    TakenSlot,
)
from server.reservations.times import local_start
from server.reservations.values import Reservation

PAGE = "booking"
"""A customer's own page of a reservation: `/booking/{secret}`."""


def many(connection: Connection, found: Sequence[Reservation], base_url: str) -> list[ReservationOut]:
    """Each service point is looked up once."""
    points = {(of.org, of.service_point) for of in found}
    zones = {(org, id_): queues.past_point(connection, org, id_).zone for org, id_ in points}
    return [_whole(connection, of, zones[of.org, of.service_point], base_url) for of in found]


def whole(connection: Connection, of: Reservation, base_url: str) -> ReservationOut:
    return many(connection, [of], base_url)[0]


def _whole(connection: Connection, of: Reservation, zone: str, base_url: str) -> ReservationOut:
    place = queues.place(connection, of.entry, of.org) if of.entry else None
    said = of.customer
    return ReservationOut(
        id=of.id,
        reservation_number=of.number,
        definition_id=of.definition,
        service_point=of.service_point,
        staff=of.staff,
        slot=TakenSlot(start=of.starts, end=of.ends),
        timezone=zone,
        local_start=local_start(of.starts, zone),
        state=of.state,
        customer=CustomerOut(email=said.email, name=said.name, phone=said.phone, language=said.language),
        notes=of.notes,
        seats=of.seats,
        sequence=of.sequence,
        version=of.version,
        contact=of.contact,
        queue_entry=of.entry,
        queue_number=place.entry.number if place else None,
        link=link(of, base_url),
        allowed=sorted(TRANSITIONS[of.state]),
        created=of.created,
        changed=of.changed,
    )


def public(connection: Connection, of: Reservation, now: Instant, base_url: str) -> PublicReservation:
    zone = queues.past_point(connection, of.org, of.service_point).zone
    definition = store.past_definition(connection, of.org, of.definition)
    return PublicReservation(
        reservation_number=of.number,
        definition_id=of.definition,
        service_point=of.service_point,
        staff=of.staff,
        slot=TakenSlot(start=of.starts, end=of.ends),
        timezone=zone,
        local_start=local_start(of.starts, zone),
        state=of.state,
        seats=of.seats,
        notes=of.notes,
        link=link(of, base_url),
        can_cancel=of.state in AHEAD and now <= booking.last_change(definition, of),
    )


def slot(of: Slot, zone: str) -> SlotOut:
    return SlotOut(
        start=of.start,
        end=of.end,
        local_start=local_start(of.start, zone),
        seats_left=of.seats,
        staff=list(of.staff),
    )


def link(of: Reservation, base_url: str) -> str:
    return f"{base_url}/{PAGE}/{of.secret}"
