"""Keyboard scanners: bursts are scans, people's typing passes through."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from kiosk.devices.wedge import GAP_SECONDS, Key, Wedge
from kiosk.devices.wedge_filter import WedgeFilter


def typed(wedge: Wedge, text: str, gap: float, start: float = 10.0) -> tuple[str, str | None]:
    """What reached the field, and what was taken for a scan."""
    reached, scan, now = "", None, start
    for char in text:
        verdict = wedge.press(Key("", ends=True) if char == "\n" else Key(char), now)
        reached += "".join("\n" if key.ends else key.text for key in verdict.typed)
        scan = verdict.scan or scan
        now += gap
    verdict = wedge.expire(now + 1)
    return reached + "".join(key.text for key in verdict.typed), scan


def test_a_burst_that_ends_in_enter_is_a_scan() -> None:
    assert typed(Wedge(), "U%50.7Q3H0\n", 0.002) == ("", "U%50.7Q3H0")


def test_a_person_who_types_and_presses_enter_is_not_a_scanner() -> None:
    assert typed(Wedge(), "anna\n", 0.12) == ("anna\n", None)


def test_three_fast_keys_are_fingers() -> None:
    assert typed(Wedge(), "abc\n", 0.005) == ("abc\n", None)


def test_a_scan_after_typing_leaves_what_was_typed() -> None:
    wedge = Wedge()
    assert typed(wedge, "an", 0.2) == ("an", None)
    assert typed(wedge, "TICKET-1\n", 0.003, start=20.0) == ("", "TICKET-1")


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=30))
def test_slow_typing_passes_whole_and_in_order(text: str) -> None:
    assert typed(Wedge(), text, GAP_SECONDS * 3) == (text, None)


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=4, max_size=60))
def test_any_fast_text_is_one_scan_and_none_of_it_is_typed(text: str) -> None:
    assert typed(Wedge(), text + "\n", GAP_SECONDS / 10) == ("", text)


def test_in_a_window_a_scan_never_lands_in_the_field_that_has_the_focus(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    wedge = WedgeFilter(app)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    qtbot.waitExposed(field)
    window = field.windowHandle()
    window.installEventFilter(wedge)
    try:
        QTest.keyClick(window, Qt.Key.Key_X)  # the first key of a window takes its time
        qtbot.waitUntil(lambda: field.text() != "", timeout=2000)
        field.clear()
        with qtbot.waitSignal(wedge.scanned, timeout=2000) as heard:
            for char in "TICKET-42":
                QTest.keyClick(window, ord(char))
            QTest.keyClick(window, Qt.Key.Key_Return)
        assert heard.args == ["TICKET-42"]
        assert field.text() == ""
        for char in "ana":
            QTest.keyClick(window, ord(char))
            qtbot.wait(80)
        qtbot.waitUntil(lambda: field.text() == "ana", timeout=2000)
    finally:
        window.removeEventFilter(wedge)
