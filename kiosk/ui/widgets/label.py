"""Words on a page."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class Label(QLabel):
    """Plain text in one of the theme's roles and tones; what people typed is never read as markup.

    Roles: caption label body strong lead title headline number display giant.
    Tones: ink muted accent good warn bad on_good on_warn on_bad on_lens.
    """

    _trailing = False
    """Whether it stands at the end of its line."""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        tone: str = "ink",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._lean()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._lean()

    def _lean(self) -> None:
        """The page decides the side, not the script of the words: a Latin name stands right under Arabic."""
        if not self.alignment() & Qt.AlignmentFlag.AlignHCenter:
            turned = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            right = turned is not self._trailing
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            upright = self.alignment() & Qt.AlignmentFlag.AlignVertical_Mask
            self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | upright)

    def set_tone(self, tone: str) -> None:
        restyle(self, tone=tone)


class ElidedLabel(Label):
    """One line that ends in … where there is no room; the whole text is in the tool tip."""

    def __init__(
        self, text: str = "", role: str = "body", tone: str = "ink", *, trailing: bool = False
    ) -> None:
        self._trailing = trailing
        super().__init__("", role, tone)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._elide()

    def whole(self) -> str:
        return self._whole

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._elide()

    def _elide(self) -> None:
        self.ensurePolished()
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


def restyle(widget: QWidget, **properties: object) -> None:
    """Sets properties that the style sheet looks at, and has it look again where they changed."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
