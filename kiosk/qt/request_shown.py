"""Service requests as what the Desk shows, and a photo as it is sent."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from domain import clock
from kiosk.sync.request_wire import RequestSeen, Taken
from kiosk.ui.request_views import IntakeRequest, NoteView, RequestView, TakenView
from kiosk.ui.text import joined

_QUALITY = 88


def request_view(of: RequestSeen, zone: ZoneInfo) -> RequestView:
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
        following=of.allowed,
    )


def taken_view(taken: Taken, of: IntakeRequest) -> TakenView:
    return TakenView(joined((of.type, of.brand, of.model, of.name)), taken.number, taken.code)


def jpeg(picture: QImage) -> bytes:
    """May be called on any thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "JPEG", _QUALITY)  # type: ignore[call-overload]
    return bytes(buffer.data().data())
