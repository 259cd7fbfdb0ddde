"""A server inside this computer, set up in two small steps: organisation, what it begins with."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QStackedWidget, QWidget

from kiosk.ui.setup_views import Begin, LocalSetup
from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import column, row
from kiosk.ui.widgets.label import Label, restyle
from kiosk.ui.widgets.segments import Segments
from kiosk.ui.widgets.setup_code import named

_STEPS = ("organization", "begin")


class LocalForm(QWidget):
    """`chosen` carries a `LocalSetup` once every step is done; `back` is asked for before the first."""

    chosen = Signal(object)
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._step, self._begin = 0, Begin.EVENT
        self._count = Label("", "label", "muted")
        self._title, self._how = Label("", "headline", wrap=True), Label("", "body", "muted", wrap=True)
        self._organization, self._name = QLineEdit(), QLineEdit()
        self._organization.textChanged.connect(self._judge)
        self._name.textChanged.connect(self._judge)
        self._kinds = Segments("begin", text("setup.begin.title"))
        self._kinds.chosen.connect(self._choose)
        self._name_words = named(self._name, "beginName", "")
        self._back = Button(text("setup.back"), "setupBack", "ghost", large=True)
        self._back.clicked.connect(self._go_back)
        self._next = Button(text("setup.next"), "setupNext", "primary", icon_name="forward", large=True)
        self._next.clicked.connect(self._go_on)
        self._forms, self._parts = QStackedWidget(), (QWidget(), QWidget())
        self._arrange()
        self._choose(Begin.EVENT)
        self.begin()

    def begin(self) -> None:
        """From the first step; names that were typed stay."""
        self._show_step(0)

    def set_low(self, low: bool) -> None:
        """For a low screen: buttons less high."""
        for button in (self._back, self._next):
            restyle(button, large=not low)

    def step(self) -> str:
        return _STEPS[self._step]

    def says(self) -> str:
        return self._how.text()

    def _show_step(self, step: int) -> None:
        self._step = step
        name = _STEPS[step]
        self._count.setText(text("setup.step", step=step + 1, steps=len(_STEPS)))
        self._title.setText(text(f"setup.{name}.title"))
        self._how.setText(text(f"setup.{name}.how"))
        self._show_form(step)
        self._judge()
        self._field().setFocus()

    def _show_form(self, place: int) -> None:
        """Only the form that shows takes room, so that the buttons stand right below it."""
        kinds = QSizePolicy.Policy
        for other, form in enumerate(self._parts):
            form.setSizePolicy(kinds.Preferred, kinds.Preferred if other == place else kinds.Ignored)
        self._forms.setCurrentIndex(place)

    def _judge(self) -> None:
        self._next.setEnabled(bool(self._field().text().strip()))

    def _field(self) -> QLineEdit:
        return (self._organization, self._name)[self._step]

    def _choose(self, begin: str) -> None:
        self._begin = Begin(begin)
        kinds = [(str(kind), text(f"setup.begin.{kind}")) for kind in Begin]
        self._kinds.show_choices(kinds, str(self._begin))
        words = text(f"setup.begin.{self._begin}.name")
        self._name_words.setText(words)
        self._name.setAccessibleName(words)
        self._name.setPlaceholderText(text(f"setup.begin.{self._begin}.example"))

    def _go_on(self) -> None:
        if not self._next.isEnabled():
            return
        if self._step + 1 < len(_STEPS):
            self._show_step(self._step + 1)
        else:
            name, organization = self._name.text().strip(), self._organization.text().strip()
            self.chosen.emit(LocalSetup(organization, self._begin, name))

    def _go_back(self) -> None:
        if self._step == 0:
            self.back.emit()
        else:
            self._show_step(self._step - 1)

    def _arrange(self) -> None:
        whose, what = self._parts
        first = column(whose, spacing=8)
        first.addWidget(named(self._organization, "organization", text("setup.organization")))
        first.addWidget(self._organization)
        second = column(what, spacing=8)
        for widget in (self._kinds, self._name_words, self._name):
            second.addWidget(widget)
        for form in self._parts:
            self._forms.addWidget(form)
        for field in (self._organization, self._name):
            field.returnPressed.connect(self._go_on)
        buttons = row(spacing=12)
        buttons.addWidget(self._back)
        buttons.addWidget(self._next, 1)
        body = column(self, spacing=8)
        for label in (self._count, self._title, self._how):
            body.addWidget(label)
        body.addSpacing(12)
        body.addWidget(self._forms)
        body.addSpacing(12)
        body.addLayout(buttons)
        body.addStretch()
