"""A door with real files and a server in the same thread."""

from itertools import count
from pathlib import Path

from domain.admission import Direction
from domain.clock import Instant
from domain.ids import ListId
from kiosk.desk.door import Door, DoorSetup
from kiosk.desk.door_desk import DoorDesk
from kiosk.desk.machine import letters
from kiosk.desk.perks import Perks
from kiosk.desk.walk_in import WalkIn
from kiosk.store.store import Store
from tests.builders import ManualClock
from tests.kiosk.near_server import NearServer
from tests.kiosk.sample import EVENT, NOON, Sample, adopt
from tests.kiosk.standin_state import ServerState


class SampleDoor:
    """`server.away` is True to begin with: what is tried here is mostly what the kiosk does alone."""

    def __init__(self, folder: Path, sample: Sample | None, *, gate: str = "") -> None:
        self.clock = ManualClock(Instant(NOON))
        self.state = ServerState.of(sample) if sample else ServerState({})
        self.state.now = self.clock
        self.server = NearServer(self.state, self.state.add_device("north"), away=True)
        self.store = Store(folder)
        if sample:
            adopt(self.store.copies, EVENT, sample)
        ids = count(1)

        def new_id() -> str:
            return f"id-{next(ids):04}"

        corrected = self.store.offset.correct
        setup = DoorSetup(self.server.device.id, gate=gate)
        self.door = Door(
            self.store.tickets,
            self.store.door,
            self.server,
            self.clock,
            corrected,
            new_id,
            setup,
        )
        self.perks = Perks(self.store.tickets, self.store.door, self.server, self.clock, new_id)
        self.walk_in = WalkIn(
            self.door, self.store.seats, self.store.door, self.server, self.clock, corrected, new_id, letters
        )
        self.desk = DoorDesk(self.store.tickets, self.store.door, self.clock, corrected)

    def turn(self, direction: Direction, *lists: str) -> None:
        setup = self.door.setup
        self.door.setup = DoorSetup(setup.device, tuple(map(ListId, lists)), setup.gate, direction)

    def sent(self) -> list[dict[str, object]]:
        """What waits to be sent, as its payloads."""
        return [dict(act.payload) for act in self.store.outbox.waiting()]

    def close(self) -> None:
        self.store.close()
