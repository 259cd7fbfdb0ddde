"""Looking a guest up: by name, e-mail address, order number, or the beginning of a code."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from domain.admission import CheckInList, presence
from domain.clock import Instant
from server.admission.answers import ticket_out
from server.admission.lists import require_event
from server.admission.schemas import Found
from server.admission.store import DoorStore
from server.auth.caller import Caller
from server.ticketing.search import begins, matches
from server.ticketing.tables import tickets
from server.wire import Page, cursor_values, next_cursor

_T = tickets.c


def search(
    connection: Connection,
    caller: Caller,
    event: str,
    wanted: str,
    limit: int,
    after: str | None,
    now: Instant,
) -> Page[Found]:
    """Tickets of an event with words that begin as those of `wanted`, or with a code that begins so."""
    require_event(connection, caller, event)
    start = int(cursor_values(after, int)[0]) if after is not None else -1
    words, code = matches(connection, wanted), begins(connection, caller.org, event, wanted)
    place = select(_T.seq, _T.id).where(_T.seq > start).order_by(_T.seq).limit(limit + 1)
    # One after the other, each by its own index: not the words by that of the event, which has every ticket.
    asked = [] if words is None else [place.where(words, _T.org + "" == caller.org, _T.event + "" == event)]
    if code is not None:
        asked.append(place.where(code, _T.org == caller.org, _T.event == event))
    found = {(int(row.seq), str(row.id)) for query in asked for row in connection.execute(query)}
    page = sorted(found)[: limit + 1]
    store = DoorStore(connection, caller.org)
    lists = store.lists(store.lists_of(event))
    return Page(
        items=[_found(store, id_, lists, now) for _, id_ in page[:limit]],
        next_cursor=next_cursor(page, limit, lambda each: (each[0],)),
    )


def _found(store: DoorStore, id_: str, lists: Sequence[CheckInList], now: Instant) -> Found:
    ticket = store.seen(id_)
    past = store.scans([ticket])
    undone = {scan.undoes for scan in past}
    stand = [scan.at for scan in past if scan.granted and not scan.undoes and scan.op not in undone]
    return Found(
        ticket=ticket_out(ticket, store.faces[ticket.id]),
        inside=any(presence(past, list_, now).inside for list_ in lists),
        last_scan=max(stand, default=None),
    )
