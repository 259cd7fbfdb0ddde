"""The Door at work: scans become verdicts, and the page is shown how things stand."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from domain.admission import Admitted, Direction, Refused
from domain.errors import Problem
from domain.ids import TicketId
from kiosk.desk.outcome import Handed, NotHanded, NothingToUndo, Outcome, Source, Undone
from kiosk.desk.service_requests import is_label
from kiosk.qt.door_shown import (
    called,
    door_view,
    search_view,
    ticket_view,
    trouble_words,
    verdict_view,
    zone_of,
)
from kiosk.qt.ready import Ready
from kiosk.qt.sale_flow import SaleFlow
from kiosk.store.takings import Taking
from kiosk.sync.status import Trouble
from kiosk.ui.pages.door import DoorPage
from kiosk.ui.text import text
from kiosk.ui.views import (
    Answers,
    CodeChoice,
    Health,
    NoticeView,
    Outline,
    SearchView,
    Tone,
    VerdictKind,
    VerdictView,
)

_SOUNDS = {
    VerdictKind.ADMITTED: "admitted",
    VerdictKind.EXIT: "admitted",
    VerdictKind.ASK: "ask",
    VerdictKind.REFUSED: "refused",
}


class DoorFace(QObject):
    """Lives as long as its page is shown. `tell` is told of what happened, for demonstrations and tests.

    A device's label is no ticket, and no scan: it is only said to be one.
    """

    point: None = None
    """No line is worked on here."""
    watches = True

    def __init__(self, ready: Ready, verdict_seconds: int, tell: Callable[..., None]) -> None:
        super().__init__()
        self.page = DoorPage(verdict_seconds * 1_000)
        self._ready, self._tell = ready, tell
        self._sale = SaleFlow(ready, self.page, self._tell, self._show, self.refresh)
        self._outcome: Outcome | None = None
        self._camera, self._trouble = Health.UNUSED, ""
        self._connect()
        self.refresh()

    def close(self) -> None:
        self._sale.close()

    def refresh(self) -> None:
        ready = self._ready
        self._ready.worker.ask(
            lambda: door_view(
                ready.work.door, ready.station.door_desk, self._camera, self._trouble, self._sale.offers()
            ),
            self.page.show_view,
        )

    def scanned(self, code: str) -> None:
        """A code that the camera or a scanner read, or a person typed."""
        if is_label(code):
            self._ready.notice(NoticeView(text("door.label.title"), text("door.label.body"), Tone.WARN))
            self._tell(event="label")
            return
        self._judge(lambda: self._ready.work.door.scan(code))

    def several(self, codes: tuple[str, ...]) -> None:
        """Several codes are in view together: staff say which one is meant."""

        def job() -> tuple[CodeChoice, ...]:
            return tuple(self._choice(code) for code in codes)

        self._ready.worker.ask(job, self.page.show_choices)

    def pictured(self, picture: QImage, outlines: Sequence[Outline]) -> None:
        self.page.show_picture(picture, outlines)

    def camera_is(self, health: Health, words: str) -> None:
        """`words` say what to do where it is not ready."""
        self._camera, self._trouble = health, words
        self.refresh()

    def _connect(self) -> None:
        page = self.page
        page.code_entered.connect(self.scanned)
        page.search_changed.connect(self._search)
        page.ticket_chosen.connect(
            lambda id_: self._judge(lambda: self._ready.work.door.admit(TicketId(id_)))
        )
        page.direction_changed.connect(self._turn)
        page.undo_asked.connect(self._undo)
        page.answered.connect(self._answer)
        page.force_asked.connect(self._force)
        page.perk_asked.connect(self._hand_out)

    def _judge(self, job: Callable[[], Outcome]) -> None:
        def judged() -> tuple[Outcome, VerdictView]:
            outcome = job()
            return outcome, verdict_view(outcome, zone_of(self._ready.work.door), self._ready.language)

        self._ready.worker.ask(judged, lambda found: self._show(*found))

    def _show(self, outcome: Outcome, view: VerdictView) -> None:
        self._outcome = outcome
        self.page.show_verdict(view)
        self._ready.sound(_SOUNDS[view.kind])
        self._tell(
            event="verdict",
            op=outcome.op,
            verdict=_word(outcome),
            reason=view.reason,
            source="server" if outcome.source is Source.SERVER else "here",
            name=view.ticket.name if view.ticket else "",
        )
        self.refresh()

    def _search(self, wanted: str) -> None:
        ready = self._ready

        def job() -> SearchView:
            try:
                return search_view(wanted, ready.station.door_desk.search(wanted), zone_of(ready.work.door))
            except Problem as problem:
                return SearchView(wanted, trouble=trouble_words(Trouble.of(problem)))

        ready.worker.ask(job, self.page.show_search)

    def _turn(self, direction: str) -> None:
        door = self._ready.work.door

        def job() -> None:
            door.turn(Direction(direction))

        self._ready.worker.ask(job, lambda _: self.refresh())

    def _undo(self) -> None:
        """With the admission of who bought here goes the sale: nobody keeps the money for an empty place."""
        work = self._ready.work
        self._ready.worker.ask(lambda: work.walk_in.last_sale() or work.door.undo(), self._undone)

    def _undone(self, answer: Taking | Undone | NothingToUndo) -> None:
        match answer:
            case Taking():
                self._sale.take_back(answer)
            case Undone(ticket=ticket):
                name = called(ticket) or text("door.recent.unknown")
                self._ready.notice(NoticeView(text("door.undone", name=name), tone=Tone.INFO))
            case NothingToUndo(why):
                self._ready.notice(NoticeView(text("door.nothing_to_undo"), why, Tone.WARN))
        self.refresh()

    def _answer(self, answers: Answers) -> None:
        asked = self._outcome
        if asked is not None:
            door = self._ready.work.door
            self._judge(
                lambda: door.answer(
                    asked,
                    answers.answers,
                    confirmed=answers.confirmed,
                    confirmed_unpaid=answers.confirmed_unpaid,
                )
            )

    def _force(self) -> None:
        refused = self._outcome
        if refused is not None:
            self._judge(lambda: self._ready.work.door.force(refused))

    def _hand_out(self, ticket: str, perk: str) -> None:
        perks = self._ready.work.perks
        self._ready.worker.ask(lambda: perks.hand_out(TicketId(ticket), perk), self._handed)

    def _handed(self, answer: Handed | NotHanded) -> None:
        match answer:
            case Handed(perk):
                self._ready.notice(NoticeView(text("perk.handed", perk=perk), tone=Tone.GOOD))
            case NotHanded(perk, why):
                words = why or text("perk.before.body")
                self._ready.notice(NoticeView(text("perk.before", perk=perk), words, Tone.BAD))
                self._ready.sound("refused")
        self._tell(event="perk", perk=answer.perk, handed=isinstance(answer, Handed))

    def _choice(self, code: str) -> CodeChoice:
        found = self._ready.station.door_desk.search(code, limit=2)
        one = found[0] if len(found) == 1 else None
        return CodeChoice(code, ticket_view(one.ticket, one.type) if one else None)


def _word(outcome: Outcome) -> str:
    match outcome.verdict:
        case Admitted():
            return "admitted"
        case Refused():
            return "refused"
        case _:
            return "ask"
