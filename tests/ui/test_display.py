"""The Display as the lobby sees it."""

from dataclasses import fields, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from domain.service_point import Opening
from kiosk.ui import samples_display as sample
from kiosk.ui import theme
from kiosk.ui.desk_views import CallView, DisplayView, ServingView, Wait
from kiosk.ui.pages.display import DisplayPage
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.display_calls import FRESH, CallRow
from kiosk.ui.widgets.display_text import BigText
from kiosk.ui.window import HOLD_MS, Window

SIZES = [(1920, 1080), (1080, 1920), (1280, 720), (800, 480)]


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> DisplayPage:
    theme.apply(qapp, Theme())
    page = DisplayPage()
    qtbot.addWidget(page)
    page.resize(1920, 1080)
    page.show_view(sample.BUSY)
    page.show()
    return page


def ground(row: CallRow) -> QColor:
    """The colour of a row beside its words."""
    QApplication.processEvents()
    return row.grab().toImage().pixelColor(row.width() // 2, 10)


def words_seen(page: DisplayPage) -> list[BigText]:
    QApplication.processEvents()
    return [text for text in page.findChildren(BigText) if text.isVisible() and text.words()]


def test_calls_stand_newest_first_and_the_newest_is_the_largest(page: DisplayPage) -> None:
    QApplication.processEvents()
    rows = page.calls.rows()
    assert [row.call for row in rows] == list(sample.BUSY.last_calls[:5])
    assert len(rows) >= 4
    assert all(rows[0].height() > 1.5 * row.height() for row in rows[1:])


def test_a_new_call_takes_the_first_place(page: DisplayPage) -> None:
    newest = CallView("Z999", "Desk 9", 0)
    page.show_view(replace(sample.BUSY, last_calls=(newest, *sample.BUSY.last_calls)))
    assert page.calls.rows()[0].call == newest
    assert page.calls.rows()[0].accessibleName() == "Z999 to Desk 9"


def test_a_fresh_call_flashes_and_an_old_one_stands(page: DisplayPage, qtbot: QtBot) -> None:
    row = page.calls.rows()[0]
    seen = {ground(row).name()}
    qtbot.waitUntil(lambda: seen.add(ground(row).name()) or len(seen) > 1)  # type: ignore[func-returns-value]
    assert seen == {theme.LIGHT.accent, theme.LIGHT.accent_soft}
    old = tuple(replace(call, age=FRESH) for call in sample.BUSY.last_calls)
    page.show_view(replace(sample.BUSY, last_calls=old))
    assert {ground(one).name() for one in page.calls.rows()} == {theme.LIGHT.surface}


def test_with_reduced_motion_a_fresh_call_stands_out_without_flashing(
    page: DisplayPage, qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp, Theme(reduced_motion=True))
    page.show_view(replace(sample.BUSY, people_waiting=9))
    qtbot.wait(700)
    assert ground(page.calls.rows()[0]).name() == theme.LIGHT.accent


def test_old_data_is_told_of_and_no_forecast_is_given_from_it(page: DisplayPage) -> None:
    assert not page.stale.isVisible()
    page.show_view(sample.STALE)
    assert page.stale.words() == "Last updated 3 min ago · please ask at the desk"
    assert not page.join.isVisible()
    page.show_view(replace(sample.BUSY, stale=True, age=None))
    assert page.stale.words().startswith("No connection yet")
    page.show_view(sample.BUSY)
    assert not page.stale.isVisible()
    assert page.join.isVisible()


def test_an_empty_line_invites_to_join(page: DisplayPage) -> None:
    page.show_view(sample.EMPTY)
    assert page.calls.nobody.isVisible()
    assert page.calls.nobody.words() == ("Nobody is waiting", "Join now: you are next")
    assert not page.calls.rows()
    assert page.join.qr.isVisible()


def test_who_waits_before_the_first_call_may_sit_down(page: DisplayPage) -> None:
    page.show_view(replace(sample.EMPTY, waiting=("A001",), people_waiting=1))
    assert page.calls.nobody.words() == ("Please take a seat", "Your number appears here")
    assert page.waiting.aside() == "1 person"


def test_a_closed_line_says_when_it_opens_and_takes_the_whole_screen(page: DisplayPage) -> None:
    page.show_view(sample.CLOSED)
    QApplication.processEvents()
    assert page.calls.nobody.words() == ("Closed", "Opens Tuesday 08:00")
    assert page.calls.width() > 0.9 * page.width()


def test_a_closing_line_gives_out_no_numbers(page: DisplayPage) -> None:
    page.show_view(sample.CLOSING)
    assert page.join.words()[:2] == ("No new numbers today", "All who wait are served")
    assert not page.join.qr.isVisible()
    assert page.head.opening.words() == "Closing at 16:00"


def test_more_than_fit_are_counted(page: DisplayPage) -> None:
    waiting = tuple(f"A{n:03}" for n in range(1, 61))
    serving = tuple(ServingView(f"B{n:03}", f"Desk {n}") for n in range(1, 10))
    page.show_view(replace(sample.BUSY, waiting=waiting, people_waiting=64, now_serving=serving))
    QApplication.processEvents()
    *numbers, more = page.waiting.shown()
    assert tuple(numbers) == waiting[: len(numbers)]
    assert more == f"+{60 - len(numbers)}"
    assert page.waiting.aside() == "64 people"
    assert page.serving.shown()[-1] == ("B006", "Desk 6")
    assert page.serving.aside() == "+3"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_all_who_wait_are_listed_where_there_is_room(page: DisplayPage, size: tuple[int, int]) -> None:
    page.resize(*size)
    waiting = tuple(f"A{n:03}" for n in range(1, 13))
    page.show_view(replace(sample.BUSY, waiting=waiting, people_waiting=12))
    QApplication.processEvents()
    assert page.waiting.shown() == waiting


def test_what_fills_the_waiting_panel_leaves_no_line_empty(page: DisplayPage) -> None:
    waiting = tuple(f"A{n:03}" for n in range(1, 61))
    page.show_view(replace(sample.STALE, waiting=waiting, now_serving=(), people_waiting=60))
    QApplication.processEvents()
    many = len(page.waiting.shown())
    page.show_view(replace(sample.STALE, waiting=waiting, people_waiting=60))
    QApplication.processEvents()
    assert many > len(page.waiting.shown()) > 20


def test_few_calls_leave_room_for_what_to_do_meanwhile(page: DisplayPage) -> None:
    page.show_view(sample.FIRST)
    assert len(page.calls.rows()) == 1
    assert page.calls.nobody.isVisible()
    page.show_view(sample.BUSY)
    assert not page.calls.nobody.isVisible()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_words_reach_beyond_the_screen_however_long(page: DisplayPage, size: tuple[int, int]) -> None:
    long = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh"
    calls = tuple(CallView(f"A{n:03}", f"Counter {n} {long}", n, long) for n in range(5))
    page.show_view(replace(sample.BUSY, name=long, organization=long, last_calls=calls))
    page.resize(*size)
    for text in words_seen(page):
        box = text.rect().translated(text.mapTo(page, text.rect().topLeft()))
        assert page.rect().contains(box), text.words()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_of_a_usual_day_is_cut(page: DisplayPage, size: tuple[int, int]) -> None:
    page.resize(*size)
    for text in words_seen(page):
        assert text.shown() == text.words()


def test_a_year_of_calls_takes_no_more_widgets(page: DisplayPage) -> None:
    before = len(page.findChildren(QWidget))
    for n in range(500):
        calls = tuple(CallView(f"A{(n + k) % 999:03}", "Desk 1", k) for k in range(n % 7))
        page.show_view(replace(sample.BUSY, last_calls=calls, people_waiting=n % 3))
    assert len(page.findChildren(QWidget)) == before


def test_nobody_can_press_anything(page: DisplayPage) -> None:
    assert page.findChildren(QAbstractButton) == []


def test_the_view_has_no_place_for_a_personal_field() -> None:
    """Only the name by which a visitor chose to be called."""
    names = {field.name for view in (DisplayView, CallView, ServingView) for field in fields(view)}
    assert not names & {"phone", "email", "note", "staff", "category", "person", "visitor"}


@pytest.mark.parametrize("opening", list(Opening))
def test_every_opening_has_its_sign_and_colour_in_words(page: DisplayPage, opening: Opening) -> None:
    page.show_view(replace(sample.BUSY, opening=opening, turns=None))
    assert page.head.opening.words() == opening.value.capitalize()


def test_held_for_a_while_a_display_asks_for_the_staff_menu_and_a_touch_in_passing_does_not(
    qtbot: QtBot,
) -> None:
    window, page = Window(fullscreen=False), DisplayPage()
    qtbot.addWidget(window)
    window.show_page(page, status=False)
    window.resize(900, 600)
    with qtbot.waitExposed(window):
        window.show()
    with qtbot.assertNotEmitted(window.menu_asked, wait=HOLD_MS + 500):
        qtbot.mouseClick(page.calls, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(window.menu_asked, timeout=HOLD_MS + 5000):
        qtbot.mousePress(page.calls, Qt.MouseButton.LeftButton)


def test_a_page_with_a_menu_below_it_is_not_left_by_holding_it(qtbot: QtBot) -> None:
    window, page = Window(fullscreen=False), QWidget()
    qtbot.addWidget(window)
    window.show_page(page)
    with qtbot.waitExposed(window):
        window.show()
    with qtbot.assertNotEmitted(window.menu_asked, wait=HOLD_MS + 500):
        qtbot.mousePress(page, Qt.MouseButton.LeftButton)


def test_a_wait_that_rests_on_no_history_says_that_it_is_rough(page: DisplayPage) -> None:
    page.show_view(replace(sample.BUSY, wait=Wait(18 * 60_000, 33 * 60_000)))
    assert page.join.words()[1] == "15–35 min"
    page.show_view(replace(sample.BUSY, wait=Wait(18 * 60_000, 33 * 60_000, rough=True)))
    assert page.join.words()[1] == "≈15–35 min"
