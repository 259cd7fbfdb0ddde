"""Money that went over this kiosk's counter, taken and given back, whatever the server has heard of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.clock import Instant
from domain.ids import OpId, TicketId
from kiosk.store.outbox_file import OutboxFile

_COLUMNS = "order_id, back, number, at, method, amount, currency, ticket, op, sure"


@dataclass(frozen=True, slots=True)
class Taking:
    """Money for an order, `back` where it was given back; `at` is by the server's clock.

    Of a sale at the door, `op` sold it, and `ticket` is what was sold. It is `sure` unless the server was
    asked, and has not said whether it was done.
    """

    order: str
    number: str
    at: Instant
    method: str
    amount: int
    currency: str
    back: bool = False
    ticket: TicketId | None = None
    op: OpId | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Total:
    """What was taken in one way, and what was given back of that: how often, and how much."""

    method: str
    currency: str
    count: int
    amount: int
    backs: int
    given_back: int


class Takings:
    """Of an order money is taken once, and given back once."""

    def __init__(self, file: OutboxFile) -> None:
        self._file = file

    def put(self, taking: Taking) -> None:
        """In the place of what was known of it."""
        with self._file.write() as db:
            db.execute(
                f"INSERT OR REPLACE INTO taking ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                (
                    taking.order,
                    taking.back,
                    taking.number,
                    taking.at,
                    taking.method,
                    taking.amount,
                    taking.currency,
                    taking.ticket,
                    taking.op,
                    taking.sure,
                ),
            )

    def drop(self, order: str, *, back: bool) -> None:
        """It was not so."""
        with self._file.write() as db:
            db.execute("DELETE FROM taking WHERE order_id = ? AND back = ?", (order, back))

    def of(self, order: str, *, back: bool = False) -> Taking | None:
        return self._one("order_id = ? AND back = ?", (order, back))

    def sold_by(self, op: OpId) -> Taking | None:
        """What was sold here by that act, and not taken back."""
        sold = self._one("op = ? AND NOT back", (op,))
        return None if sold is None or self.of(sold.order, back=True) else sold

    def unsure(self) -> tuple[Taking, ...]:
        """The oldest first."""
        rows = self._file.rows(f"SELECT {_COLUMNS} FROM taking WHERE NOT sure ORDER BY at")  # noqa: S608
        return tuple(map(_taking, rows))

    def totals(self, since: Instant) -> tuple[Total, ...]:
        """All that is sure, from then on."""
        rows = self._file.rows(
            "SELECT method, currency, count(*) FILTER (WHERE NOT back), "
            "coalesce(sum(amount) FILTER (WHERE NOT back), 0), count(*) FILTER (WHERE back), "
            "coalesce(sum(amount) FILTER (WHERE back), 0) FROM taking "
            "WHERE at >= ? AND sure GROUP BY method, currency ORDER BY currency, method",
            (since,),
        )
        return tuple(Total(*row) for row in rows)

    def prune(self, before: Instant) -> None:
        with self._file.write() as db:
            db.execute("DELETE FROM taking WHERE at < ?", (before,))

    def _one(self, where: str, values: Sequence[object]) -> Taking | None:
        rows = self._file.rows(f"SELECT {_COLUMNS} FROM taking WHERE {where}", values)  # noqa: S608
        return _taking(rows[0]) if rows else None


def _taking(row: Sequence[object]) -> Taking:
    order, back, number, at, method, amount, currency, ticket, op, sure = row
    return Taking(
        order=str(order),
        number=str(number),
        at=Instant(int(str(at))),
        method=str(method),
        amount=int(str(amount)),
        currency=str(currency),
        back=bool(back),
        ticket=TicketId(str(ticket)) if ticket else None,
        op=OpId(str(op)) if op else None,
        sure=bool(sure),
    )
