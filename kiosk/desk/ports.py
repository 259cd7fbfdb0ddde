"""What the use cases need of the world; each port has a contract test that every implementation passes."""

from collections.abc import Callable, Mapping
from typing import Protocol

from domain.clock import Instant
from domain.ids import ListId, OpId, ServicePointId, TicketId
from domain.sync import Operation
from domain.ticket import Ticket
from kiosk.store.catalog import Catalog
from kiosk.store.journal import Noted
from kiosk.store.line_book import Issue
from kiosk.store.outbox import Act
from kiosk.store.party import Line, Party, ServicePoint
from kiosk.store.tally import Figures
from kiosk.store.tickets import Gathered
from kiosk.sync.replies import Reply, ServerVerdict
from kiosk.sync.verdict_wire import CheckIn

Clock = Callable[[], Instant]
"""The kiosk's own clock."""

Corrected = Callable[[Instant], Instant]
"""A time of the kiosk's clock as the server's."""

Ids = Callable[[], str]
"""New ids, never the same twice; they sort by time."""


class Tickets(Protocol):
    """Tickets as this kiosk knows them. Raises `Unavailable` where it has no copy to look in."""

    def catalog(self) -> Catalog: ...
    def gather(self, scanned: str, at: Instant) -> Gathered: ...
    def gather_ticket(self, ticket: TicketId) -> Gathered: ...
    def search(self, text: str, limit: int) -> tuple[Ticket, ...]: ...
    def ticket(self, id_: TicketId) -> Ticket | None: ...


class DoorLog(Protocol):
    """Scans of this kiosk. What `record` took is on the disk when it returns; it may raise `StorageFull`."""

    def record(self, act: Act, noted: Noted) -> Operation: ...
    def note(self, noted: Noted) -> None: ...
    def holds(self, op: OpId) -> bool: ...
    def recent(self, limit: int) -> tuple[Noted, ...]: ...
    def last_granted(self) -> Noted | None: ...
    def find(self, op: OpId) -> Noted | None: ...
    def figures(self, list_: ListId, now: Instant) -> Figures | None: ...


class DoorServer(Protocol):
    """The server, asked with a deadline. Never raises."""

    def check_in(self, scan: CheckIn) -> Reply[ServerVerdict]: ...
    def undo(self, op: OpId, undoes: OpId, reason: str) -> Reply[None]: ...
    def sent(self) -> None:
        """Something was written down that the server has yet to hear of."""
        ...


class Lines(Protocol):
    """Lines as they are shown, and acts on them."""

    def points(self) -> tuple[ServicePoint, ...]: ...
    def line(self, id_: ServicePointId) -> Line | None: ...
    def unsent(self) -> bool:
        """Whether the server has yet to hear of an act on any line."""
        ...

    def record(self, act: Act) -> Operation: ...
    def record_join(
        self, point: ServicePoint, category: str, now: Instant, issue: Issue
    ) -> Operation | None: ...
    def answered(self, party: Party) -> None: ...


class LineServer(Protocol):
    """The server's line, asked with a deadline. Never raises."""

    def act(self, path: str, body: Mapping[str, object], key: OpId) -> Reply[Party]: ...
    def set_counter(self, point: ServicePointId, body: Mapping[str, object], key: OpId) -> Reply[None]: ...
    def join(self, act: Act) -> Reply[str]: ...
    def sent(self) -> None: ...


class Kept(Protocol):
    """Settings of this kiosk, texts by name, kept on the disk."""

    def get(self, name: str, default: str = "") -> str: ...
    def put(self, name: str, value: str) -> None: ...
