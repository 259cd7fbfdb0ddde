"""Photos of a device, taken with the kiosk's camera."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.ui.text import text
from kiosk.ui.views import Health
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.camera_picture import CameraPicture
from kiosk.ui.widgets.card import column
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.wrap import Wrap

_PICTURE = 280
_SMALL = QSize(112, 72)
_KEEP, _SMOOTH = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
_BLIND = (Health.ABSENT, Health.TROUBLE)


class PhotoStep(QWidget):
    """`taken` carries a `QImage`. At most `most` photos."""

    taken = Signal(QImage)

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most, self._count = most, 0
        self._picture, self._sending = QImage(), QImage()
        self._health = Health.UNUSED
        self._camera = CameraPicture(aims=False)
        self._camera.setFixedHeight(_PICTURE)
        self._said = Label("", "lead", "muted", wrap=True)
        self._said.setObjectName("photoSaid")
        self._said.setMinimumHeight(1)
        self._take = Button(
            text("request.photo.take"), "takePhoto", "primary", icon_name="camera", large=True
        )
        self._take.clicked.connect(self._shoot)
        self._strip = QWidget()
        self._small = Wrap(self._strip, spacing=8)
        body = column(self, spacing=12)
        for part in (self._camera, self._said, self._take, self._strip):
            body.addWidget(part)
        self.start()

    @property
    def count(self) -> int:
        return self._count

    @property
    def button(self) -> Button:
        return self._take

    def start(self) -> None:
        """Nothing is left of the device before."""
        self._count = 0
        self._sending = QImage()
        while item := self._small.takeAt(0):
            if small := item.widget():
                small.hide()
                small.deleteLater()
        self._strip.hide()
        self._say("", "muted")
        self._allow()

    def wake(self) -> None:
        """The camera begins to look: nobody takes what it saw before."""
        self._picture = QImage()
        self._camera.show_picture(self._picture, ())
        self._allow()

    def show_picture(self, picture: QImage) -> None:
        first, self._picture = self._picture.isNull(), picture
        self._camera.show_picture(picture, ())
        if first:
            self._allow()

    def camera_is(self, health: Health, words: str) -> None:
        self._health = health
        self._camera.show_health(health, words)
        if health in _BLIND:
            self._picture = QImage()
            self._say(text("request.photo.none"), "warn")
        elif not self._count:
            self._say("", "muted")
        self._allow()

    def show_kept(self) -> None:
        """The server has the photo that was taken last; one of the device before counts no more."""
        if self._sending.isNull():
            return
        self._count += 1
        small = QLabel()
        small.setPixmap(QPixmap.fromImage(self._sending).scaled(_SMALL, _KEEP, _SMOOTH))
        small.setAccessibleName(text("request.photos", count=self._count))
        self._small.add(small)
        self._strip.show()
        self._sending = QImage()
        self._say(text("request.photos", count=self._count), "good")
        self._allow()

    def fail(self, why: str) -> None:
        """That photo is not kept."""
        if self._sending.isNull():
            return
        self._sending = QImage()
        self._say(why, "bad")
        self._allow()

    def _shoot(self) -> None:
        if self._picture.isNull():
            return
        self._sending = self._picture
        self._say(text("request.photo.sending"), "muted")
        self._allow()
        self.taken.emit(self._sending)

    def _allow(self) -> None:
        full, sending = self._count >= self._most, not self._sending.isNull()
        self._take.setEnabled(not (full or sending or self._picture.isNull() or self._health in _BLIND))

    def _say(self, said: str, tone: str) -> None:
        self._said.setText(said)
        self._said.set_tone(tone)
        self._said.setVisible(bool(said))
