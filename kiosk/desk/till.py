"""Taking money for orders at the desk, and giving it back. Both need the server: who paid what is decided
there, and while it is away that is said openly."""

from collections.abc import Mapping

from kiosk.desk.asked import said
from kiosk.desk.ports import Ids, TillServer
from kiosk.sync.status import Trouble
from kiosk.sync.till_wire import OrderSeen

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
        return said(self._server.find_orders(text.strip()), NO_SERVER, NO_SERVER)

    def look(self, order: OrderSeen) -> OrderSeen | Trouble:
        """One order with its payment."""
        return said(self._server.order(order.event, order.id), NO_SERVER, NO_SERVER)

    def pay(self, order: OrderSeen, method: str, receipt: str) -> OrderSeen | Trouble:
        """Staff have the money in hand. `receipt` is the number on their paper; empty, and one is made."""
        body = {"method": method} | ({"receipt": receipt} if receipt else {})
        return self._change(order, "pay", body)

    def refund(self, order: OrderSeen, reason: str = "") -> OrderSeen | Trouble:
        """Staff give it back; the tickets are void from then on."""
        return self._change(order, "refund", {"reason": reason})

    def _change(self, order: OrderSeen, act: str, body: Mapping[str, object]) -> OrderSeen | Trouble:
        reply = self._server.change_order(order.event, order.id, act, body, self._ids())
        return said(reply, NO_SERVER, UNSURE)
