"""The kiosk's store, opened as one: its own acts in `outbox.db`, and copies of the server's records."""

from collections.abc import Callable, Sequence
from pathlib import Path

from domain.clock import Instant
from domain.sync import Scope
from kiosk.store import owner, rescue
from kiosk.store.copies import Copies
from kiosk.store.door_log import DoorLog
from kiosk.store.doubles import Double
from kiosk.store.folder import make
from kiosk.store.journal import Journal
from kiosk.store.leases import Leases
from kiosk.store.line_book import LineBook
from kiosk.store.notices import Notices
from kiosk.store.offset import ClockOffset
from kiosk.store.outbox import Outbox
from kiosk.store.outbox_file import OutboxFile
from kiosk.store.owner import Owner
from kiosk.store.replica import Applied, Change
from kiosk.store.seats import Seats
from kiosk.store.settings import KeptSettings
from kiosk.store.takings import Takings
from kiosk.store.tickets import TicketBook


class Store:
    """Safe to use from several threads. Opening raises `Damaged` or `FromNewerVersion` for `outbox.db`
    alone: a copy that cannot be used is set aside, and fetched again."""

    def __init__(self, folder: Path) -> None:
        make(folder)
        self.folder = folder
        rescue.finish(folder)
        self.file = OutboxFile(folder)
        self.outbox, self.leases, self.notices = Outbox(self.file), Leases(self.file), Notices(self.file)
        self.seats, self.takings = Seats(self.file), Takings(self.file)
        self.settings = KeptSettings(self.file)
        self.offset = ClockOffset(self.settings)
        self.copies = Copies(folder)
        self.tickets = TicketBook(self.copies, Journal(self.file), self.outbox)
        self.door = DoorLog(self.file, self.copies, self.tickets)
        self.lines = LineBook(self.file, self.copies, self.offset)

    def close(self) -> None:
        self.copies.close()
        self.file.close()

    def apply(
        self, scope: Scope, changes: Sequence[Change], cursor: int, now: Instant
    ) -> tuple[frozenset[str], tuple[Double, ...]]:
        """Moves a copy on to `cursor`. Which tables were touched, and tickets that both this kiosk and
        another door have admitted."""
        met: list[Double] = []

        def then(applied: Applied) -> None:
            met.extend(self.door.applied(applied, now))

        return self.copies.apply(scope, changes, cursor, then), tuple(met)

    def adopt(self, scope: Scope, unpacked: Path, stopped: Callable[[], bool] = lambda: False) -> None:
        """Swaps a whole new copy in; gives up with `Unavailable` once `stopped`."""
        self.copies.adopt(scope, unpacked, stopped)
        self.door.swapped()

    def drop(self, scope: Scope) -> None:
        self.copies.drop(scope)
        self.door.swapped()

    def belong_to(self, now: Owner) -> None:
        """All that is here is that organisation's from now on: of another one nothing is shown or sent any
        more, and what that one was not told of is kept aside until the kiosk is its own again."""
        before = owner.known(self.settings)
        if before is None or before.is_(now):
            if before != now:
                owner.note(self.settings, now)
            return
        self.copies.wipe()
        owner.hand_over(self.file, self.settings, before, now)
        self.door.swapped()
        self.lines.forget()

    def wipe(self) -> None:
        """Takes every copy and every remembered scan off the disk; what was not sent yet stays."""
        self.copies.wipe()
        Journal(self.file).wipe()
        self.door.swapped()
