"""Payments for orders at the Desk: looked up at the server, taken, and given back behind the PIN."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from kiosk.qt.door_shown import trouble_words
from kiosk.qt.pin_flow import PinFlow
from kiosk.qt.ready import Ready
from kiosk.sync.status import Trouble
from kiosk.sync.till_wire import OrderSeen
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.text import text
from kiosk.ui.till_views import FoundOrders, OrderLineView, OrderView

_PAYABLE = frozenset({"pending", "expired"})


class TillFlow(QObject):
    """`tell` is told of what happened, for demonstrations and tests."""

    def __init__(self, ready: Ready, page: DeskPage, tell: Callable[..., None]) -> None:
        super().__init__()
        self._ready, self._page, self._tell = ready, page, tell
        self._known: dict[str, OrderSeen] = {}
        self._refunding: OrderSeen | None = None
        page.till.searched.connect(self._search)
        page.till.chosen.connect(self._look)
        page.till.paid.connect(self._pay)
        page.till.refunded.connect(self._ask_for_pin)
        self._pin = PinFlow(ready.station.pin, ready.worker, page.pin.ask, self._let)
        page.pin.entered.connect(self._pin.entered)

    def scanned(self, code: str) -> None:
        """An order's QR says its number."""
        self._page.till.find_order(code)

    def _search(self, wanted: str) -> None:
        till = self._ready.work.till
        self._ready.worker.ask(lambda: till.find(wanted), lambda found: self._found(wanted, found))

    def _found(self, wanted: str, found: tuple[OrderSeen, ...] | Trouble) -> None:
        if isinstance(found, Trouble):
            self._page.till.show_found(FoundOrders(wanted, trouble=trouble_words(found)))
            return
        self._known = {order.id: order for order in found}
        self._page.till.show_found(FoundOrders(wanted, tuple(map(order_view, found))))

    def _look(self, id_: str) -> None:
        till, order = self._ready.work.till, self._known[id_]
        self._ready.worker.ask(lambda: till.look(order), lambda seen: self._show(seen, ""))

    def _pay(self, id_: str, method: str, receipt: str) -> None:
        till, order = self._ready.work.till, self._known[id_]
        self._ready.worker.ask(
            lambda: till.pay(order, method, receipt), lambda seen: self._show(seen, "till.paid")
        )

    def _ask_for_pin(self, id_: str) -> None:
        self._refunding = self._known[id_]
        self._pin.ask()

    def _let(self) -> None:
        self._page.pin.close_sheet()
        till, order = self._ready.work.till, self._refunding
        if order is not None:
            self._ready.worker.ask(lambda: till.refund(order), lambda seen: self._show(seen, "till.refunded"))

    def _show(self, seen: OrderSeen | Trouble, done: str) -> None:
        if isinstance(seen, Trouble):
            self._page.till.fail(trouble_words(seen))
            self._tell(event="till", trouble=seen.code)
            return
        self._known[seen.id] = seen
        said = text(done, receipt=seen.receipt) if done else ""
        self._page.till.show_order(order_view(seen), said)
        self._tell(event="till", order=seen.number, state=seen.state, receipt=seen.receipt)


def order_view(order: OrderSeen) -> OrderView:
    """What a provider took, the organiser gives back; here goes what staff took."""
    return OrderView(
        id=order.id,
        number=order.number,
        who=order.name or order.email,
        state=order.state,
        total=order.total,
        currency=order.currency,
        lines=tuple(OrderLineView(line.name, line.quantity, line.price) for line in order.lines),
        receipt=order.receipt,
        method=order.method,
        may_pay=order.state in _PAYABLE and order.total > 0,
        may_refund=order.state == "confirmed" and order.by_hand,
    )
