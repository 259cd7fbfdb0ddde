"""Service requests at the desk: a device is taken in, found by its label, moved on. Where it stands only the
server knows; a device is taken in without it too, and gets its number later."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from domain.clock import Instant, rfc3339
from domain.errors import NotFound
from domain.ids import READABLE, OpId, ServicePointId
from domain.service_request import Decision, Labour, Part, State
from domain.sync import Kind
from kiosk.desk.asked import said
from kiosk.desk.ports import Acts, Clock, Ids, RequestServer
from kiosk.store.outbox import Act
from kiosk.sync.replies import Missed
from kiosk.sync.request_wire import RequestSeen, Taken
from kiosk.sync.status import Trouble

NO_SERVER = Trouble(
    "request_offline",
    "Only the server knows where the devices stand, and it does not answer. You can still take one in.",
)
NOT_CHANGED = Trouble(
    "request_not_changed", "The server does not answer: nothing was changed. Try again once it does."
)
UNSURE = Trouble(
    "request_unsure", "The server did not answer in time: look at the device again before you try once more."
)
NO_SUCH = Trouble("request_unknown", "There is no device with this label here.")
NO_PHOTO = Trouble(
    "photo_offline", "Photos need the server, which does not answer. Take the device in without them."
)
ENDED = frozenset({State.CLOSED, State.VOID})
OPEN = tuple(state for state in State if state not in ENDED)
PHOTOS = 20
"""A request has no more."""
_LABEL, _LETTERS = "SR-", 10


@dataclass(frozen=True, slots=True)
class Intake:
    """A device and whose it is. What was not said is empty; `language` is a BCP 47 tag."""

    point: ServicePointId
    type: str
    problem: str
    brand: str = ""
    model: str = ""
    serial: str = ""
    condition: str = ""
    accessories: tuple[str, ...] = ()
    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    photos: tuple[str, ...] = ()


class ServiceRequests:
    """Answers with what is so now, or with a `Trouble` that says what to do."""

    def __init__(self, server: RequestServer, acts: Acts, clock: Clock, ids: Ids) -> None:
        self._server, self._acts, self._clock, self._ids = server, acts, clock, ids

    def open_at(self, point: ServicePointId) -> tuple[RequestSeen, ...] | Trouble:
        """Those that are not over, the newest first."""
        return said(self._server.requests(point, OPEN), NO_SERVER, NO_SERVER)

    def look(self, id_: str) -> RequestSeen | Trouble:
        return said(self._server.request(id_), NO_SERVER, NO_SERVER)

    def find(self, code: str) -> RequestSeen | Trouble:
        """By what its label shows."""
        found = said(self._server.request_of(code.strip().upper()), NO_SERVER, NO_SERVER)
        unknown = isinstance(found, Trouble) and found.code == NotFound.code
        return NO_SUCH if unknown else found

    def photo(self, picture: bytes) -> str | Trouble:
        """Takes a photo to the server, for the device that is taken in next; its id."""
        return said(self._server.send_photo(picture), NO_PHOTO, NO_PHOTO)

    def take_in(self, new: Intake) -> Taken | Trouble:
        """Nothing is lost where the server is away, and nothing is there twice where it answers too late: the
        same act is kept and sent. Raises `StorageFull`, and then nothing was done."""
        payload = {"requestId": self._ids(), **_said(new)}
        act = Act(OpId(self._ids()), Kind.SERVICE_REQUEST_JOIN, self._clock(), payload)
        reply = self._server.take_in(act)
        if isinstance(reply, Missed):
            self._acts.add(act)
            self._server.sent()
            return Taken()
        return said(reply, NO_SERVER, UNSURE)

    def move(
        self, of: RequestSeen, state: State | None, note: str = "", *, public: bool = False
    ) -> RequestSeen | Trouble:
        """On to a state, with a note; without a state the note alone. Not where somebody was faster."""
        change: dict[str, object] = {}
        if state is not None:
            change["state"] = state
        if note:
            change["notes"] = [{"text": note, "public": public}]
        return self._change(of, change)

    def add_line(self, of: RequestSeen, line: Part | Labour) -> RequestSeen | Trouble:
        """What it costs grows by that; an estimate that was given stays as it is."""
        return self._change(of, _lines(line, [*_like(of, line), line]))

    def drop_line(self, of: RequestSeen, line: Part | Labour) -> RequestSeen | Trouble:
        """One such line; where there is none any more, nothing is done."""
        left = list(_like(of, line))
        if line not in left:
            return of
        left.remove(line)
        return self._change(of, _lines(line, left))

    def ask_customer(
        self, of: RequestSeen, high: int | None, valid_until: Instant | None, note: str = ""
    ) -> RequestSeen | Trouble:
        """An estimate of the lines as they are, or of up to `high`, which the customer is to approve. They
        are mailed, where they left an address."""
        estimate = {"high": high, "validUntil": None if valid_until is None else rfc3339(valid_until)}
        change: dict[str, object] = {"estimate": {**estimate, "note": note}}
        if of.state is not State.WAITING_APPROVAL:
            change["state"] = State.WAITING_APPROVAL
        return self._change(of, change)

    def decide(self, of: RequestSeen, decision: Decision, reason: str = "") -> RequestSeen | Trouble:
        """What the customer says here of the estimate that is seen."""
        seen = of.estimate.terms.revision if of.estimate else None
        said_here = {"decision": decision, "revision": seen, "reason": reason}
        return self._change(of, {"approval": said_here})

    def promise(self, of: RequestSeen, due: Instant | None) -> RequestSeen | Trouble:
        """When it is to be ready; None takes back what was promised."""
        return self._change(of, {"promised": None if due is None else rfc3339(due)})

    def _change(self, of: RequestSeen, change: Mapping[str, object]) -> RequestSeen | Trouble:
        """All of it, and only to the version that was seen."""
        answer = self._server.change_request(of.id, {"version": of.version, **change})
        return said(answer, NOT_CHANGED, UNSURE)


def is_label(code: str) -> bool:
    """Whether that may be what a device's label shows; no ticket's code is."""
    plain = code.strip().upper()
    letters = plain.removeprefix(_LABEL)
    return plain.startswith(_LABEL) and len(letters) == _LETTERS and set(letters) <= set(READABLE)


def _said(new: Intake) -> Mapping[str, object]:
    """Only what was said."""
    device = {"type": new.type, "brand": new.brand, "model": new.model, "serial": new.serial}
    customer = {"name": new.name, "phone": new.phone, "email": new.email, "language": new.language}
    written = {
        "servicePoint": new.point,
        "device": {part: words for part, words in device.items() if words},
        "customer": {part: words for part, words in customer.items() if words},
        "problem": new.problem,
        "condition": new.condition,
        "accessories": list(new.accessories),
        "photos": list(new.photos),
    }
    return {name: value for name, value in written.items() if value}


def _like(of: RequestSeen, line: Part | Labour) -> Sequence[Part | Labour]:
    return of.parts if isinstance(line, Part) else of.labour


def _lines(kind: Part | Labour, lines: Sequence[Part | Labour]) -> dict[str, object]:
    """All lines of a kind, as they are to be."""
    return {"parts" if isinstance(kind, Part) else "labour": [asdict(line) for line in lines]}
