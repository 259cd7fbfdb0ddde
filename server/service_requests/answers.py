"""Service requests as they are answered: whole to staff and desks, little to the customer who made one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TypeVar

from sqlalchemy import Connection

from domain import service_request as rules
from domain.service_request import Labour, Part
from server.queues import store as queues
from server.queues.values import Point
from server.service_requests import photos, store
from server.service_requests.schemas import (
    ApprovalOut,
    CustomerOut,
    DeviceOut,
    EstimateOut,
    LabourOut,
    NoteOut,
    PartOut,
    PhotoOut,
    PublicRequest,
    RequestOut,
)
from server.service_requests.values import Note, Offer, Photo, Request

PAGE = "repair"
"""The customer's own page: `/repair/{secret}`."""
ROUTES = "/api/crm/reservations/service-request"

T = TypeVar("T", Note, Offer, Photo)


def one(connection: Connection, of: Request, base_url: str) -> RequestOut:
    return whole(connection, [of], base_url)[0]


def whole(connection: Connection, requests: Sequence[Request], base_url: str) -> list[RequestOut]:
    """Several at once, with one query for each kind of what belongs to them."""
    ids = [each.id for each in requests]
    notes = _by_request(store.notes_of(connection, ids))
    offers = _by_request(store.offers_of(connection, ids))
    shots = _by_request(photos.of_requests(connection, ids))

    @cache
    def point(org: str, id_: str) -> Point:
        return queues.past_point(connection, org, id_)

    return [
        _out(of, point(of.org, of.service_point), notes[of.id], offers[of.id], shots[of.id], base_url)
        for of in requests
    ]


def public(of: Request, base_url: str) -> PublicRequest:
    return PublicRequest(
        id=of.id,
        number=of.number,
        service_point=of.service_point,
        state=of.state,
        device=DeviceOut.model_validate(of.device, from_attributes=True),
        problem=of.problem,
        link=link(of, base_url),
        created=of.created,
    )


def link(of: Request, base_url: str) -> str:
    return f"{base_url}/{PAGE}/{of.secret}"


def _out(
    of: Request, point: Point, notes: list[Note], offers: list[Offer], shots: list[Photo], base_url: str
) -> RequestOut:
    said = of.customer
    estimates = [_estimate(each, of.currency) for each in offers]
    total, newest = rules.total(of.parts, of.labour), offers[-1] if offers else None
    return RequestOut(
        id=of.id,
        number=of.number,
        code=of.code,
        service_point=of.service_point,
        state=of.state,
        since=of.since,
        allowed=list(rules.following(point.settings.steps, of.state)),
        customer=CustomerOut(email=said.email, name=said.name, phone=said.phone, language=said.language),
        contact=said.contact,
        device=DeviceOut.model_validate(of.device, from_attributes=True),
        problem=of.problem,
        condition=of.condition,
        accessories=list(of.accessories),
        photos=[photo(each) for each in shots],
        notes=[NoteOut.model_validate(each, from_attributes=True) for each in notes],
        parts=_parts(of.parts),
        labour=_labour(of.labour),
        total=total,
        over_estimate=newest is not None and newest.terms.exceeded_by(total),
        currency=of.currency,
        estimate=estimates[-1] if estimates else None,
        earlier_estimates=estimates[:-1],
        promised=of.promise.due,
        paused_since=of.promise.paused,
        assignee=of.assignee,
        link=link(of, base_url),
        version=of.version,
        created=of.created,
        changed=of.changed,
    )


def photo(of: Photo) -> PhotoOut:
    address = f"{ROUTES}/photo/{of.id}"
    return PhotoOut(
        id=of.id,
        signature=of.signature,
        width=of.width,
        height=of.height,
        thumb=f"{address}/thumb",
        full=f"{address}/full",
    )


def _estimate(of: Offer, currency: str) -> EstimateOut:
    terms, decided, approval = of.terms, of.decided, None
    if decided is not None and of.decision is not None:
        approval = ApprovalOut(
            decision=of.decision,
            at=decided.at,
            actor=decided.actor,
            by=decided.person,
            reason=decided.reason,
        )
    return EstimateOut(
        revision=terms.revision,
        low=terms.low,
        high=terms.high,
        total=rules.total(of.parts, of.labour),
        currency=currency,
        valid_until=terms.valid_until,
        note=of.note,
        parts=_parts(of.parts),
        labour=_labour(of.labour),
        given=of.given,
        actor=of.actor,
        approval=approval,
    )


def _parts(lines: Iterable[Part]) -> list[PartOut]:
    return [PartOut.model_validate(line, from_attributes=True) for line in lines]


def _labour(lines: Iterable[Labour]) -> list[LabourOut]:
    return [LabourOut.model_validate(line, from_attributes=True) for line in lines]


def _by_request(found: Iterable[T]) -> defaultdict[str, list[T]]:
    sorted_: defaultdict[str, list[T]] = defaultdict(list)
    for each in found:
        sorted_[str(each.request)].append(each)
    return sorted_
