"""Sample views of first start, PIN page and staff menu."""

from dataclasses import replace
from datetime import datetime

from kiosk.ui.setup_views import (
    About,
    CameraView,
    Face,
    FirstStartView,
    LanguageView,
    MenuView,
    PinStep,
    PinView,
    RejectedView,
    SetupStep,
    TakingView,
    Theme,
    TillView,
)

CHOOSE = FirstStartView(server="https://tickets.example.org")
FAILED = replace(CHOOSE, error="This code is wrong or was used already. Ask the administrator for a new one.")
NO_CAMERA = replace(CHOOSE, camera=False)
FETCHING = FirstStartView(SetupStep.FETCHING, fetched=0.42)

PIN = PinView()
PIN_WRONG = PinView(wrong=True)
PIN_NEW, PIN_AGAIN = PinView(PinStep.NEW), PinView(PinStep.AGAIN)
PIN_WAITS = PinView(wrong=True, wait=75_000)

_LANGUAGES = ("en English", "de Deutsch", "es Español", "fr Français", "ar العربية", "id Indonesia")
MENU = MenuView(
    faces=tuple(Face),
    face=Face.DESK,
    backlog=3,
    rejected=(
        RejectedView(
            "op-1",
            "New visitor in line",
            "The line was closed at that time.",
            datetime(2026, 5, 11, 9, 12),  # noqa: DTZ001  # local to the kiosk
        ),
        RejectedView(
            "op-2",
            "Admission",
            "This ticket belongs to an event that was deleted.",
            datetime(2026, 5, 11, 10, 40),  # noqa: DTZ001
        ),
    ),
    till=TillView(
        datetime(2026, 5, 11, 5, 0),  # noqa: DTZ001
        (
            TakingView("card", "EUR", 9, 44_100),
            TakingView("cash", "EUR", 23, 71_700, 2, 6_800),
            TakingView("free", "EUR", 4, 0),
        ),
        ("K7Q2M4XP",),
    ),
    cameras=(CameraView("brio", "Logitech BRIO"), CameraView("front", "Front camera")),
    camera="brio",
    theme=Theme.LIGHT,
    languages=tuple(LanguageView(*entry.split(" ", 1)) for entry in _LANGUAGES),
    language="en",
    about=About(
        "Front desk 2",
        "City of Ravenna",
        "https://tickets.example.org",
        "0.1.0",
        datetime(2026, 5, 11, 10, 41),  # noqa: DTZ001
    ),
)
MENU_OFFLINE = replace(
    MENU,
    online=False,
    backlog=48,
    rejected=(),
    cameras=(),
    voice=False,
    trouble="The server does not answer. Check the network cable or the Wi-Fi.",
)
