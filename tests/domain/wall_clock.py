"""Opening hours asked of the clock on the wall minute by minute, slow and plain; and hours to ask about."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from domain.business_hours import Hours, Window
from domain.clock import MINUTE, Instant, local, parse

# Just before clocks change: forward, back, over midnight, by half an hour, and a day that is skipped.
CHANGES = [
    ("Europe/Berlin", "2026-03-29T00:00:00Z"),
    ("Europe/Berlin", "2026-10-25T00:00:00Z"),
    ("Africa/Cairo", "2026-04-23T21:00:00Z"),
    ("Africa/Cairo", "2026-10-29T20:00:00Z"),
    ("America/Havana", "2026-11-01T03:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T14:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T14:00:00Z"),
    ("Pacific/Apia", "2011-12-30T08:00:00Z"),
    ("Asia/Kathmandu", "2026-05-11T00:00:00Z"),
]


def minute_by_minute(of: Hours, start: Instant, end: Instant, where: ZoneInfo) -> list[Instant]:
    """Each minute that is open: the clock on the wall shows a time in a window of today, or of last night."""
    return [Instant(at) for at in range(start, end, MINUTE) if _shown(of, Instant(at), where)]


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    """None to three of a day, of which the last may end on the next day, with minutes near clock changes."""
    minutes = st.integers(0, 96).map(lambda quarter: quarter * 15) | st.integers(0, 1440)
    edges = sorted(draw(st.sets(minutes, max_size=6)))
    found = [Window(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    if len(edges) % 2 and edges[-1] < 1440:
        found.append(Window(edges[-1], draw(st.integers(0, edges[0]))))
    return tuple(found)


@st.composite
def places(draw: st.DrawFn) -> tuple[Hours, Instant, Instant, ZoneInfo]:
    """Hours and a stretch of time about a change of the clocks."""
    name, change = draw(st.sampled_from(CHANGES))
    where, about = ZoneInfo(name), parse(change)
    near = st.integers(-2, 2).map(lambda by: local(about, where).date() + timedelta(days=by))
    of = Hours(
        tuple(draw(st.lists(windows(), min_size=7, max_size=7))),
        draw(st.dictionaries(near, windows(), max_size=2)),
    )
    start = about + draw(st.integers(-1440, 300)) * MINUTE
    return of, Instant(start), Instant(start + draw(st.integers(0, 2000)) * MINUTE), where


def shown_anew(of: Hours, at: Instant, where: ZoneInfo) -> bool:
    """Whether a window opens at this minute: the clock shows a time in it, and a minute ago it did not."""
    return bool(_shown(of, at, where) - _shown(of, Instant(at - MINUTE), where))


def _shown(of: Hours, at: Instant, where: ZoneInfo) -> set[tuple[date, Window]]:
    wall = local(at, where)
    minute, today, yesterday = wall.hour * 60 + wall.minute, wall.date(), wall.date() - timedelta(days=1)
    return {(today, w) for w in of.on(today) if w.opens <= minute < w.end} | {
        (yesterday, w) for w in of.on(yesterday) if w.opens <= minute + 1440 < w.end
    }
