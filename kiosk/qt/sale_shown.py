"""What is sold at the door, and what was, as the Door page shows it."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from kiosk.desk.walk_in import Sold
from kiosk.qt.door_shown import verdict_view
from kiosk.store.seats import SeatLease
from kiosk.ui.sale_views import OfferView, SoldView
from kiosk.ui.views import VerdictView


def offer_view(lease: SeatLease, *, online: bool) -> OfferView:
    """While the server is there, what others may have still counts too: it gives more as they are sold."""
    left = lease.left
    if left is not None and online:
        left += lease.available or 0
    return OfferView(
        type=lease.type,
        name=lease.name,
        colour=lease.colour,
        price=lease.price,
        currency=lease.currency,
        left=0 if lease.left == 0 else left,
        here=not online,
    )


def sold_view(sold: Sold, zone: ZoneInfo, language: str, *, may_print: bool) -> VerdictView:
    """The verdict on who has just bought. To take the entry back would not give the money back."""
    bought = SoldView(sold.code, sold.number, sold.price, sold.currency, sold.method, may_print)
    return replace(verdict_view(sold.outcome, zone, language), sold=bought, may_undo=False)
