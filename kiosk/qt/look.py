"""How this kiosk looks and sounds, as staff set it; kept apart from what an administrator decides."""

from dataclasses import dataclass

import orjson
from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication, Qt

from kiosk.config import Config
from kiosk.store.settings import KeptSettings
from kiosk.ui.text import FALLBACK, languages
from kiosk.ui.theme import Theme

_NAME = "look"


@dataclass(frozen=True, slots=True)
class Look:
    """`theme` is `auto`, `light` or `dark`; `text_size` in percent; `camera` a name, empty for the first."""

    theme: str = "auto"
    text_size: int = 100
    language: str = "en"
    sound: bool = True
    camera: str = ""
    reduced_motion: bool = False

    def keep(self, settings: KeptSettings) -> None:
        """Writes what differs from run to run only by staff's choice."""
        kept = {
            "theme": self.theme,
            "text_size": self.text_size,
            "language": self.language,
            "sound": self.sound,
            "camera": self.camera,
        }
        settings.put(_NAME, orjson.dumps(kept).decode())

    def as_theme(self) -> Theme:
        """`auto` follows the system."""
        hints = QGuiApplication.styleHints()
        dark = hints.colorScheme() is Qt.ColorScheme.Dark if self.theme == "auto" else self.theme == "dark"
        return Theme(dark, self.text_size / 100, self.reduced_motion)


def read(config: Config, settings: KeptSettings) -> Look:
    """What staff chose; else what the settings of this run say. What the command line gives wins."""
    kept, look = settings.get(_NAME), of_run(config)
    if not kept:
        return look
    chosen = {name: value for name, value in orjson.loads(kept).items() if name not in config.given}
    return Look(
        theme=chosen.get("theme", look.theme),
        text_size=chosen.get("text_size", look.text_size),
        language=chosen.get("language", look.language),
        sound=chosen.get("sound", look.sound),
        camera=chosen.get("camera", look.camera),
        reduced_motion=look.reduced_motion,
    )


def of_run(config: Config) -> Look:
    """What the settings of this run say, and the system."""
    return Look(
        theme=config.theme,
        text_size=config.text_size,
        language=config.language or _system_language(),
        sound=config.sound,
        camera=config.camera,
        reduced_motion=config.reduced_motion,
    )


def _system_language() -> str:
    """The system's, where it is one of ours."""
    tag = QLocale.system().name().partition("_")[0]
    return tag if tag in languages() else FALLBACK
