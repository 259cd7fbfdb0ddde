"""Visitors before a kiosk: they join with the server and without it, by the same rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.clock import HOUR, SECOND
from domain.ids import EntryId
from domain.queue import Event
from domain.service_point import Refusal
from kiosk.desk.line import Joiner
from kiosk.desk.line_answers import Done, NoNumbers
from kiosk.desk.outcome import Source
from kiosk.desk.welcome import Welcome
from tests.kiosk.desk.test_line import POINT, SampleLine


class Lobby(SampleLine):
    """What visitors may come for, beside the desk that calls them."""

    def __init__(self, folder: Path, *, away: bool) -> None:
        super().__init__(folder, away=away)
        self.welcome = Welcome(self.store.lines, self.desk, self.clock, self.store.offset.correct)

    def set_up(self, settings: str) -> None:
        self.state.put("service_point", id=POINT, settings=settings)
        self.pull()


@pytest.fixture(params=[False, True], ids=["with the server", "alone"])
def lobby(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Lobby]:
    lobby = Lobby(tmp_path, away=request.param)
    yield lobby
    lobby.store.close()


def test_a_visitor_sees_what_to_come_for_and_who_is_ahead(lobby: Lobby) -> None:
    before = {service.category.id: service.ahead for service in lobby.welcome.services()}
    assert before
    lobby.join("Ann")
    after = {service.category.id: service.ahead for service in lobby.welcome.services()}
    assert after == {category: ahead + 1 for category, ahead in before.items()}


def test_a_visitor_gets_a_number_and_their_place(lobby: Lobby) -> None:
    lobby.join("Ann")
    ahead = lobby.welcome.services()[0].ahead
    done = lobby.welcome.join(POINT, "general", Joiner(name="Zoe", call_by_name=True, language="de"))
    assert isinstance(done, Done)
    assert done.source is (Source.HERE if lobby.server.away else Source.SERVER)
    assert (done.party.name, done.party.call_by_name) == ("Zoe", True)
    standing = lobby.welcome.standing(POINT, done.party.id)
    assert standing is not None
    assert standing.ahead == ahead
    assert standing.forecast.p50 <= standing.forecast.p80


def test_one_who_is_called_is_told_where_and_one_who_is_served_nothing(lobby: Lobby) -> None:
    done = lobby.welcome.join(POINT, "general", Joiner())
    assert isinstance(done, Done)
    lobby.pull()
    lobby.clock.forward(SECOND)
    for _ in range(lobby.welcome.services()[0].ahead):
        lobby.desk.call_next(POINT, "one")
        lobby.pull()
    standing = lobby.welcome.standing(POINT, done.party.id)
    assert standing is not None
    assert standing.counter == "one"
    lobby.desk.move(POINT, done.party.id, Event.START)
    lobby.pull()
    assert lobby.welcome.standing(POINT, done.party.id) is None
    assert lobby.welcome.standing(POINT, EntryId("nobody")) is None


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ('{"selfJoin": false}', Refusal.OFF),
        ('{"maxWaiting": 0}', Refusal.FULL),
        ('{"openingHours": {"mon": [{"opens": "09:00", "closes": "10:00"}]}}', Refusal.CLOSED),
    ],
)
def test_a_line_that_takes_nobody_says_why_also_when_the_kiosk_is_alone(
    lobby: Lobby, settings: str, why: Refusal
) -> None:
    lobby.set_up(settings)
    assert {service.refusal for service in lobby.welcome.services()} == {why}
    assert lobby.welcome.join(POINT, "general", Joiner()) is why
    assert lobby.store.outbox.unseen() == ()


def test_alone_it_gives_out_the_numbers_that_it_holds_and_then_no_more(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path, away=True)
    given = [lobby.welcome.join(POINT, "general", Joiner()) for _ in range(51)]
    numbers = [done.party.entry.number for done in given if isinstance(done, Done)]
    assert numbers == [f"A{number:03}" for number in range(50, 100)]
    assert isinstance(given[-1], NoNumbers)
    lobby.clock.forward(HOUR)
    lobby.store.close()
