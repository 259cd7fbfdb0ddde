"""Seats that this kiosk alone may sell at its door, so that it can do so offline."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import orjson

from domain.clock import Instant
from domain.ids import EventId, TicketTypeId
from kiosk.store.outbox_file import OutboxFile

_COLUMNS = "id, event, type, name, colour, price, currency, perks, seats, available, expires, sold"


@dataclass(frozen=True, slots=True)
class SeatLease:
    """Seats of a type until `expires`, by the server's clock, with what is needed to sell them.

    `seats` are all that were given under it, None for any number, of which `sold` are gone; `available` are
    those that anybody else could have when it was last renewed.
    """

    id: str
    event: EventId
    type: TicketTypeId
    name: str
    colour: str
    price: int
    currency: str
    perks: tuple[str, ...]
    seats: int | None
    available: int | None
    expires: Instant
    sold: int = 0

    @property
    def left(self) -> int | None:
        return None if self.seats is None else max(0, self.seats - self.sold)


class Seats:
    def __init__(self, file: OutboxFile) -> None:
        self._file = file

    def keep(self, event: EventId, leases: Collection[SeatLease]) -> bool:
        """Takes in what the server says of an event: leases that it does not name are no more, and what was
        sold under one stays sold. Whether anything changed."""
        before = self.of(event)
        if not before and not leases:
            return False
        with self._file.write() as db:
            ids = [lease.id for lease in leases]
            known = {lease.id for lease in before}
            for gone in known - set(ids):
                db.execute("DELETE FROM seat_lease WHERE id = ?", (gone,))
            for lease in leases:
                db.execute(
                    "INSERT INTO seat_lease VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) "
                    "ON CONFLICT (id) DO UPDATE SET name = excluded.name, colour = excluded.colour, "
                    "price = excluded.price, currency = excluded.currency, perks = excluded.perks, "
                    "seats = excluded.seats, available = excluded.available, expires = excluded.expires",
                    _row(lease),
                )
        return self.of(event) != before

    def of(self, event: EventId) -> tuple[SeatLease, ...]:
        """The leases of an event in the order in which its types are."""
        rows = self._file.rows(f"SELECT {_COLUMNS} FROM seat_lease WHERE event = ? ORDER BY rowid", (event,))  # noqa: S608
        return tuple(map(_lease, rows))

    def take(self, lease: str) -> bool:
        """Sells one seat, unless all are gone. It is never sold again."""
        with self._file.write() as db:
            return (
                db.execute(
                    "UPDATE seat_lease SET sold = sold + 1 WHERE id = ? AND (seats IS NULL OR sold < seats)",
                    (lease,),
                ).rowcount
                == 1
            )


def _row(lease: SeatLease) -> tuple[object, ...]:
    return (
        lease.id,
        lease.event,
        lease.type,
        lease.name,
        lease.colour,
        lease.price,
        lease.currency,
        orjson.dumps(lease.perks).decode(),
        lease.seats,
        lease.available,
        lease.expires,
    )


def _lease(row: Sequence[object]) -> SeatLease:
    id_, event, type_, name, colour, price, currency, perks, seats, available, expires, sold = row
    return SeatLease(
        str(id_),
        EventId(str(event)),
        TicketTypeId(str(type_)),
        str(name),
        str(colour),
        int(str(price)),
        str(currency),
        tuple(orjson.loads(str(perks))),
        None if seats is None else int(str(seats)),
        None if available is None else int(str(available)),
        Instant(int(str(expires))),
        int(str(sold)),
    )
