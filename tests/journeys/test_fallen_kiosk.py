"""A kiosk that fills the screen: it comes back after it fell, and goes once somebody with the PIN says so."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from demo.programs import PIN, Kiosk, until
from demo.stage import Stage


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    made = Kiosk("Front desk", tmp_path)
    yield made
    made.quit()


def test_a_kiosk_that_fell_comes_back_with_its_face_and_quits_only_by_the_pin(
    kiosk: Kiosk, stage: Stage
) -> None:
    device = stage.device("Front desk", "door", f"event:{stage.event}")
    kiosk.start("--pair", str(device["pairingUri"]), window=False)
    kiosk.hear("face", face="door")
    kiosk.press("menu")
    kiosk.choose_pin()
    kiosk.press("face:desk")
    kiosk.hear("face", face="desk")

    [program] = psutil.Process(kiosk.pid).children()
    program.kill()
    kiosk.hear("face", face="desk")

    kiosk.press("menu")
    kiosk.enter(PIN)
    kiosk.press("quit")
    kiosk.press("quitNow")
    keeper = psutil.Process(kiosk.pid)
    until(lambda: keeper.status() == psutil.STATUS_ZOMBIE, lambda: "the kiosk was started again")
