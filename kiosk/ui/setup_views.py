"""What first start, PIN page and staff menu show, and what a person chose there: frozen values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SetupStep(StrEnum):
    """What this kiosk is busy with at its first start, in this order."""

    PAIRING = "pairing"
    STARTING = "starting"
    FETCHING = "fetching"
    READY = "ready"


class Begin(StrEnum):
    """What this computer alone begins with."""

    EVENT = "event"
    SERVICE_POINT = "service_point"


@dataclass(frozen=True, slots=True)
class FirstStartView:
    """`step` None: the person chooses. `fetched` is the share of the first copy that is here, 0 to 1.

    `error` says in ready words what went wrong and what to do. `server` is an address to offer.
    `camera` is whether there is one to scan with.
    """

    step: SetupStep | None = None
    fetched: float | None = None
    error: str = ""
    server: str = ""
    camera: bool = True


@dataclass(frozen=True, slots=True)
class LocalSetup:
    """A server of one's own inside this computer. `name` is that of the event or service point."""

    organization: str
    begin: Begin
    name: str


class PinStep(StrEnum):
    """What the digits are for: the PIN itself, the one of now before another, a new one, that once more."""

    GIVE = "give"
    OLD = "old"
    NEW = "new"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class PinView:
    """`wrong`: the last try was. `wait` milliseconds until the next one counts."""

    step: PinStep = PinStep.GIVE
    wrong: bool = False
    wait: int = 0


class Face(StrEnum):
    DOOR = "door"
    DESK = "desk"
    DISPLAY = "display"
    WELCOME = "welcome"


class Theme(StrEnum):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class RejectedView:
    """An act that the server did not take. `what` and `why` in ready words, `at` local."""

    op: str
    what: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TakingView:
    """Money that came in by one `method`, `cash`, `card` or `free`, and went back: how often, and how much,
    in minor units of `currency`."""

    method: str
    currency: str
    count: int
    amount: int
    backs: int = 0
    given_back: int = 0


@dataclass(frozen=True, slots=True)
class TillView:
    """What this kiosk has taken since then, local; `unsure` are orders of which nobody has said."""

    since: datetime
    takings: tuple[TakingView, ...] = ()
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CameraView:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class LanguageView:
    """A BCP 47 tag, and the language's name in itself."""

    tag: str
    name: str


@dataclass(frozen=True, slots=True)
class About:
    """`server` is its address, `last_exchange` local."""

    device: str = ""
    organization: str = ""
    server: str = ""
    version: str = ""
    last_exchange: datetime | None = None


@dataclass(frozen=True, slots=True)
class MenuView:
    """`text_size` in percent. `backlog` acts wait to be sent; `trouble` says what to do, in ready words.
    `voice` is whether this computer can read calls out, `till` None where no money is taken."""

    faces: tuple[Face, ...]
    face: Face
    online: bool = True
    syncing: bool = False
    backlog: int = 0
    rejected: tuple[RejectedView, ...] = ()
    till: TillView | None = None
    trouble: str = ""
    cameras: tuple[CameraView, ...] = ()
    camera: str = ""
    sound: bool = True
    voice: bool = True
    theme: Theme = Theme.AUTO
    text_size: int = 100
    languages: tuple[LanguageView, ...] = ()
    language: str = ""
    about: About = About()
