"""The Door as staff see and press it."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from domain.admission import Reason
from kiosk.ui import samples_door, theme
from kiosk.ui.pages.door import DoorPage
from kiosk.ui.theme import TOUCH, Theme
from kiosk.ui.views import (
    Answers,
    CodeChoice,
    Connection,
    DoorView,
    Health,
    SearchView,
    StatusView,
    VerdictKind,
    VerdictView,
)
from kiosk.ui.widgets.camera_picture import CameraPicture
from kiosk.ui.widgets.recent_scans import ScanRow
from kiosk.ui.window import Window
from tests.ui.seen import tab_stops


@pytest.fixture
def page(qtbot: QtBot, qapp: object) -> DoorPage:
    theme.apply(qapp, Theme())  # type: ignore[arg-type]
    page = DoorPage(stays=150)
    qtbot.addWidget(page)
    page.resize(1280, 730)
    page.show_view(samples_door.door())
    page.show()
    return page


def button(page: QWidget, name: str) -> QAbstractButton:
    QApplication.processEvents()
    found = [b for b in page.findChildren(QAbstractButton, name) if b.isVisible()]
    assert found, f"no button {name} is to be seen"
    return found[0]


def words(page: QWidget) -> str:
    QApplication.processEvents()
    return " | ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_the_door_shows_its_list_its_figures_and_the_last_scans(page: DoorPage) -> None:
    shown = words(page)
    for wanted in ("Main entrance", "North", "1,107", "1,284", "Amira Özdemir", "Already in", "Taken back"):
        assert wanted in shown


def test_a_verdict_says_who_what_and_where_then_goes_by_itself(page: DoorPage, qtbot: QtBot) -> None:
    page.show_verdict(samples_door.VERDICTS["admitted"])
    shown = words(page)
    for wanted in ("Admitted", "Amira Özdemir", "VIP", "Row B · Seat 14"):
        assert wanted in shown
    with qtbot.waitSignal(page.dismissed, timeout=3000):
        pass
    assert "Row B" not in words(page)


def test_a_question_stays_until_it_is_answered(page: DoorPage, qtbot: QtBot) -> None:
    page.show_verdict(samples_door.VERDICTS["ask"])
    qtbot.wait(400)
    assert "Take €45.00" in words(page)
    qtbot.mouseClick(button(page, "answer:age:true"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.answered) as said:
        qtbot.mouseClick(button(page, "verdictConfirm"), Qt.MouseButton.LeftButton)
    assert said.args == [Answers({"age": "true", "meal": ""}, confirmed=True, confirmed_unpaid=True)]


def test_of_several_codes_one_press_says_which_is_meant_by_its_name_or_its_beginning(
    page: DoorPage, qtbot: QtBot
) -> None:
    known = samples_door.VERDICTS["admitted"].ticket
    stranger = "ANOTHER-SYSTEMS-CODE-THAT-NOBODY-KNOWS"
    page.show_choices((CodeChoice("U1", known), CodeChoice(stranger, None)))
    assert button(page, "severalCodes:U1").text() == "Amira Özdemir"
    assert button(page, f"severalCodes:{stranger}").text() == stranger[:24]
    with qtbot.waitSignal(page.code_entered) as entered:
        qtbot.mouseClick(button(page, f"severalCodes:{stranger}"), Qt.MouseButton.LeftButton)
    assert entered.args == [stranger]
    page.show_choices((CodeChoice("U2", known),))
    assert [
        b.objectName()
        for b in page.findChildren(QAbstractButton)
        if b.isVisibleTo(page) and "severalCodes:" in b.objectName()
    ] == ["severalCodes:U2"]


def test_already_in_tells_when_and_where_the_first_was(page: DoorPage) -> None:
    page.show_verdict(samples_door.VERDICTS["already-in"])
    assert "First admitted at 18:19, gate North, device Door 2." in words(page)


def test_what_is_not_known_of_the_first_admission_is_left_out(page: DoorPage) -> None:
    at, gate, device = samples_door.VERDICTS["already-in"].first
    for known, sentence in (
        ((at,), "First admitted at 18:19."),
        ((at, gate), "First admitted at 18:19, gate North."),
        ((at, device), "First admitted at 18:19, device Door 2."),
        ((), "This ticket was admitted before."),
    ):
        page.show_verdict(VerdictView(VerdictKind.REFUSED, None, Reason.ALREADY_IN, first=known))
        assert sentence in words(page)


def test_every_refusal_has_words(page: DoorPage) -> None:
    title = page.findChild(QLabel, "verdictTitle")
    sentence = page.findChild(QLabel, "verdictSentence")
    assert isinstance(title, QLabel)
    assert isinstance(sentence, QLabel)
    for reason in Reason:
        page.show_verdict(VerdictView(VerdictKind.REFUSED, None, reason))
        assert title.text(), reason
        assert "verdict." not in title.text() + sentence.text(), reason
        assert "{" not in sentence.text(), reason


def test_search_asks_as_one_types_and_one_press_admits(page: DoorPage, qtbot: QtBot) -> None:
    field = page.findChild(QLineEdit, "searchField")
    assert isinstance(field, QLineEdit)
    with qtbot.waitSignal(page.search_changed) as asked:
        field.setText("ann")
    assert asked.args == ["ann"]
    page.show_search(samples_door.search())
    with qtbot.waitSignal(page.ticket_chosen) as chosen:
        qtbot.mouseClick(button(page, "admit:t2"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["t2"]
    assert field.text() == ""


def test_an_answer_to_an_older_search_is_not_shown(page: DoorPage) -> None:
    field = page.findChild(QLineEdit, "searchField")
    assert isinstance(field, QLineEdit)
    field.setText("anna")
    page.show_search(samples_door.search())
    assert "Björn" not in words(page)


def test_enter_tries_what_was_typed_as_a_code(page: DoorPage, qtbot: QtBot) -> None:
    field = page.findChild(QLineEdit, "searchField")
    assert isinstance(field, QLineEdit)
    field.setText(" TICKET-42 ")
    with qtbot.waitSignal(page.code_entered) as entered:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert entered.args == ["TICKET-42"]


def test_undo_is_there_only_when_there_is_something_to_undo(page: DoorPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.undo_asked):
        qtbot.mouseClick(button(page, "undoLast"), Qt.MouseButton.LeftButton)
    page.show_view(DoorView("Main entrance"))
    assert not button(page, "undoLast").isEnabled()


def test_direction_is_turned_by_one_press(page: DoorPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.direction_changed) as turned:
        qtbot.mouseClick(button(page, "direction:exit"), Qt.MouseButton.LeftButton)
    assert turned.args == ["exit"]


def test_everything_that_is_pressed_is_large_and_has_a_name(page: DoorPage) -> None:
    page.show_verdict(samples_door.VERDICTS["ask"])
    for pressed in page.findChildren(QAbstractButton):
        if pressed.isVisible() and pressed.objectName():
            assert pressed.accessibleName(), pressed.objectName()
            assert pressed.height() >= min(48, TOUCH), pressed.objectName()


def test_the_status_line_says_how_much_waits_to_be_sent(qtbot: QtBot) -> None:
    window = Window(fullscreen=False)
    qtbot.addWidget(window)
    window.show_page(QWidget())
    window.show_status(samples_door.status(connection=Connection.OFFLINE, backlog=12))
    window.show()
    assert "Offline · 12 scans to send" in words(window)


def test_the_status_line_speaks_of_no_connection_before_there_is_a_server(qtbot: QtBot) -> None:
    window = Window(fullscreen=False)
    qtbot.addWidget(window)
    window.show_page(QWidget())
    window.show()
    window.show_status(StatusView(connection=Connection.UNPAIRED))
    shown = words(window)
    assert "Connecting" not in shown
    assert "Offline" not in shown
    window.show_status(StatusView(connection=Connection.STARTING))
    assert "Connecting" in words(window)


def test_the_picture_is_dark_until_there_is_one_and_says_why_only_where_none_comes(page: DoorPage) -> None:
    camera = page.findChild(CameraPicture)
    assert isinstance(camera, CameraPicture)
    camera.show_picture(QImage(), ())
    shades: dict[Health, int] = {}
    for health in (Health.UNUSED, Health.ABSENT):
        page.show_view(DoorView("Main entrance", camera=health))
        QApplication.processEvents()
        seen = camera.grab().toImage()
        middle = QRect(camera.width() // 4, camera.height() // 4, camera.width() // 2, camera.height() // 2)
        part = seen.copy(middle)
        shades[health] = len({part.pixel(x, y) for x in range(part.width()) for y in range(part.height())})
    assert shades[Health.UNUSED] == 1
    assert shades[Health.ABSENT] > 1


def test_a_locked_window_does_not_close_but_asks_for_the_menu(qtbot: QtBot) -> None:
    window = Window(fullscreen=True)
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.menu_asked):
        window.close()
    assert window.isVisible()
    window.unlock()


def test_a_search_that_found_nobody_says_so(page: DoorPage) -> None:
    field = page.findChild(QLineEdit, "searchField")
    assert isinstance(field, QLineEdit)
    field.setText("xyz")
    page.show_search(SearchView("xyz"))
    assert "Nobody found for “xyz”." in words(page)


def test_the_tab_key_goes_along_the_door_as_one_reads_it(page: DoorPage) -> None:
    button(page, "direction:entry").setFocus()
    assert tab_stops(page) == ["direction:entry", "direction:exit", "searchField", "undoLast"]


def test_what_was_found_comes_right_after_the_search(page: DoorPage) -> None:
    field = page.findChild(QLineEdit, "searchField")
    assert isinstance(field, QLineEdit)
    field.setText("ann")
    page.show_search(samples_door.search())
    QApplication.processEvents()
    field.setFocus()
    assert tab_stops(page)[:4] == ["searchField", "clearSearch", "admit:t1", "admit:t2"]


def test_a_search_is_cleared_by_touch(page: DoorPage) -> None:
    field = page.findChild(QLineEdit, "searchField")
    assert isinstance(field, QLineEdit)
    field.setText("ann")
    button(page, "clearSearch").click()
    assert field.text() == ""
    assert "Last scans" in words(page)


def test_the_keys_stay_in_a_verdict_until_it_goes(page: DoorPage) -> None:
    page.show_verdict(samples_door.VERDICTS["ask"])
    assert tab_stops(page) == [
        "verdict",
        "answer:age:true",
        "answer:age:false",
        "answer:meal:Vegetarian",
        "answer:meal:Fish",
        "answer:meal:Meat",
        "verdictCancel",
        "verdictConfirm",
    ]


def test_a_question_is_answered_by_keyboard_only(page: DoorPage, qtbot: QtBot) -> None:
    page.show_verdict(samples_door.VERDICTS["ask"])
    for key in ("Tab", "Space", "Tab", "Tab", "Tab", "Space", "Tab", "Tab", "Tab"):
        press_key(getattr(Qt.Key, f"Key_{key}"))
    with qtbot.waitSignal(page.answered) as said:
        press_key(Qt.Key.Key_Space)
    assert said.args == [Answers({"age": "true", "meal": "Fish"}, confirmed=True, confirmed_unpaid=True)]


def press_key(key: Qt.Key) -> None:
    QApplication.processEvents()
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_a_verdict_is_dismissed_by_a_key(page: DoorPage, qtbot: QtBot, key: Qt.Key) -> None:
    page.show_verdict(samples_door.VERDICTS["already-in"])
    with qtbot.waitSignal(page.dismissed):
        press_key(key)


SCREENS = [(1280, 736), (1024, 536), (800, 416), (800, 1216), (480, 736), (1920, 1016), (1080, 1856)]


@pytest.mark.parametrize("factor", [1.0, 1.5])
def test_the_last_scan_can_be_read_on_every_screen(page: DoorPage, qapp: QApplication, factor: float) -> None:
    theme.apply(qapp, Theme(text_factor=factor))
    camera = page.findChild(CameraPicture)
    assert isinstance(camera, CameraPicture)
    for size in SCREENS:
        page.resize(*size)
        for _ in range(6):
            QApplication.processEvents()
        rows = [row for row in page.findChildren(ScanRow) if row.isVisible()]
        assert rows or size == (480, 736)
        for row in rows:
            assert row.height() >= row.sizeHint().height(), size
        assert min(camera.width(), camera.height()) >= 150, size


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_verdict_shows_its_sign_its_words_and_the_way_on_on_every_screen(
    page: DoorPage, size: tuple[int, int]
) -> None:
    page.resize(*size)
    for name, verdict in samples_door.VERDICTS.items():
        page.show_verdict(verdict)
        QApplication.processEvents()
        # Where there is little room, what is to be asked comes before who it is.
        signs = ("verdictTitle",) if name == "ask" else ("verdictTitle", "verdictName")
        shown = [page.findChild(QWidget, wanted) for wanted in signs]
        buttons = [b for b in page.findChildren(QAbstractButton) if b.objectName().startswith("verdict")]
        for one in (*shown, *buttons):
            if one is not None and one.isVisible():
                box = one.rect().translated(one.mapTo(page, one.rect().topLeft()))
                assert page.rect().contains(box), f"{one.objectName()} of {name}"
