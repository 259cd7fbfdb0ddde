"""A device is taken in: whose, what, what is wrong with it, photos, and then its number to write on it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import QLayout, QWidget

from kiosk.ui.request_views import IntakeRequest, TakenView
from kiosk.ui.text import text
from kiosk.ui.views import Health
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column, row
from kiosk.ui.widgets.desk_photos import PhotoStep
from kiosk.ui.widgets.label import ElidedLabel, Label
from kiosk.ui.widgets.qr import Qr
from kiosk.ui.widgets.sheet import Sheet
from kiosk.ui.widgets.text_field import text_field
from kiosk.ui.widgets.wrap import Wrap

_MOST_PHOTOS = 20
_LONG = ("problem", "condition", "accessories")
_LONGEST = {
    **dict.fromkeys(("type", "brand", "model", "serial", "name", "email"), 100),
    "phone": 40,
    "problem": 2000,
    "condition": 2000,
    "accessories": 500,
}
_WIDE = ("type", "serial")
_QR = 200


class IntakeSheet(Sheet):
    """`asked` carries an `IntakeRequest`, `photographed` a `QImage`, `looks` whether the camera is needed."""

    opened = Signal()
    asked = Signal(object)
    photographed = Signal(QImage)
    looks = Signal(bool)

    _looking = False

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, text("request.new"), "intakeSheet", width=820)
        self._said = Label("", "lead", "bad", wrap=True)
        self._said.setObjectName("intakeSaid")
        self._fields = {
            name: text_field(f"intake:{name}", text(f"request.field.{name}"), longest)
            for name, longest in _LONGEST.items()
        }
        self._form, self._photos = QWidget(), PhotoStep(_MOST_PHOTOS)
        self._photos.taken.connect(self.photographed)
        self._done = column(spacing=8)
        self._shoot = Button("", "intakePhotos", icon_name="camera")
        self._shoot.clicked.connect(self._open_photos)
        self._back = Button(text("request.photo.back"), "intakeBack", icon_name="back")
        self._back.clicked.connect(self._open_form)
        self._go = Button(text("request.go"), "intakeGo", "good", icon_name="check", large=True)
        self._go.clicked.connect(self._ask)
        self._close = Button(text("booking.done"), "intakeDone", "primary", icon_name="check", large=True)
        self._close.clicked.connect(self.close_sheet)
        self._arrange()

    def open_new(self) -> None:
        """Empty for the next device: nothing of the last one is left."""
        for field in self._fields.values():
            field.clear()
        clear(self._done)
        self._photos.start()
        self._said.hide()
        self.opened.emit()
        self._open_form()

    def show_picture(self, picture: QImage) -> None:
        if self._looking:
            self._photos.show_picture(picture)

    def camera_is(self, health: Health, words: str) -> None:
        self._photos.camera_is(health, words)

    def photo_kept(self) -> None:
        self._photos.show_kept()
        self._tell_photos()
        self._fit_photos()

    def photo_lost(self, why: str) -> None:
        self._photos.fail(why)
        self._fit_photos()

    def scanned(self, code: str) -> None:
        """A scanner reads serial numbers better than people do."""
        if not self._form.isHidden():
            self._fields["serial"].setText(code)

    def show_taken(self, view: TakenView) -> None:
        """It is done; staff write its number on it, or stick its label on."""
        self._show(self._close)
        clear(self._done)
        self._done.addWidget(ElidedLabel(view.device, "lead", "muted"))
        line = row(spacing=24)
        if view.number:
            said = column(spacing=8)
            said.addWidget(_number(view.number))
            said.addWidget(_told(text("request.done.write"), "lead"))
            line.addLayout(said, 1)
            line.addWidget(_label(view.code), 0, Qt.AlignmentFlag.AlignTop)
        else:
            line.addWidget(_told(text("request.done.later"), "title"), 1)
        self._done.addLayout(line)
        self.open_sheet(self._close)

    def fail(self, why: str) -> None:
        """It was not taken in; what was typed stays."""
        self._said.setText(why)
        self._said.show()
        self._open_form()

    def showEvent(self, event: QShowEvent) -> None:
        """Back from behind another page it goes on where it was."""
        super().showEvent(event)
        self._look(not self._photos.isHidden())

    def hideEvent(self, event: QHideEvent) -> None:
        """The camera looks no longer than it is needed."""
        self._look(False)
        super().hideEvent(event)

    def _arrange(self) -> None:
        form = column(self._form, spacing=8)
        for title, names in (
            ("request.device", ("type", "brand", "model", "serial")),
            ("request.customer", ("name", "phone", "email")),
        ):
            form.addWidget(Label(text(title), "label", "muted"))
            form.addLayout(self._abreast(names))
        form.addWidget(Label(text("request.state_of"), "label", "muted"))
        for name in _LONG:
            form.addWidget(self._fields[name])
        for name in ("type", "problem"):
            self._fields[name].textChanged.connect(self._allow)
        for field in self._fields.values():
            field.returnPressed.connect(self._go.click)
        self._said.hide()
        self.body.addWidget(self._said)
        self.body.addWidget(self._form)
        self.body.addWidget(self._photos)
        self.body.addLayout(self._done)
        acts = row(spacing=12)
        for button in (self._shoot, self._back, self._go, self._close):
            acts.addWidget(button, 1)
        self.foot.addLayout(acts)

    def _abreast(self, names: tuple[str, ...]) -> QLayout:
        made = Wrap(spacing=8)
        for name in names:
            self._fields[name].setMinimumWidth(380 if name in _WIDE else 220)
            made.add(self._fields[name], grow=True)
        return made

    def _open_form(self) -> None:
        self._tell_photos()
        self._show(self._form, self._shoot, self._go)
        self._allow()
        self.open_sheet(self._fields["type"])

    def _open_photos(self) -> None:
        self._show(self._photos, self._back)
        self.open_sheet(self._back)

    def _show(self, *parts: QWidget) -> None:
        """These parts, and no other."""
        for part in (self._form, self._photos, self._shoot, self._back, self._go, self._close):
            part.setVisible(part in parts)
        self._look(self._photos in parts)

    def _look(self, needed: bool) -> None:
        if needed is not self._looking:
            self._looking = needed
            if needed:
                self._photos.wake()
            self.looks.emit(needed)

    def _allow(self) -> None:
        said = (self._fields[name].text().strip() for name in ("type", "problem"))
        self._go.setEnabled(all(said))

    def _ask(self) -> None:
        self._go.setEnabled(False)
        self._said.hide()
        said = {name: field.text().strip() for name, field in self._fields.items()}
        things = tuple(part.strip() for part in said.pop("accessories").split(",") if part.strip())
        self.asked.emit(IntakeRequest(**said, accessories=things))

    def _tell_photos(self) -> None:
        count = self._photos.count
        self._shoot.set_words(text("request.photos", count=count) if count else text("request.photo.add"))

    def _fit_photos(self) -> None:
        """Whoever closed it meanwhile is left alone."""
        if self.isVisible() and self._looking:
            self.open_sheet(self._photos.button)


def _told(said: str, role: str) -> Label:
    """As high as its words are at the width that they get, no higher."""
    made = Label(said, role, wrap=True)
    made.setMinimumHeight(1)
    return made


def _number(said: str) -> Label:
    made = Label(said, "display")
    made.setObjectName("intakeNumber")
    return made


def _label(code: str) -> Qr:
    """What the device's label shows, for a camera or a scanner that is held before it."""
    made = Qr()
    made.set_text(code, text("request.done.code"))
    made.setFixedSize(_QR, _QR)
    return made
