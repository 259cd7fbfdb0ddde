"""Selling at the Door: what is pressed becomes a ticket, and its code is shown, or printed."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject

from domain.errors import Problem
from domain.ids import TicketTypeId
from kiosk.desk.outcome import Outcome
from kiosk.desk.walk_in import Buyer, Method, NotForSale, OtherPrice, Sold
from kiosk.qt.door_shown import zone_of
from kiosk.qt.pin_flow import PinFlow
from kiosk.qt.ready import Ready
from kiosk.qt.sale_shown import offer_view, sold_view
from kiosk.qt.worker import Worker
from kiosk.store.takings import Taking
from kiosk.sync.status import Connection
from kiosk.ui import text as words
from kiosk.ui.pages.door import DoorPage
from kiosk.ui.sale_views import OfferView, SaleRequest
from kiosk.ui.text import text
from kiosk.ui.views import NoticeView, Tone, VerdictView

Show = Callable[[Outcome, VerdictView], None]
Answer = NotForSale | OtherPrice | Problem
"""Why nothing was sold."""

_log = logging.getLogger("usher.kiosk")
_PATIENCE = 0.5
"""Seconds for which a printer is waited for where nobody needs it any more."""
_METHODS: dict[str, Method] = {"cash": "cash", "card": "card", "free": "free"}


class SaleFlow(QObject):
    """`show` shows the verdict on who has just bought; `changed` is called where a sale is no more."""

    def __init__(
        self,
        ready: Ready,
        page: DoorPage,
        tell: Callable[..., None],
        show: Show,
        changed: Callable[[], None],
    ) -> None:
        super().__init__()
        self._changed = changed
        self._paper: Worker | None = None
        self._may_print = False
        page.sale_begun.connect(self._look_for_printer)
        self._ready, self._page, self._tell, self._show = ready, page, tell, show
        self._sold: Sold | None = None
        page.sale_asked.connect(self._sell)
        page.print_asked.connect(self._print)
        page.sale_back_asked.connect(self._back)
        self._going: Taking | None = None
        self._pin = PinFlow(ready.station.pin, ready.worker, page.pin.ask, self._give_back)
        page.pin.entered.connect(self._pin.entered)

    def close(self) -> None:
        if self._paper:
            self._paper.close(_PATIENCE)

    def offers(self) -> tuple[OfferView, ...]:
        """What is sold here now. Reads the store."""
        online = self._ready.station.status.connection is Connection.ONLINE
        return tuple(offer_view(lease, online=online) for lease in self._ready.work.walk_in.offers())

    def take_back(self, sale: Taking) -> None:
        """Money is given back behind the PIN; what cost nothing goes without."""
        self._going = sale
        if sale.amount:
            self._pin.ask()
        else:
            self._give_back()

    def _sell(self, request: SaleRequest) -> None:
        work, language, may_print = self._ready.work, self._ready.language, self._may_print
        buyer = Buyer(request.name, request.email, language)

        def job() -> Answer | tuple[Sold, VerdictView]:
            type_, method = TicketTypeId(request.type), _METHODS[request.method]
            try:
                sold = work.walk_in.sell(type_, method, buyer, request.price)
            except Problem as problem:
                return problem
            if not isinstance(sold, Sold):
                return sold
            return sold, sold_view(sold, zone_of(work.door), language, may_print=may_print)

        self._ready.worker.ask(job, self._done)

    def _done(self, answer: Answer | tuple[Sold, VerdictView]) -> None:
        self._page.sale_over()
        match answer:
            case NotForSale():
                self._not_sold(text("sale.gone"), text("sale.gone.body"), type=answer.type)
            case OtherPrice():
                price = words.money(answer.price, answer.currency) if answer.price else text("sale.no_price")
                self._not_sold(text("sale.price"), text("sale.price.body", price=price), type=answer.type)
            case Problem():
                why = words.trouble(answer.code, answer.detail)
                self._not_sold(text("notice.trouble"), why, code=answer.code)
            case (sold, view):
                self._sold = sold
                self._show(sold.outcome, view)
                self._tell(event="sold", number=sold.number, code=sold.code)

    def _not_sold(self, what: str, why: str, **more: object) -> None:
        self._ready.sound("refused")
        self._ready.notice(NoticeView(what, why, Tone.BAD))
        self._tell(event="not_for_sale", **more)

    def _back(self) -> None:
        sold, walk_in = self._sold, self._ready.work.walk_in
        if sold is not None:
            self._ready.worker.ask(
                lambda: walk_in.sale(sold.outcome.op), lambda sale: self.take_back(sale) if sale else None
            )

    def _give_back(self) -> None:
        self._page.sale_gone()
        sale, self._going = self._going, None
        walk_in = self._ready.work.walk_in
        if sale is not None and sale.op is not None:
            op = sale.op
            self._ready.worker.ask(lambda: walk_in.take_back(op), self._gone)

    def _gone(self, given: Taking | None) -> None:
        if given is None:
            self._ready.notice(NoticeView(text("door.nothing_to_undo"), tone=Tone.WARN))
            return
        amount = words.money(given.amount, given.currency)
        why = text(f"sale.back.{given.method}", amount=amount)
        self._ready.notice(
            NoticeView(text("sale.back", number=given.number), why, Tone.WARN, lasting=given.amount > 0)
        )
        self._tell(event="sale_back", number=given.number, amount=given.amount)
        self._changed()

    def _print(self) -> None:
        from kiosk.devices.printer import Paper, SystemPrinter

        sold = self._sold
        if sold is None:
            return
        ticket, type_ = sold.outcome.verdict.ticket, sold.outcome.type
        price = words.money(sold.price, sold.currency) if sold.price else text("sale.no_price")
        lines = (ticket.name if ticket else "", price, sold.number)
        paper = Paper(type_.name if type_ else "", tuple(filter(None, lines)), sold.code)
        self._at_printer(lambda: SystemPrinter().print(paper), self._printed)

    def _printed(self, printed: bool) -> None:
        said = text("sale.printed") if printed else text("sale.not_printed")
        self._ready.notice(NoticeView(said, tone=Tone.INFO if printed else Tone.BAD))

    def _look_for_printer(self) -> None:
        """While staff choose: a sale that is done is shown, whatever the printer says."""

        def found(present: bool) -> None:
            self._may_print = present

        self._at_printer(_is_present, found)

    def _at_printer(self, job: Callable[[], bool], then: Callable[[bool], None]) -> None:
        """On a thread of its own: a print queue that hangs is to hold up neither scans nor the picture."""

        def tried() -> bool:
            try:
                return job()
            except Exception:
                _log.exception("the printer")
                return False

        if self._paper is None:
            self._paper = Worker("usher-printer", lambda _: None)
        self._paper.ask(tried, then)


def _is_present() -> bool:
    """What knows of printers takes its time to load, which a kiosk that sells nothing never spends."""
    from kiosk.devices.printer import SystemPrinter

    return SystemPrinter().present()
