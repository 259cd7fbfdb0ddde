"""The look as tokens: every colour and size of the kiosk, as a palette and a style sheet of Qt."""

from dataclasses import asdict, dataclass, fields
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from kiosk.ui.resources import path

TOUCH = 56
"""Least height of what a gloved finger presses, in pixels."""
FAMILIES = ("Inter", "Noto Sans Arabic UI")
"""Letters that the first has none of come from the second."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours as `#rrggbb`. `on_x` is text on `x`; a `_soft` one is a tint for chips and banners."""

    canvas: str
    surface: str
    raised: str
    hover: str
    pressed: str
    line: str
    edge: str
    ink: str
    muted: str
    faint: str
    focus: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str
    good: str
    on_good: str
    good_soft: str
    on_good_soft: str
    warn: str
    on_warn: str
    warn_soft: str
    on_warn_soft: str
    bad: str
    on_bad: str
    bad_soft: str
    on_bad_soft: str
    lens: str
    on_lens: str
    on_lens_muted: str


LIGHT = Tokens(
    canvas="#eef1f5",
    surface="#ffffff",
    raised="#e9edf2",
    hover="#dde3eb",
    pressed="#cdd5e0",
    line="#d9dfe7",
    edge="#778396",
    ink="#0d1522",
    muted="#495466",
    faint="#8b95a4",
    focus="#1d4ed8",
    accent="#1d4ed8",
    accent_hover="#1a45bf",
    accent_pressed="#163a9f",
    on_accent="#ffffff",
    accent_soft="#e1eaff",
    on_accent_soft="#1b3fa8",
    good="#0a7a3d",
    on_good="#ffffff",
    good_soft="#d8f3e2",
    on_good_soft="#075a2d",
    warn="#ffb224",
    on_warn="#231700",
    warn_soft="#ffedc7",
    on_warn_soft="#6a4200",
    bad="#c2151c",
    on_bad="#ffffff",
    bad_soft="#fde2e1",
    on_bad_soft="#920f10",
    lens="#10151d",
    on_lens="#f4f6fa",
    on_lens_muted="#b4becb",
)

DARK = Tokens(
    canvas="#0a0e14",
    surface="#141b25",
    raised="#212b38",
    hover="#2c3847",
    pressed="#384658",
    line="#26313e",
    edge="#718093",
    ink="#f2f5f9",
    muted="#a8b4c3",
    faint="#667283",
    focus="#8db2ff",
    accent="#2f63e6",
    accent_hover="#3b6ced",
    accent_pressed="#2552c4",
    on_accent="#ffffff",
    accent_soft="#17274a",
    on_accent_soft="#a9c4ff",
    good="#0b7a3e",
    on_good="#ffffff",
    good_soft="#0e2f1e",
    on_good_soft="#7fe3a8",
    warn="#f5a51c",
    on_warn="#1f1400",
    warn_soft="#362709",
    on_warn_soft="#ffd07a",
    bad="#c81e24",
    on_bad="#ffffff",
    bad_soft="#3d1518",
    on_bad_soft="#ffaaa6",
    lens="#05070a",
    on_lens="#f4f6fa",
    on_lens_muted="#b4becb",
)

TEXT_SIZES = {
    "caption": 14,
    "body": 16,
    "lead": 19,
    "title": 24,
    "headline": 34,
    "number": 44,
    "display": 68,
    "giant": 112,
}
"""Pixels at text factor 1."""

READABLE = (
    *((text, ground) for text in ("ink", "muted") for ground in ("canvas", "surface", "raised")),
    *(("ink", ground) for ground in ("hover", "pressed")),
    *(("on_accent", ground) for ground in ("accent", "accent_hover", "accent_pressed")),
    *(
        (f"on_{tone}{soft}", f"{tone}{soft}")
        for tone in ("accent", "good", "warn", "bad")
        for soft in ("", "_soft")
    ),
    *((f"on_{tone}_soft", "surface") for tone in ("accent", "good", "warn", "bad")),
    ("on_lens", "lens"),
    ("on_lens_muted", "lens"),
)
"""Which token stands as text on which: each pair has a contrast of at least 4.5."""
VISIBLE = (("edge", "surface"), ("edge", "canvas"), ("focus", "surface"), ("focus", "canvas"))
"""Edges of controls and the focus ring: each pair has a contrast of at least 3."""


@dataclass(frozen=True, slots=True)
class Theme:
    """`text_factor` enlarges all words; with `reduced_motion` nothing moves by itself."""

    dark: bool = False
    text_factor: float = 1.0
    reduced_motion: bool = False

    @property
    def tokens(self) -> Tokens:
        return DARK if self.dark else LIGHT

    def colour(self, token: str) -> QColor:
        """The colour of a token; a `#rrggbb` stands for itself."""
        return QColor(token if token.startswith("#") else getattr(self.tokens, token))

    def pixels(self, role: str) -> int:
        """The text size of a role in pixels."""
        return round(TEXT_SIZES[role] * self.text_factor)

    def font(self, role: str, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """For what is painted by hand; digits are of one width, so that figures do not jump."""
        font = QFont()
        font.setFamilies(FAMILIES)
        font.setPixelSize(self.pixels(role))
        font.setWeight(weight)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font


_current = Theme()


def current() -> Theme:
    """The theme in force."""
    return _current


def apply(app: QApplication, theme: Theme) -> None:
    """Gives the whole program this look; widgets that paint themselves follow with the next paint."""
    global _current
    _current = theme
    load_fonts()
    app.setFont(theme.font("body"))
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))


def load_fonts() -> None:
    """Makes the product's own fonts known; once is enough."""
    if not set(FAMILIES) <= set(QFontDatabase.families()):
        for file in sorted(path("fonts").glob("*.[ot]tf")):
            QFontDatabase.addApplicationFont(str(file))


def style_sheet(theme: Theme) -> str:
    """`resources/style/*.qss` with colours and sizes filled in, `kiosk.qss` first."""
    files = sorted(path("style").glob("*.qss"), key=lambda file: (file.stem != "kiosk", file.stem))
    template = Template("\n".join(file.read_text("utf-8") for file in files))
    sizes = {f"{role}_px": f"{theme.pixels(role)}px" for role in TEXT_SIZES}
    return template.substitute(asdict(theme.tokens), **sizes, family=_quoted(FAMILIES), touch=f"{TOUCH}px")


def _quoted(families: tuple[str, ...]) -> str:
    return ", ".join(f'"{family}"' for family in families)


def palette(theme: Theme) -> QPalette:
    """For what a style sheet does not reach."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: "canvas",
        roles.Base: "surface",
        roles.AlternateBase: "raised",
        roles.Button: "raised",
        roles.WindowText: "ink",
        roles.Text: "ink",
        roles.ButtonText: "ink",
        roles.PlaceholderText: "muted",
        roles.Highlight: "accent",
        roles.HighlightedText: "on_accent",
        roles.ToolTipBase: "surface",
        roles.ToolTipText: "ink",
    }
    made = QPalette()
    for role, token in colours.items():
        made.setColor(role, theme.colour(token))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, theme.colour("faint"))
    return made


TOKEN_NAMES = tuple(field.name for field in fields(Tokens))
