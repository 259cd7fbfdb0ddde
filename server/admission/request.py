"""One scan as asked for, and the tickets that it may mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from domain import lookup
from domain.admission import Asked, CheckInList, Direction, Found
from domain.clock import Instant
from server.admission.store import DoorStore
from server.ticketing import codes


@dataclass(frozen=True, slots=True)
class Request:
    """One scan: by `code`, or of one `ticket` by its id, for which no `lists` are all those of its event."""

    op: str
    at: Instant
    lists: Sequence[str]
    code: str | None = None
    ticket: str | None = None
    direction: Direction = Direction.ENTRY
    gate: str = ""
    force: bool = False
    simulate: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False
    confirmed_unpaid: bool = False

    @property
    def asked(self) -> Asked:
        return Asked(
            at=self.at,
            direction=self.direction,
            gate=self.gate,
            force=self.force,
            answers=self.answers,
            confirmed=self.confirmed,
            confirmed_unpaid=self.confirmed_unpaid,
        )


def find(
    connection: Connection, org: str, store: DoorStore, request: Request, lists: Sequence[CheckInList]
) -> Found:
    """Nothing where the caller has none of the lists."""
    addons = any(list_.addons for list_ in lists)
    if not lists:
        return Found()
    if request.ticket is None:

        def verify(number: int, message: bytes, signature: bytes) -> bool | None:
            return codes.verify(connection, org)(number, message, signature)

        return lookup.look_up(request.code or "", store, verify, request.at, addons=addons)
    ticket = store.by_id(request.ticket)
    if ticket is None:
        return Found()
    return Found((ticket,), tuple(store.addons(ticket)) if addons else ())
