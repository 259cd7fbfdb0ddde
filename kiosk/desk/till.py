"""Taking money for orders at the desk, and giving it back. Both need the server: who paid what is decided
there, and while it is away that is said openly."""

from typing import TypeVar, assert_never

from kiosk.desk.ports import Ids, TillServer
from kiosk.sync.replies import Denied, Got, Missed, Reply
from kiosk.sync.status import Trouble
from kiosk.sync.till_wire import OrderSeen

T = TypeVar("T")

FEWEST = 3
"""Letters from which on orders are looked for."""
NO_SERVER = Trouble(
    "till_offline",
    "Payments for orders need the server, which does not answer: try again once this kiosk is online.",
)
UNSURE = Trouble(
    "till_unsure",
    "The server did not answer in time: look the order up again before you take or give back any money.",
)


class Till:
    """Answers with what is so now, or with a `Trouble` that says what to do."""

    def __init__(self, server: TillServer, ids: Ids) -> None:
        self._server, self._ids = server, ids

    def find(self, text: str) -> tuple[OrderSeen, ...] | Trouble:
        """Orders by number, or parts of a name or e-mail address, the newest first."""
        if len(text.strip()) < FEWEST:
            return ()
        return _said(self._server.find_orders(text.strip()), NO_SERVER)

    def look(self, order: OrderSeen) -> OrderSeen | Trouble:
        """One order with its payment."""
        return _said(self._server.order(order.event, order.id), NO_SERVER)

    def pay(self, order: OrderSeen, method: str, receipt: str) -> OrderSeen | Trouble:
        """Staff have the money in hand. `receipt` is the number on their paper; empty, and one is made."""
        said = {"method": method} | ({"receipt": receipt} if receipt else {})
        return _said(self._server.change_order(order.event, order.id, "pay", said, self._ids()), UNSURE)

    def refund(self, order: OrderSeen, reason: str = "") -> OrderSeen | Trouble:
        """Staff give it back; the tickets are void from then on."""
        said = {"reason": reason}
        return _said(self._server.change_order(order.event, order.id, "refund", said, self._ids()), UNSURE)


def _said(reply: Reply[T], late: Trouble) -> T | Trouble:
    """`late` is said where the server may have heard."""
    match reply:
        case Got(value):
            return value
        case Denied(problem):
            return Trouble.of(problem)
        case Missed(asked=True):
            return late
        case Missed():
            return NO_SERVER
        case _:
            assert_never(reply)
