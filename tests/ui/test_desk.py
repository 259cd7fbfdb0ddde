"""The Desk as staff see and press it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from domain.queue import TRANSITIONS, Event, State
from domain.service_point import Opening
from kiosk.ui import samples_desk as sample
from kiosk.ui import theme
from kiosk.ui.desk_views import (
    CardView,
    CounterView,
    DeskNotice,
    DeskView,
    Faster,
    GraceNotice,
    Joined,
    JoinRequest,
    NobodyWaiting,
    NumbersGone,
    Trouble,
)
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.desk_actions import actions
from kiosk.ui.widgets.sheet import Sheet
from tests.ui.seen import (
    button,
    check_for_everyone,
    field,
    has,
    press,
    press_by_key,
    words,
)

Press = Callable[[DeskPage, str], None]


@pytest.fixture(scope="module")
def standing(qapp: QApplication) -> Iterator[DeskPage]:
    """A desk has hundreds of widgets: one stands for all tests, as it does all day for staff."""
    theme.apply(qapp, Theme())
    page = DeskPage()
    page.resize(1280, 736)
    yield page
    page.close()
    page.deleteLater()


@pytest.fixture
def page(standing: DeskPage) -> Iterator[DeskPage]:
    standing.show_view(sample.BUSY)
    standing.show()
    yield standing
    for sheet in standing.findChildren(Sheet):
        sheet.close_sheet()
    if has(standing, "dismissNotice"):
        press(standing, "dismissNotice")
    standing.hide()


def test_the_desk_shows_everybody_with_name_wait_forecast_and_counter(page: DeskPage) -> None:
    shown = words(page)
    for wanted in ("A016", "Eleni Papadopoulou", "19 min", "in 4–9 min", "A015", "Desk 2", "B008", "A011"):
        assert wanted in shown


def test_the_desk_shows_the_figures_of_the_day(page: DeskPage) -> None:
    shown = words(page)
    for wanted in ("43", "14 min", "25–40 min"):
        assert wanted in shown


@pytest.mark.parametrize("by", [press, press_by_key], ids=["mouse", "keyboard"])
def test_call_next_asks_for_the_next_at_this_counter(page: DeskPage, qtbot: QtBot, by: Press) -> None:
    with qtbot.waitSignal(page.call_next_asked) as asked:
        by(page, "callNext")
    assert asked.args == ["desk-2"]


def test_call_next_says_who_comes(page: DeskPage) -> None:
    assert button(page, "callNext").accessibleName() == "Call next: A016 · Eleni Papadopoulou"


def test_who_has_chosen_no_counter_is_asked_first_and_then_calls(page: DeskPage, qtbot: QtBot) -> None:
    page.show_view(replace(sample.BUSY, counter=""))
    press(page, "callNext")
    with qtbot.waitSignals([page.counter_chosen, page.call_next_asked]):
        press(page, "counter:desk-3")


def test_a_card_acts_on_its_party_at_this_counter(page: DeskPage, qtbot: QtBot) -> None:
    for event, number in (
        ("call", "A014"),
        ("start", "A015"),
        ("recall", "A015"),
        ("no_show", "A015"),
        ("complete", "C006"),
        ("hold", "C006"),
        ("resume", "B008"),
        ("return", "A011"),
    ):
        with qtbot.waitSignal(page.acted) as acted:
            press_by_key(page, f"{event}:{number}")
        assert acted.args == [number.lower(), event, "desk-2"]


def test_what_is_rare_stands_behind_more(page: DeskPage, qtbot: QtBot) -> None:
    for event in ("no_show", "hold", "leave", "check_in"):
        press(page, "more:B011")
        with qtbot.waitSignal(page.acted) as acted:
            press(page, f"do:{event}:B011")
        assert acted.args == ["b011", event, "desk-2"]
        assert not has(page, f"do:{event}:B011")


@pytest.mark.parametrize("state", list(State))
def test_a_card_offers_every_event_that_fits_and_no_other(state: State) -> None:
    allowed = frozenset(TRANSITIONS[state]) - {Event.CONTINUE}
    offered = actions(CardView("x", "A001", state, allowed=allowed, arrived=False))
    shown = {event for event in (offered.main, *offered.beside, *offered.more) if event}
    assert shown == allowed - {Event.EXPIRE}


def test_a_service_that_was_held_is_continued(page: DeskPage) -> None:
    assert button(page, "resume:B008").text() == "Continue"


def test_a_transfer_asks_where_to_and_what_for(page: DeskPage, qtbot: QtBot) -> None:
    page.show_view(replace(sample.BUSY, point="cashier"))
    press(page, "more:A015")
    press(page, "do:transfer:A015")
    with qtbot.waitSignal(page.transfer_asked) as asked:
        press(page, "transferTo:front:vehicles")
    assert asked.args == ["a015", "front", "vehicles"]


def test_the_last_move_is_taken_back_in_one_touch(page: DeskPage, qtbot: QtBot) -> None:
    assert button(page, "undoLast").text() == "Undo: A015 called"
    with qtbot.waitSignal(page.undo_asked) as asked:
        press(page, "undoLast")
    assert asked.args == ["a015"]


def test_any_last_step_of_a_card_can_be_taken_back(page: DeskPage, qtbot: QtBot) -> None:
    press(page, "more:C006")
    with qtbot.waitSignal(page.undo_asked) as asked:
        press(page, "undo:C006")
    assert asked.args == ["c006"]


def test_a_visitor_joins_in_two_touches(page: DeskPage, qtbot: QtBot) -> None:
    press(page, "join")
    with qtbot.waitSignal(page.join_asked) as asked:
        press(page, "joinAs:vehicles")
    assert asked.args == [JoinRequest("front", "vehicles")]


def test_a_visitor_may_say_more_and_leaves_nothing_for_the_next(page: DeskPage, qtbot: QtBot) -> None:
    press(page, "join")
    field(page, "joinName").setText("  Ada Byron ")
    field(page, "joinPhone").setText("+39 333 1")
    press(page, "joinPriority")
    press(page, "joinByName")
    press(page, "joinMore")
    with qtbot.waitSignal(page.join_asked) as asked:
        press(page, "joinAs:passports")
    assert asked.args == [JoinRequest("front", "passports", "Ada Byron", "+39 333 1", 2, True, True)]
    press(page, "join")
    assert field(page, "joinName").text() == ""
    with qtbot.waitSignal(page.join_asked) as again:
        press(page, "joinAs:passports")
    assert again.args == [JoinRequest("front", "passports")]


def test_the_counter_opens_pauses_and_closes(page: DeskPage, qtbot: QtBot) -> None:
    for state in ("paused", "closed", "open"):
        with qtbot.waitSignal(page.counter_changed) as changed:
            press(page, f"counterState:{state}")
        assert changed.args == [state]


def test_another_line_is_chosen_by_its_tab(page: DeskPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.point_chosen) as chosen:
        press(page, "point:cashier")
    assert chosen.args == ["cashier"]


def test_many_lines_are_chosen_from_a_sheet(page: DeskPage, qtbot: QtBot) -> None:
    many = tuple(replace(sample.FRONT, id=f"p{n}", name=f"Point {n}") for n in range(6))
    page.show_view(replace(sample.BUSY, point="p0", points=many))
    press(page, "choosePoint")
    with qtbot.waitSignal(page.point_chosen) as chosen:
        press(page, "pickPoint:p4")
    assert chosen.args == ["p4"]


def test_the_counters_to_choose_from_follow_the_line_that_is_shown(page: DeskPage) -> None:
    press(page, "chooseCounter")
    assert has(page, "counter:desk-2")
    cash = (CounterView("cash-1", "Cash desk"),)
    page.show_view(replace(sample.BUSY, point="cashier", counters=cash, counter=""))
    assert has(page, "counter:cash-1")
    assert not has(page, "counter:desk-2")


def test_grace_runs_down_and_is_overdue_at_its_end(page: DeskPage) -> None:
    assert "1:23 left to come" in words(page)
    called = replace(sample.CALLED[0], grace_left=0)
    page.show_view(replace(sample.BUSY, called=(called,)))
    assert "1:23" not in words(page)
    assert "Overdue" in words(page)


NOTICES: tuple[tuple[DeskNotice, str], ...] = (
    (Faster("A012", State.SERVING, "Desk 2"), "A012 is being served at Desk 2."),
    (Faster("A012", State.COMPLETED, "Desk 2"), "A012 has been served already."),
    (Faster("A012", None), "A012 is no longer in this line."),
    (Joined("A020", 7, sample.waits(27, 38)), "7 people ahead · about 25–40 min"),
    (NobodyWaiting(), "Nobody is waiting"),
    (NumbersGone(), "No numbers left on this kiosk"),
    (Trouble("The disk is full: free some room."), "The disk is full: free some room."),
)


def test_the_desk_says_what_came_of_an_act(page: DeskPage) -> None:
    for notice, said in NOTICES:
        page.show_notice(notice)
        assert said in words(page)
        press(page, "dismissNotice")
        assert said not in words(page)


def test_somebody_who_was_faster_is_told_of_in_every_state(page: DeskPage) -> None:
    for state in State:
        page.show_notice(Faster("A012", state))
        assert "desk." not in words(page)


def test_a_no_show_before_the_grace_is_over_can_be_forced(page: DeskPage, qtbot: QtBot) -> None:
    page.show_notice(GraceNotice("a015", "A015", 83_000))
    with qtbot.waitSignal(page.no_show_forced) as forced:
        press(page, "forceNoShow")
    assert forced.args == ["a015"]
    assert not has(page, "forceNoShow")


def test_offline_is_said_for_as_long_as_it_lasts(page: DeskPage) -> None:
    page.show_view(sample.OFFLINE)
    assert "Working without the server" in words(page)
    assert "3 steps to send" in words(page)
    page.show_view(sample.BUSY)
    assert "Working without" not in words(page)


def test_an_empty_line_calls_nobody(page: DeskPage) -> None:
    page.show_view(sample.EMPTY)
    assert not button(page, "callNext").isEnabled()
    assert "Nobody is waiting." in words(page)


def test_a_kiosk_without_a_line_says_what_to_do(page: DeskPage) -> None:
    page.show_view(DeskView("", ()))
    assert "Ask an administrator" in words(page)
    assert not button(page, "join").isEnabled()


def test_the_end_of_the_day_is_told(page: DeskPage) -> None:
    page.show_view(replace(sample.BUSY, opening=Opening.CLOSING))
    assert "Closing" in words(page)


def test_a_line_of_hundreds_is_shown_in_steps(page: DeskPage) -> None:
    many = tuple(replace(sample.WAITING[0], id=f"e{n}", number=f"A{n:03}") for n in range(200))
    page.show_view(replace(sample.BUSY, waiting=many))
    assert not has(page, "call:A045")
    press(page, "showMore:waiting")
    assert has(page, "call:A045")
    page.show_view(replace(sample.BUSY, waiting=many[:5]))
    assert not has(page, "showMore:waiting")


def test_every_control_is_large_and_named(page: DeskPage) -> None:
    check_for_everyone(page)
    for sheet, closes in (("join", "join"), ("more:A015", "more"), ("chooseCounter", "counter")):
        press(page, sheet)
        check_for_everyone(page)
        press(page, f"{closes}Sheet:close")
