"""What a verdict of a real kiosk says on the page, in each language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from domain.clock import HOUR
from domain.ids import EventId
from kiosk.desk.walk_in import Sold
from kiosk.qt.door_shown import door_view, verdict_view, zone_of
from kiosk.ui import text
from kiosk.ui.pages.door import DoorPage
from kiosk.ui.views import Health
from tests.kiosk.desk.doors import SampleDoor
from tests.kiosk.desk.test_walk_in import LEASE
from tests.kiosk.sample import EVENT, NOON, sample_event

# The talk goes from 15:00 to 16:00 in Berlin, where it is 14:00.
WORDS = {
    ("start", ">=", -10): {
        "en": "Admission here: from 14:50.",
        "de": "Einlass hier: ab 14:50.",
        "es": "Acceso aquí: desde 14:50.",
        "fr": "Accès ici\xa0: dès 14:50.",
        "ar": "الدخول هنا: من ٢:٥٠ م.",
        "id": "Masuk di sini: mulai 14.50.",
    },
    ("end", "<", -150): {
        "en": "Admission here: until 13:30.",
        "de": "Einlass hier: bis 13:30.",
        "es": "Acceso aquí: hasta 13:30.",
        "fr": "Accès ici\xa0: jusqu'à 13:30.",
        "ar": "الدخول هنا: حتى ١:٣٠ م.",
        "id": "Masuk di sini: sampai 13.30.",
    },
    ("start", ">=", 24 * 60): {
        "en": "Admission here: from Mon 11 May, 15:00.",
        "de": "Einlass hier: ab Mo. 11. Mai, 15:00.",
        "es": "Acceso aquí: desde lun 11 may, 15:00.",
        "fr": "Accès ici\xa0: dès lun. 11 mai, 15:00.",
        "ar": "الدخول هنا: من الاثنين ١١ مايو، ٣:٠٠ م.",
        "id": "Masuk di sini: mulai Sen, 11 Mei, 15.00.",
    },
}


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    text.set_language("en")


def test_who_bought_and_gave_no_name_is_called_by_the_number_of_the_order(tmp_path: Path) -> None:
    door = SampleDoor(tmp_path, sample_event(1))
    door.store.seats.keep(EventId(EVENT.id), [LEASE])
    sold = door.walk_in.sell(LEASE.type, "cash")
    assert isinstance(sold, Sold)
    shown = door_view(door.door, door.desk, Health.UNUSED, "")
    assert ([row.name for row in shown.recent], shown.undoable) == ([sold.number], sold.number)
    door.close()


@pytest.mark.parametrize(("anchor", "op", "minutes"), WORDS, ids=lambda value: str(value))
def test_a_refusal_by_the_time_of_a_session_says_when_in_every_language(
    anchor: str, op: str, minutes: int, tmp_path: Path, qtbot: QtBot
) -> None:
    sample = sample_event(1)
    sample.session("talk", NOON + HOUR, NOON + 2 * HOUR)
    sample.ticket(2, session="talk")
    moment = {"anchor": f"session_{anchor}", "minutes": minutes}
    sample.check_in_list(rules={"fact": "now", "op": op, "value": moment})
    door = SampleDoor(tmp_path, sample)
    outcome, zone = door.door.scan(sample.code(2)), zone_of(door.door)
    said = {}
    for language in text.languages():
        text.set_language(language)
        page = DoorPage()
        qtbot.addWidget(page)
        page.show_verdict(verdict_view(outcome, zone, language))
        label = page.findChild(QLabel, "verdictSentence")
        assert isinstance(label, QLabel)
        said[language] = label.text()
    door.close()
    assert said == WORDS[anchor, op, minutes]
