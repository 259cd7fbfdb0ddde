"""Real kiosks at a door, without their window, of a real server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.stage import Stage
from kiosk.store import credentials
from kiosk.sync import pairing
from tests.kiosk.sync.kiosks import Kiosk


@contextmanager
def door(stage: Stage, folder: Path, ahead: int = 0, *, sells: bool = False) -> Iterator[Kiosk]:
    """A kiosk with all that it needs; paired as `folder` is called at its first start. `ahead` milliseconds
    are what its clock is off; it may sell where it `sells`."""
    if not folder.exists():
        made = stage.office.invite(
            folder.name, "door", [f"event:{stage.event}"], [stage.list_of_event()], sells=sells
        )
        folder.mkdir()
        credentials.write(folder, pairing.pair(pairing.invitation(str(made["pairingUri"]))))
    kiosk = Kiosk(folder, ahead)
    try:
        kiosk.wait_synced()
        yield kiosk
    finally:
        kiosk.close()
