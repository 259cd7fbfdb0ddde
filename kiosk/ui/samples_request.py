"""Sample views of service requests at the desk."""

from datetime import datetime, timedelta

from domain.service_request import State
from kiosk.ui.request_views import NoteView, RequestsView, RequestView, TakenView

_NINE = datetime(2026, 5, 11, 9, 0)  # noqa: DTZ001  # local to the service point

IN_REPAIR = RequestView(
    id="r128",
    number="R128",
    device="Phone · Fairphone · 5 · SN-77-4411",
    state=State.IN_REPAIR,
    name="Grace Hopper",
    phone="+49 30 123456",
    email="grace@example.com",
    problem="The display stays dark after it fell down the stairs. It still rings.",
    condition="A crack at the lower left",
    accessories=("charger", "blue case"),
    notes=(
        NoteView(_NINE + timedelta(hours=2), "The display is broken, the main board is fine."),
        NoteView(_NINE + timedelta(hours=5), "The new display has come.", public=True),
    ),
    photos=3,
    promised=_NINE + timedelta(days=3),
    following=(State.QUALITY_CHECK, State.VOID),
)
HERE = RequestsView(
    (
        RequestView(
            "r131", "R131", "Laptop · Framework · 13", State.INTAKE, "Rafael Ortiz Calderón de la Barca"
        ),
        RequestView("r130", "R130", "Bicycle", State.PICKED_UP, "Wei Zhang"),
        RequestView(
            "r129",
            "R129",
            "Coffee machine · Olympia · Cremina",
            State.WAITING_PARTS,
            "Amira Özdemir",
            promised=_NINE + timedelta(days=5),
            waits=True,
        ),
        IN_REPAIR,
        RequestView("r127", "R127", "Sewing machine · Bernina · 1008", State.READY, "Julia Kovács"),
    )
)
TAKEN = TakenView("Phone · Fairphone · 5 · Grace Hopper", "R132", "SR-K7Q2M4XPWA")
LATER = TakenView("Phone · Fairphone · 5 · Grace Hopper")
