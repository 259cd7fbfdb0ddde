"""What staff set on this kiosk: camera, sound, look, language, their PIN."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui.setup_views import MenuView, Theme
from kiosk.ui.text import number, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, row
from kiosk.ui.widgets.choice_sheet import ChoiceSheet
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.segments import Segments

SIZES = (80, 90, 100, 115, 130, 150, 175, 200)
"""Text sizes in percent."""


class SettingsCard(Card):
    """`sound_toggled` carries whether it is to sound, `text_size_chosen` percent, the others ids."""

    camera_chosen = Signal(str)
    sound_toggled = Signal(bool)
    theme_chosen = Signal(str)
    text_size_chosen = Signal(int)
    language_chosen = Signal(str)
    pin_asked = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(text("menu.kiosk"), spacing=10)
        self._view: MenuView | None = None
        self._cameras = ChoiceSheet(page, text("menu.camera"), "camera")
        self._cameras.chosen.connect(self.camera_chosen)
        self._languages = ChoiceSheet(page, text("menu.language"), "language")
        self._languages.chosen.connect(self.language_chosen)
        self._camera = Button(text("menu.camera"), "chooseCamera", icon_name="camera")
        self._camera.clicked.connect(self._choose_camera)
        self._language = Button(text("menu.language"), "chooseLanguage", icon_name="globe")
        self._language.clicked.connect(self._choose_language)
        self._pin = Button(text("menu.pin.change"), "changePin", icon_name="lock")
        self._pin.clicked.connect(self.pin_asked)
        self._sound = Segments("sound", text("menu.sound"))
        self._sound.chosen.connect(lambda choice: self.sound_toggled.emit(choice == "on"))
        self._voice = Label(text("menu.voice.none"), "caption", "muted", wrap=True)
        self._theme = Segments("theme", text("menu.theme"))
        self._theme.chosen.connect(self.theme_chosen)
        self._size = TextSize()
        self._size.chosen.connect(self.text_size_chosen)
        for name, widget in (
            ("camera", self._camera),
            ("sound", self._sound),
            ("theme", self._theme),
            ("text_size", self._size),
            ("language", self._language),
            ("pin", self._pin),
        ):
            self.body.addWidget(Label(text(f"menu.{name}"), "strong"))
            self.body.addWidget(widget)
            if name == "sound":
                self.body.addWidget(self._voice)

    def show_view(self, view: MenuView) -> None:
        self._view = view
        named = {camera.id: camera.name for camera in view.cameras}
        first = view.cameras[0].name if view.cameras else text("menu.camera.none")
        self._camera.set_words(named.get(view.camera, first))
        self._camera.setEnabled(bool(view.cameras))
        on_off = [(state, text(f"menu.sound.{state}")) for state in ("on", "off")]
        self._sound.show_choices(on_off, "on" if view.sound else "off")
        self._voice.setVisible(not view.voice)
        themes = [(str(theme), text(f"menu.theme.{theme}")) for theme in Theme]
        self._theme.show_choices(themes, str(view.theme))
        self._size.show_size(view.text_size)
        spoken = {language.tag: language.name for language in view.languages}
        self._language.set_words(spoken.get(view.language, view.language))
        self._language.setEnabled(len(view.languages) > 1)

    def _choose_camera(self) -> None:
        if self._view:
            choices = [(camera.id, camera.name) for camera in self._view.cameras]
            self._cameras.show_choices(choices, self._view.camera)

    def _choose_language(self) -> None:
        if self._view:
            choices = [(language.tag, language.name) for language in self._view.languages]
            self._languages.show_choices(choices, self._view.language)


class TextSize(QWidget):
    """A step smaller, a step larger."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._now = 100
        self._smaller = Button("", "textSmaller", icon_name="minus", label=text("menu.text_size.smaller"))
        self._larger = Button("", "textLarger", icon_name="plus", label=text("menu.text_size.larger"))
        self._smaller.clicked.connect(lambda: self.chosen.emit(self._step(-1)))
        self._larger.clicked.connect(lambda: self.chosen.emit(self._step(1)))
        self._words = Label("", "title")
        line = row(self, spacing=16)
        line.addWidget(self._smaller)
        line.addWidget(self._words)
        line.addWidget(self._larger)
        line.addStretch()

    def show_size(self, size: int) -> None:
        self._now = size
        self._words.setText(text("menu.percent", size=number(size)))
        self._smaller.setEnabled(size > SIZES[0])
        self._larger.setEnabled(size < SIZES[-1])

    def _step(self, way: int) -> int:
        """The next size of the list, from whatever size it is now."""
        beyond = [size for size in SIZES if (size - self._now) * way > 0]
        return min(beyond, key=lambda size: abs(size - self._now), default=self._now)
