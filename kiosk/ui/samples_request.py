"""Sample views of service requests at the desk."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.service_request import Decision, Labour, Part, State
from kiosk.ui.request_views import EstimateView, NoteView, RequestsView, RequestView, TakenView

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
    version=7,
    parts=(Part("FP5-DSP", "Display with frame", 1, 9_990), Part("", "Adhesive strip", 2, 450)),
    labour=(Labour("Changing the display", 60, 45, 6_000),),
    estimate=EstimateView(
        15_390, 18_000, _NINE + timedelta(hours=4), decision=Decision.APPROVED, by="Grace Hopper"
    ),
    today=_NINE.date(),
)
EXAMINED = replace(
    IN_REPAIR,
    state=State.DIAGNOSTICS,
    notes=IN_REPAIR.notes[:1],
    following=(State.VOID,),
    estimate=None,
    may_ask=True,
)
"""What it costs is known, and the customer has yet to be asked."""
UNPRICED = replace(EXAMINED, parts=(), labour=(), email="", promised=None)
ASKED = replace(
    EXAMINED,
    state=State.WAITING_APPROVAL,
    waits=True,
    estimate=EstimateView(15_390, 18_000, _NINE + timedelta(hours=4), until=_NINE + timedelta(days=14)),
)
DECLINED = replace(
    ASKED,
    estimate=EstimateView(
        15_390,
        18_000,
        _NINE + timedelta(hours=6),
        decision=Decision.REJECTED,
        by="Grace Hopper",
        reason="That is more than a used one costs.",
    ),
)
OVER = replace(IN_REPAIR, labour=(Labour("Changing the display", 120, 120, 6_000),), over=True)
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
