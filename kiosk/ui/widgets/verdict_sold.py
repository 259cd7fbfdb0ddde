"""What somebody who just bought takes along: the code to photograph, the number, what was paid."""

from PySide6.QtCore import Qt

from kiosk.ui import text as words
from kiosk.ui.sale_views import SoldView
from kiosk.ui.text import text
from kiosk.ui.widgets.card import Card, column, row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.label import Label, restyle
from kiosk.ui.widgets.qr import Qr
from kiosk.ui.widgets.wrap import Wrap

_SIDE, _LOW_SIDE = 250, 160


class SoldCard(Card):
    """The code is as large as the screen allows."""

    def __init__(self, sold: SoldView) -> None:
        super().__init__(margin=12, spacing=12)
        self._code, self._do = Qr(), Label(text("sale.photograph"), "headline", wrap=True)
        self._code.setObjectName("soldCode")
        self._code.set_text(sold.code, text("sale.code"))
        said = column(spacing=16)
        said.addStretch(1)
        said.addWidget(self._do)
        facts = Wrap(spacing=12)
        facts.add(Chip(sold.number, icon_name="ticket", role="title"))
        facts.add(Chip(_paid(sold), "good", icon_name="money", role="title"))
        said.addLayout(facts)
        said.addStretch(1)
        line = row(spacing=24)
        line.addWidget(self._code, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(said, 1)
        self.body.addLayout(line)

    def fit(self, *, low: bool) -> None:
        side = _LOW_SIDE if low else _SIDE
        self._code.setFixedSize(side, side)
        restyle(self._do, role="lead" if low else "headline")


def _paid(sold: SoldView) -> str:
    if not sold.price:
        return text("sale.no_price")
    return text(f"sale.{sold.method}.amount", amount=words.money(sold.price, sold.currency))
