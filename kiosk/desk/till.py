"""Taking money for orders at the desk, and giving it back. Both need the server: who paid what is decided
there, and while it is away that is said openly. What went over this counter is written down here too."""

from collections.abc import Mapping
from dataclasses import replace

from domain.ids import DeviceId
from kiosk.desk.asked import said
from kiosk.desk.ports import Clock, Ids, Takings, TillServer
from kiosk.store.takings import Taking
from kiosk.sync.replies import Got, Missed
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

    def __init__(self, server: TillServer, takings: Takings, me: DeviceId, now: Clock, ids: Ids) -> None:
        """`now` is the server's time."""
        self._server, self._takings, self._me = server, takings, me
        self._now, self._ids = now, ids

    def find(self, text: str) -> tuple[OrderSeen, ...] | Trouble:
        """Orders by number, or parts of a name or e-mail address, the newest first."""
        if len(text.strip()) < FEWEST:
            return ()
        return said(self._server.find_orders(text.strip()), NO_SERVER, NO_SERVER)

    def look(self, order: OrderSeen) -> OrderSeen | Trouble:
        """One order with its payment. Settles what the server had not said of it."""
        seen = said(self._server.order(order.event, order.id), NO_SERVER, NO_SERVER)
        if isinstance(seen, OrderSeen):
            self._settle(seen)
        return seen

    def pay(self, order: OrderSeen, method: str, receipt: str) -> OrderSeen | Trouble:
        """Staff have the money in hand. `receipt` is the number on their paper; empty, and one is made."""
        body = {"method": method} | ({"receipt": receipt} if receipt else {})
        return self._change(order, "pay", body, self._taking(order, method))

    def refund(self, order: OrderSeen, reason: str = "") -> OrderSeen | Trouble:
        """Staff give it back; the tickets are void from then on."""
        given = replace(self._taking(order, order.method), back=True)
        return self._change(order, "refund", {"reason": reason}, given)

    def _change(
        self, order: OrderSeen, act: str, body: Mapping[str, object], taking: Taking
    ) -> OrderSeen | Trouble:
        """What a kiosk that is killed meanwhile has not heard stays unsure, until the order is looked at."""
        before = self._takings.of(order.id, back=taking.back)
        if before is None or not before.sure:
            self._takings.put(taking)
        reply = self._server.change_order(order.event, order.id, act, body, self._ids())
        match reply:
            case Got(seen):
                self._takings.put(replace(taking, sure=True))
                self._settle(seen)
            case Missed(asked=True):
                pass
            case _ if before is None:
                self._takings.drop(order.id, back=taking.back)
        return said(reply, NO_SERVER, UNSURE)

    def _taking(self, order: OrderSeen, method: str) -> Taking:
        return Taking(order.id, order.number, self._now(), method, order.total, order.currency, sure=False)

    def _settle(self, seen: OrderSeen) -> None:
        """Money that somebody else took, or nobody, is not in this till."""
        for back, holds in (
            (False, seen.taken_by == f"device:{self._me}"),
            (True, seen.state == "refunded"),
        ):
            known = self._takings.of(seen.id, back=back)
            if known is None or known.sure:
                continue
            if holds:
                self._takings.put(replace(known, sure=True))
            else:
                self._takings.drop(seen.id, back=back)
