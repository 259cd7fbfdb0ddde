"""Service requests as what the Desk shows, and a photo as it is sent."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from domain import clock
from domain.clock import Instant
from domain.service_request import State, lacks
from kiosk.sync.request_wire import EstimateSeen, RequestSeen, Taken
from kiosk.ui.request_views import EstimateView, IntakeRequest, NoteView, RequestView, TakenView
from kiosk.ui.text import joined

_QUALITY = 88


def request_view(of: RequestSeen, zone: ZoneInfo, now: Instant) -> RequestView:
    """What may follow but for an estimate, or the customer's answer to it, is not offered."""
    terms = of.estimate.terms if of.estimate else None
    return RequestView(
        id=of.id,
        number=of.number,
        device=joined(of.device),
        state=of.state,
        name=of.name,
        phone=of.phone,
        email=of.email,
        problem=of.problem,
        condition=of.condition,
        accessories=of.accessories,
        notes=tuple(NoteView(clock.local(note.at, zone), note.text, note.public) for note in of.notes),
        photos=of.photos,
        promised=clock.local(of.promised, zone) if of.promised is not None else None,
        waits=of.paused,
        following=tuple(state for state in of.allowed if lacks(state, terms, now) is None),
        version=of.version,
        parts=of.parts,
        labour=of.labour,
        currency=of.currency,
        estimate=_estimate_view(of.estimate, zone, now) if of.estimate else None,
        may_ask=State.WAITING_APPROVAL in (of.state, *of.allowed),
        over=of.over,
        today=clock.local(now, zone).date(),
    )


def taken_view(taken: Taken, of: IntakeRequest) -> TakenView:
    return TakenView(joined((of.type, of.brand, of.model, of.name)), taken.number, taken.code)


def _estimate_view(of: EstimateSeen, zone: ZoneInfo, now: Instant) -> EstimateView:
    terms = of.terms
    return EstimateView(
        low=terms.low,
        high=terms.high,
        at=clock.local(of.at, zone),
        until=clock.local(terms.valid_until, zone) if terms.valid_until is not None else None,
        decision=terms.decision,
        by=of.by,
        reason=of.reason,
        expired=terms.expired(now),
    )


def jpeg(picture: QImage) -> bytes:
    """May be called on any thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "JPEG", _QUALITY)  # type: ignore[call-overload]
    return bytes(buffer.data().data())
