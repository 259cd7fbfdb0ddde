"""Real kiosks at a door, without their window, of a real server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.stage import Stage
from kiosk.store import credentials
from kiosk.sync import pairing
from tests.kiosk.sync.kiosks import Kiosk


@contextmanager
def door(stage: Stage, folder: Path, ahead: int = 0) -> Iterator[Kiosk]:
    """A kiosk with all that it needs; paired as `folder` is called at its first start. `ahead` milliseconds
    are what its clock is off."""
    if not folder.exists():
        made = stage.device(folder.name, "door", f"event:{stage.event}", lists=[stage.list_of_event()])
        folder.mkdir()
        credentials.write(folder, pairing.pair(pairing.invitation(str(made["pairingUri"]))))
    kiosk = Kiosk(folder, ahead)
    try:
        kiosk.wait_synced()
        yield kiosk
    finally:
        kiosk.close()
