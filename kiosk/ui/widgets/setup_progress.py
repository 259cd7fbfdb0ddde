"""What the kiosk is busy with at its first start."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.ui import theme
from kiosk.ui.setup_views import FirstStartView, SetupStep
from kiosk.ui.text import text
from kiosk.ui.widgets.card import column, row
from kiosk.ui.widgets.glyph import Glyph
from kiosk.ui.widgets.label import Label

_STEPS = tuple(SetupStep)


class Progress(QWidget):
    """All steps, those done ticked, and how far the first copy has come. A server of one's own is started,
    another is paired with: only one of the two is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._bar, self._own = Bar(), False
        self._lines = {step: StepLine(text(f"setup.doing.{step}")) for step in _STEPS}
        body = column(self, spacing=18)
        body.addWidget(Label(text("setup.doing"), "headline", wrap=True))
        body.addSpacing(8)
        for line in self._lines.values():
            body.addWidget(line)
        body.addWidget(self._bar)
        body.addStretch()

    def show_view(self, view: FirstStartView) -> None:
        if view.step is None:
            return
        if view.step in (SetupStep.PAIRING, SetupStep.STARTING):
            self._own = view.step is SetupStep.STARTING
        self._lines[SetupStep.PAIRING].setVisible(not self._own)
        self._lines[SetupStep.STARTING].setVisible(self._own)
        now = _STEPS.index(view.step)
        for place, line in enumerate(self._lines.values()):
            line.show_state("done" if place < now else "now" if place == now else "later")
        self._bar.setVisible(view.fetched is not None)
        self._bar.show_share(view.fetched or 0.0)


class StepLine(QWidget):
    _LOOKS = {
        "done": ("check", "on_good_soft"),
        "now": ("sync", "on_accent_soft"),
        "later": ("minus", "muted"),
    }

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self._glyph = Glyph("minus", 30, "muted")
        self._label = Label(words, "lead", "muted")
        line = row(self, spacing=16)
        line.addWidget(self._glyph)
        line.addWidget(self._label, 1)

    def show_state(self, state: str) -> None:
        self._glyph.show_icon(*self._LOOKS[state])
        self._label.set_tone("muted" if state == "later" else "ink")
        self.setAccessibleName(text(f"setup.step.{state}", step=self._words))


class Bar(QWidget):
    """A share of a whole."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def share(self) -> float:
        return self._share

    def show_share(self, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self.setAccessibleName(text("setup.percent", count=round(100 * self._share)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole, radius = QRectF(self.rect()), self.height() / 2
        for token, width in (("pressed", whole.width()), ("accent", whole.width() * self._share)):
            painter.setPen(theme.current().colour(token))
            painter.setBrush(theme.current().colour(token))
            if width > self.height():
                painter.drawRoundedRect(QRectF(0, 0, width, whole.height()), radius, radius)
        painter.end()
