"""Taking changes in: into the copy, and to those who should know."""

from collections.abc import Sequence

from domain import clock
from domain.admission import Scan
from domain.sync import Scope
from kiosk.store.doubles import Double
from kiosk.store.notices import Notice
from kiosk.store.replica import Change
from kiosk.sync.session import Session
from kiosk.sync.status import Changed, Noticed


async def take(session: Session, scope: Scope, changes: Sequence[Change], cursor: int) -> None:
    """Moves a copy on; tells what changed, and which tickets were admitted here and elsewhere too."""
    now = session.store.offset.correct(session.now())
    tables, doubles = await session.work(session.store.apply, scope, changes, cursor, now)
    if tables:
        session.tell(Changed(scope, tables))
    for double in doubles:
        await note(session, _notice(double))


async def note(session: Session, notice: Notice) -> None:
    """Keeps a notice for staff; tells of it if it is news."""
    if await session.work(session.store.notices.add, notice):
        session.tell(Noticed(notice))


def _notice(double: Double) -> Notice:
    detail = {"first": _scan(double.first), "other": _scan(double.other)}
    return Notice(double.own.op, "double", double.own.at, double.own.ticket, detail)


def _scan(scan: Scan) -> dict[str, object]:
    return {
        "opId": scan.op,
        "at": clock.rfc3339(scan.at),
        "gate": scan.gate,
        "device": scan.device or "",
    }
