"""In every scene no words are cut that are meant to be read whole, and all stand out from their ground."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui import gallery, theme
from kiosk.ui import text as words
from kiosk.ui.plural import FORMS
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.label import ElidedLabel, Label
from tests.ui.contrast import poor
from tests.ui.seen import SMALLEST

SCENES = {name: (size, make) for name, size, make in gallery.scenes()}
LIKE_ANOTHER = {
    *(
        f"desk-{name}"
        for name in ("closing", "no-counter", "no-line", "faster", "joined", "no-numbers", "empty")
    ),
    *(f"display-{name}" for name in ("crowded", "first", "empty", "closing", "closed")),
    *(f"verdict-{name}" for name in ("admitted", "exit", "unknown", "forged")),
    *(
        f"welcome-{name}"
        for name in ("alone", "closes", "none", "number-alone", "number-booked", "number-called")
    ),
    *("desk-book", "desk-book-done", "desk-book-full", "desk-bookings-offline"),
    *("desk-requests-offline", "desk-photos-none", "desk-taken-later"),
    *("first-start-failed", "menu-offline", "pin-wait", "door-wide", "door-label", "welcome-label"),
}
"""Scenes that differ from another one in few words: once is enough."""
SLACK = 1
"""Pixels that rounding may take."""


def cut(page: QWidget) -> Iterator[str]:
    """Words that have less room than they need."""
    for label in page.findChildren(QLabel):
        if not label.isVisible() or not label.text() or isinstance(label, ElidedLabel):
            continue
        needs = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        if needs > label.height() + SLACK:
            yield f"{label.text()!r} is {label.height()} of {needs} high"
        if not label.wordWrap() and label.sizeHint().width() > label.width() + SLACK:
            yield f"{label.text()!r} is {label.width()} of {label.sizeHint().width()} wide"
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and button.text() and button.minimumSizeHint().width() > button.width() + SLACK:
            yield f"{button.text()!r} is {button.width()} of {button.minimumSizeHint().width()} wide"
        if button.isVisible() and button.height() < SMALLEST:
            yield f"{button.objectName()} is {button.height()} of {SMALLEST} high"


def test_words_that_are_cut_are_seen(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, Theme())
    page = QWidget()
    qtbot.addWidget(page)
    for made in (
        Label("Now serving"),
        Label("Now serving everybody", wrap=True),
        Button("Call next", "call"),
    ):
        made.setParent(page)
        made.setFixedSize(60, 20)
    page.show()
    assert len(list(cut(page))) == 3


@contextmanager
def shown(qapp: QApplication, scene: str, look: Theme) -> Iterator[QWidget]:
    """A scene as it stands once all has found its place."""
    theme.apply(qapp, look)
    size, make = SCENES[scene]
    page = make()
    page.resize(*size)
    page.show()
    for _ in range(3):
        qapp.processEvents()
    yield page
    page.close()
    page.deleteLater()
    qapp.sendPostedEvents(page, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="module")
def longest(qapp: QApplication) -> dict[str, str]:
    """Of each text the longest among all languages: where those have room, every language has."""
    theme.apply(qapp, Theme())
    measure = QFontMetricsF(theme.current().font("body"))
    spoken = [words.texts(tag) for tag in words.languages()]

    def said(key: str) -> list[str]:
        stem, _, form = key.rpartition(".")
        keys = [f"{stem}.{each}" for each in FORMS] if form == "other" else [key]
        return [texts[each] for texts in spoken for each in keys if each in texts]

    return {key: max(said(key), key=measure.horizontalAdvance) for key in words.texts("en")}


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_all_words_of_every_language_are_whole_and_can_be_read(
    qapp: QApplication, longest: dict[str, str], monkeypatch: pytest.MonkeyPatch, scene: str
) -> None:
    monkeypatch.setattr(words, "texts", lambda _: longest)
    with shown(qapp, scene, Theme()) as page:
        assert list(cut(page)) == []
        assert poor(page) == {}


@pytest.mark.parametrize(
    "scene",
    [
        "door-tiny",
        "verdict-ask",
        "desk",
        "menu-small",
        "first-start-code",
        "pin",
        "welcome-booking-tiny",
        "desk-request",
        "desk-request-asked",
        "desk-costs",
        "desk-promise",
        "desk-taken",
    ],
)
def test_all_words_are_whole_where_reading_runs_from_the_right(qapp: QApplication, scene: str) -> None:
    words.set_language("ar")
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    with shown(qapp, scene, Theme(dark=True)) as page:
        assert list(cut(page)) == []
        assert poor(page) == {}


@pytest.mark.parametrize("scene", sorted(SCENES.keys() - LIKE_ANOTHER))
def test_all_words_are_whole_and_can_be_read_in_the_dark_and_larger(qapp: QApplication, scene: str) -> None:
    """The smallest screens have no room for larger letters."""
    with shown(qapp, scene, Theme(dark=True, text_factor=1.0 if "tiny" in scene else 1.3)) as page:
        assert list(cut(page)) == []
        assert poor(page) == {}


def test_a_latin_name_stands_right_where_reading_runs_from_the_right(qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    label = Label("Amira Özdemir")
    assert label.alignment() & Qt.AlignmentFlag.AlignRight
    label.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert label.alignment() & Qt.AlignmentFlag.AlignLeft
