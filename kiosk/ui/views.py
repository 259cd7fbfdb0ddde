"""What the window, the status line and the Door page show, as frozen values.

Times are local to the event and come ready; a page reads no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.admission import Direction, Reason
from domain.ticket import TicketState
from kiosk.ui.sale_views import OfferView, SoldView


class Connection(StrEnum):
    """`unpaired`: there is no server yet. `starting`: no copy is complete yet. `revoked`: this device may no
    longer."""

    UNPAIRED = "unpaired"
    STARTING = "starting"
    ONLINE = "online"
    OFFLINE = "offline"
    REVOKED = "revoked"


class Health(StrEnum):
    """Of a piece of hardware; what is absent stops nothing."""

    READY = "ready"
    TROUBLE = "trouble"
    ABSENT = "absent"
    UNUSED = "unused"
    """Not wanted on this kiosk: nothing is shown."""


@dataclass(frozen=True, slots=True)
class StatusView:
    """The line that is always there. `fetched` is the share of a first copy, 0 to 1, None when none is under
    way; `clock_off` is how far this computer's clock is wrong, in seconds, 0 where it is right enough."""

    event: str = ""
    device: str = ""
    connection: Connection = Connection.STARTING
    backlog: int = 0
    rejected: int = 0
    fetched: float | None = None
    camera: Health = Health.UNUSED
    printer: Health = Health.UNUSED
    clock_off: int = 0
    now: datetime | None = None
    trouble: str = ""


class Tone(StrEnum):
    """What a message means; a page makes it a colour and an icon."""

    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Something staff should know, such as a ticket admitted twice. `lasting`: until dismissed."""

    title: str
    body: str = ""
    tone: Tone = Tone.INFO
    lasting: bool = False


class VerdictKind(StrEnum):
    ADMITTED = "admitted"
    EXIT = "exit"
    ASK = "ask"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PhraseView:
    """A key of a text with its parameters; `time` fills `{time}` in the language's form, with its day where
    it is of `another_day`."""

    key: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    time: datetime | None = None
    another_day: bool = False


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Something to ask. `kind` is `text`, `number`, `boolean` or `choice`; `text` in the reader's words."""

    id: str
    text: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketView:
    """What is shown of a ticket. `colour` is `#rrggbb` of its type, `due` in minor units of `currency`."""

    id: str
    name: str = ""
    type: str = ""
    colour: str = ""
    seat: str = ""
    session: str = ""
    order: str = ""
    note: str = ""
    attention: bool = False
    perks: tuple[str, ...] = ()
    due: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class VerdictView:
    """One verdict. `first` is what is known of the admission that lets no further one follow. `here` tells
    that this kiosk gave it, not the server. `sentence` is in the server's words, `trouble` says what to do
    where no verdict could be given; empty, and the page finds its own words. `sold` is what was bought with
    the same act: it stays until somebody has seen it."""

    kind: VerdictKind
    ticket: TicketView | None = None
    reason: Reason | None = None
    rules: tuple[PhraseView, ...] = ()
    first: tuple[PhraseView, ...] = ()
    questions: tuple[QuestionView, ...] = ()
    confirmations: tuple[str, ...] = ()
    unpaid: bool = False
    may_force: bool = False
    may_undo: bool = False
    here: bool = False
    list_name: str = ""
    sentence: str = ""
    trouble: str = ""
    sold: SoldView | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of an `ask`: answers by question, texts confirmed, money taken."""

    answers: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False
    confirmed_unpaid: bool = False


@dataclass(frozen=True, slots=True)
class SearchRow:
    """A ticket that a search found; `last` is its last scan."""

    ticket: TicketView
    inside: bool = False
    state: TicketState = TicketState.VALID
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class SearchView:
    """What a search came to. `text` is what was searched for; `trouble` says why nothing could be."""

    text: str = ""
    rows: tuple[SearchRow, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class RecentRow:
    """A scan of this kiosk. `undone` tells that it was taken back."""

    at: datetime
    kind: VerdictKind
    reason: Reason | None = None
    name: str = ""
    type: str = ""
    colour: str = ""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """People admitted in the quarter hour from `at`."""

    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class FiguresView:
    """Today's figures of the list, over all doors as far as this kiosk knows."""

    expected: int = 0
    admitted: int = 0
    inside: int = 0
    refused: int = 0
    arrivals: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class DoorView:
    """The Door at rest. `camera` with `camera_trouble` in words; `undoable` is whom the
    last admission let in, None where there is nothing to take back. `offers` is what is sold here."""

    list_name: str = ""
    gate: str = ""
    direction: Direction = Direction.ENTRY
    camera: Health = Health.READY
    camera_trouble: str = ""
    undoable: str | None = None
    offers: tuple[OfferView, ...] = ()
    recent: tuple[RecentRow, ...] = ()
    figures: FiguresView = FiguresView()


@dataclass(frozen=True, slots=True)
class CodeChoice:
    """One of several codes in one picture; its ticket where the kiosk knows it."""

    code: str
    ticket: TicketView | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """Where a code lies in the picture: its corners in the picture's pixels."""

    corners: tuple[tuple[float, float], ...]
    tone: Tone = Tone.INFO
