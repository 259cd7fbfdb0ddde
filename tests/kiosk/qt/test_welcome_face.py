"""The Welcome page at work, over a real kiosk: numbers for visitors, and no way in for a ticket."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from kiosk.desk.bookings import NewBooking
from kiosk.desk.machine import system_clock
from kiosk.qt.welcome_face import WelcomeFace
from kiosk.qt.worker import Worker
from kiosk.sync.status import Trouble
from kiosk.ui import theme
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.qr import Qr
from tests.kiosk.qt.faces import ready
from tests.kiosk.sample import DESK, EVENT, sample_desk, sample_event
from tests.kiosk.standin_bookings import SERVICE
from tests.kiosk.standin_server import StandinServer, serving
from tests.kiosk.standin_state import ServerState
from tests.kiosk.sync.kiosks import Kiosk, kiosk
from tests.ui.seen import has, press, words


class Lobby:
    """A visitor before a kiosk. `told` is what the face tells of, `stood` whose place in line is shown."""

    def __init__(self, server: StandinServer, own: Kiosk, qtbot: QtBot) -> None:
        self.server, self.kiosk, self._qtbot = server, own, qtbot
        self.told: list[dict[str, object]] = []
        self.stood: list[str] = []
        faults: list[Exception] = []
        self.worker = Worker("test-desk", faults.append)
        assert own.station.work is not None
        self.work = own.station.work
        self.face = WelcomeFace(ready(own, self.worker), 30, self._tell)
        qtbot.addWidget(self.face.page)
        self.face.page.show()

    def _tell(self, **event: object) -> None:
        if event["event"] == "standing":
            self.stood.append(str(event["number"]))
        else:
            self.told.append(event)

    def hears(self, count: int = 1) -> dict[str, object]:
        self._qtbot.waitUntil(lambda: len(self.told) >= count)
        return self.told[count - 1]

    def stands(self) -> str:
        """The number of which it was told, once, that its place in the line is shown."""
        self._qtbot.waitUntil(lambda: bool(self.stood))
        [number] = self.stood
        return number

    def sees(self, said: str) -> None:
        self._qtbot.waitUntil(lambda: said in words(self.face.page))

    def offers(self, name: str) -> None:
        """What there is to choose comes from the store, a moment after the page."""
        self._qtbot.waitUntil(lambda: has(self.face.page, name))

    def close(self) -> None:
        self.face.close()
        self.worker.close()


@pytest.fixture
def lobby(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Lobby]:
    theme.apply(qapp, Theme())
    state = ServerState.of(sample_event(10), sample_desk())
    device = state.add_device("lobby", mode="welcome", scopes=(DESK,))
    with serving(state) as server:
        server.public = "https://usher.example/"
        with kiosk(tmp_path, server, device) as own:
            own.wait_synced()
            made = Lobby(server, own, qtbot)
            yield made
            made.close()


def booked(lobby: Lobby) -> str:
    made = lobby.work.bookings.book(NewBooking(SERVICE, system_clock(), "Ada"))
    assert not isinstance(made, Trouble)
    return made.number


def test_a_visitor_gets_a_number_in_their_language_and_it_is_forgotten(lobby: Lobby) -> None:
    point = DESK.id
    press(lobby.face.page, "language:de")
    lobby.sees("Was können wir für Sie tun?")
    lobby.offers(f"service:{point}:general")
    press(lobby.face.page, f"service:{point}:general")
    press(lobby.face.page, "getNumber")
    number = str(lobby.hears()["number"])
    lobby.sees(number)
    assert lobby.stands() == number
    lobby.sees("Wartezeit:")
    press(lobby.face.page, "visitorDone")
    assert number not in words(lobby.face.page)
    assert lobby.face.page.is_at_start


def test_a_booking_s_code_puts_its_person_in_line_from_any_screen(lobby: Lobby) -> None:
    lobby.face.scanned(booked(lobby))
    place = str(lobby.hears()["number"])
    lobby.sees(place)
    lobby.sees("Your booking at")
    lobby.face.scanned(booked(lobby))
    assert len(lobby.told) == 1  # Whoever is next waits until this one has gone.


def test_the_number_is_followed_where_the_server_says_that_phones_reach_it(lobby: Lobby) -> None:
    press(lobby.face.page, "language:en")
    lobby.offers(f"service:{DESK.id}:general")
    press(lobby.face.page, f"service:{DESK.id}:general")
    press(lobby.face.page, "getNumber")
    lobby.hears()
    [entry] = lobby.server.state.rows("queue_entry")
    [code] = lobby.face.page.findChildren(Qr)
    assert code.text == f"https://usher.example/q/entry/{entry['id']}"


@pytest.mark.parametrize(("tag", "said"), [("en", "a device in repair"), ("ar", "ملصق جهاز قيد الإصلاح")])
def test_a_repair_label_is_said_to_be_one_and_is_not_asked_about(lobby: Lobby, tag: str, said: str) -> None:
    press(lobby.face.page, f"language:{tag}")
    asked = len(lobby.server.asked)
    lobby.face.scanned("SR-K7Q2M4XP22")
    assert "trouble" in lobby.hears()
    lobby.sees(said)
    assert not [path for path in lobby.server.asked[asked:] if "reservations" in path]


def test_no_code_of_a_ticket_admits_anybody(lobby: Lobby) -> None:
    before = list(lobby.server.state.log)
    lobby.face.scanned(sample_event(10).code(1))
    assert "trouble" in lobby.hears()
    lobby.sees("There is no booking of this number here.")
    assert [path for path in lobby.server.asked if "check-in" in path] == []
    assert lobby.server.state.log == before
    assert lobby.kiosk.station.store.outbox.unseen() == ()
    assert EVENT not in lobby.kiosk.station.store.copies.scopes()


def test_alone_it_gives_out_a_number_without_a_link_and_sends_bookings_to_the_desk(lobby: Lobby) -> None:
    [point] = lobby.kiosk.station.display.points()
    left = lobby.kiosk.station.store.leases.left
    lobby.kiosk.wait(lambda: left(point.id, "general", point.day(system_clock())) > 0)
    number = booked(lobby)
    lobby.server.stop()
    lobby.face.scanned(number)
    lobby.hears()
    lobby.sees("Please ask at the desk.")
    press(lobby.face.page, "language:en")
    press(lobby.face.page, f"service:{point.id}:general")
    press(lobby.face.page, "getNumber")
    lobby.hears(2)
    [shown] = lobby.face.page.findChildren(QLabel, "visitorNumber")
    assert shown.text() == lobby.told[1]["number"]
    lobby.sees("Please remember this number.")
