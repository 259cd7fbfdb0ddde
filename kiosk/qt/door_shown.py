"""The door's outcomes as what the Door page shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from domain import clock, wording
from domain.admission import Admitted, Ask, Direction, DoorQuestion, Reason, Refused
from domain.clock import Instant
from domain.ids import ListId, OpId
from domain.ticket import Ticket, TicketType
from domain.wording import Phrase
from kiosk.desk.door import Door
from kiosk.desk.door_desk import DoorDesk
from kiosk.desk.outcome import Match, Outcome, Recent, Source
from kiosk.store.tally import Figures
from kiosk.sync.status import Trouble
from kiosk.ui import text
from kiosk.ui.sale_views import OfferView
from kiosk.ui.views import (
    Bar,
    DoorView,
    FiguresView,
    Health,
    PhraseView,
    QuestionView,
    RecentRow,
    SearchRow,
    SearchView,
    TicketView,
    VerdictKind,
    VerdictView,
)

_FORCEABLE = frozenset(
    {Reason.ALREADY_IN, Reason.RULES, Reason.NOT_YET_VALID, Reason.EXPIRED, Reason.ROTATING_CODE_STALE}
)
_QUARTERS = 16


def zone_of(door: Door) -> ZoneInfo:
    """The zone of the door's event; times at the door are its times."""
    lists = door.lists()
    return lists[0].zone if lists else ZoneInfo("UTC")


def verdict_view(outcome: Outcome, zone: ZoneInfo, language: str) -> VerdictView:
    """What fills the screen after a scan."""
    verdict = outcome.verdict
    ticket = ticket_view(verdict.ticket, outcome.type) if verdict.ticket else None
    here = outcome.source is Source.HERE
    match verdict:
        case Admitted(direction=direction):
            kind = VerdictKind.ADMITTED if direction is Direction.ENTRY else VerdictKind.EXIT
            return VerdictView(kind, ticket, may_undo=True, here=here, list_name=outcome.list_name)
        case Ask():
            return VerdictView(
                VerdictKind.ASK,
                ticket,
                questions=tuple(_question(question, language) for question in verdict.questions),
                confirmations=verdict.confirmations,
                unpaid=verdict.unpaid,
                here=here,
                list_name=outcome.list_name,
            )
        case Refused():
            return VerdictView(
                VerdictKind.REFUSED,
                ticket,
                reason=verdict.reason,
                rules=tuple(_phrase(wording.rule(unmet), zone, outcome.at) for unmet in verdict.unmet),
                first=tuple(
                    _phrase(phrase, zone, outcome.at)
                    for phrase in wording.first(verdict.first, outcome.first_device)
                ),
                may_force=verdict.reason in _FORCEABLE,
                here=here,
                list_name=outcome.list_name,
                trouble=trouble_words(outcome.trouble),
            )
        case _:
            assert_never(verdict)


def called(ticket: Ticket | None) -> str:
    """Whose ticket it is, or of which order; empty for one that is not known."""
    return (ticket.name or ticket.order) if ticket else ""


def ticket_view(ticket: Ticket, type_: TicketType | None) -> TicketView:
    return TicketView(
        id=ticket.id,
        name=ticket.name,
        type=type_.name if type_ else "",
        colour=type_.colour if type_ else "",
        seat=ticket.seat,
        session=ticket.session,
        order=ticket.order,
        note=ticket.note,
        attention=ticket.attention,
        perks=ticket.perks_left,
        due=ticket.due,
        currency=ticket.currency,
    )


def door_view(
    door: Door, desk: DoorDesk, camera: Health, camera_trouble: str, offers: tuple[OfferView, ...] = ()
) -> DoorView:
    """The Door at rest. Reads the store."""
    lists, zone = door.lists(), zone_of(door)
    recent = desk.recent()
    undone = {row.scan.undoes for row in recent}
    rows = tuple(_recent(row, zone, undone) for row in recent if not row.scan.undoes)
    last = next((r for r in recent if r.scan.granted and not r.scan.undoes and r.scan.op not in undone), None)
    figures = desk.figures(ListId(lists[0].id)) if lists else None
    return DoorView(
        list_name=lists[0].name if lists else "",
        gate=door.setup.gate,
        direction=door.setup.direction,
        camera=camera,
        camera_trouble=camera_trouble,
        undoable=called(last.ticket) if last else None,
        offers=offers,
        recent=rows,
        figures=_figures(figures, zone) if figures else FiguresView(),
    )


def search_view(text: str, found: tuple[Match, ...], zone: ZoneInfo) -> SearchView:
    return SearchView(text, tuple(_search_row(match, zone) for match in found))


def local(at: Instant, zone: ZoneInfo) -> datetime:
    return clock.local(at, zone)


def _search_row(match: Match, zone: ZoneInfo) -> SearchRow:
    return SearchRow(
        ticket_view(match.ticket, match.type),
        match.inside,
        match.ticket.state,
        local(match.last.at, zone) if match.last else None,
    )


def _recent(row: Recent, zone: ZoneInfo, undone: set[OpId | None]) -> RecentRow:
    kind = VerdictKind.REFUSED
    if row.scan.granted:
        kind = VerdictKind.ADMITTED if row.scan.direction is Direction.ENTRY else VerdictKind.EXIT
    return RecentRow(
        at=local(row.scan.at, zone),
        kind=kind,
        reason=Reason(row.reason) if row.reason in set(Reason) else None,
        name=called(row.ticket),
        type=row.type.name if row.type else "",
        colour=row.type.colour if row.type else "",
        undone=row.scan.op in undone,
    )


def _figures(figures: Figures, zone: ZoneInfo) -> FiguresView:
    arrivals = list(figures.arrivals.items())[-_QUARTERS:]
    return FiguresView(
        expected=figures.expected,
        admitted=figures.admitted,
        inside=figures.inside,
        refused=sum(figures.refused.values()),
        arrivals=tuple(Bar(local(at, zone), count) for at, count in arrivals),
    )


def _question(question: DoorQuestion, language: str) -> QuestionView:
    words = in_language(question.text, language)
    return QuestionView(question.id, words, question.kind, question.required, question.choices)


def trouble_words(trouble: Trouble | None) -> str:
    return text.trouble(trouble.code, trouble.detail) if trouble else ""


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, else in English, else in any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _phrase(phrase: Phrase, zone: ZoneInfo, now: Instant) -> PhraseView:
    if phrase.at is None:
        return PhraseView(phrase.key, phrase.params)
    time = local(phrase.at, zone)
    return PhraseView(phrase.key, phrase.params, time, time.date() != local(now, zone).date())
