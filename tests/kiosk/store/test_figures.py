"""Figures of the door: kept up scan by scan, they are what a fresh count of everything would give."""

from datetime import time
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.admission import Direction, Reason
from domain.clock import HOUR, MINUTE, Instant
from domain.ids import ListId
from kiosk.store.replica import Change
from kiosk.store.store import Store
from kiosk.store.tally import Figures
from tests.kiosk.sample import EVENT, LIST, NOON, adopt, sample_event
from tests.kiosk.store.scans import check_in

_LIST = ListId(LIST)


def figures(store: Store, at: int = NOON) -> Figures:
    found = store.door.figures(_LIST, Instant(at))
    assert found is not None
    return found


def test_expected_are_the_tickets_that_the_list_may_admit(tmp_path: Path) -> None:
    sample = sample_event(20)
    sample.ticket(21, state="canceled")
    sample.ticket(22, state="pending")
    sample.ticket(23, type="backstage", session="evening")
    sample.check_in_list("with-pending", includePending=True)
    sample.check_in_list("backstage", types=["backstage"])
    sample.check_in_list("evening", sessions=["evening"])
    store = Store(tmp_path)
    adopt(store.copies, EVENT, sample)
    names = ("main-door", "with-pending", "backstage", "evening")
    counted = [store.door.figures(ListId(name), NOON) for name in names]
    assert [found.expected for found in counted if found] == [21, 22, 1, 1]
    row = sample.tables["ticket"]["t5"]
    store.apply(EVENT, [Change(1, "ticket", "t5", {**row, "state": "refunded"})], 1, NOON)
    store.apply(EVENT, [Change(2, "ticket", "t6", None)], 2, NOON)
    assert figures(store).expected == 19
    store.close()


def test_a_list_that_no_copy_has_gives_no_figures(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.door.figures(_LIST, NOON) is None
    store.close()


def test_people_who_were_checked_out_at_night_are_inside_no_more(tmp_path: Path) -> None:
    sample = sample_event(5)
    sample.check_in_list(LIST, checkoutAt=time(2, 0).isoformat("minutes"))
    sample.scan("a", "t1", NOON)
    store = Store(tmp_path)
    adopt(store.copies, EVENT, sample)
    assert figures(store).inside == 1
    store.door.record(*check_in("b", "t2", at=NOON + 1))
    assert figures(store, NOON + 1).inside == 2
    night = figures(store, NOON + 20 * HOUR)
    assert (night.inside, night.admitted) == (0, 2)
    store.door.swapped()
    fresh = figures(store, NOON + 20 * HOUR)
    assert (fresh.inside, fresh.admitted) == (0, 2)
    store.close()


def test_what_comes_back_before_the_answer_is_written_down_counts_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    adopt(store.copies, EVENT, sample_event(4))
    figures(store)
    _happen(store, 1, "t1", NOON, "entry", "there first")
    assert (figures(store).admitted, figures(store).inside) == (1, 1)
    _happen(store, 2, "t1", NOON, "undo", "there first")
    assert (figures(store).admitted, figures(store).inside) == (0, 0)
    store.close()


_scan = st.tuples(
    st.integers(1, 4),
    st.integers(0, 60),
    st.sampled_from(["entry", "exit", "refused", "undo"]),
    st.sampled_from(["here", "there", "here first", "there first"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_scan, max_size=25), st.integers(0, 25), st.booleans())
def test_counting_step_by_step_is_counting_all_at_once(
    scans: list[tuple[int, int, str, str]], counted_after: int, copied_first: bool
) -> None:
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        sample = sample_event(4)
        adopt(store.copies, EVENT, sample)
        if copied_first:
            figures(store)
        for number, (ticket, minutes, kind, where) in enumerate(scans):
            if number == counted_after:
                figures(store)
            _happen(store, number, f"t{ticket}", NOON - minutes * MINUTE, kind, where)
        step_by_step = figures(store)
        store.door.swapped()
        assert figures(store) == step_by_step
        store.close()


def _happen(store: Store, number: int, ticket: str, at: int, kind: str, where: str) -> None:
    op, undoes = f"op{number:03}", f"op{number - 1:03}" if kind == "undo" else None
    direction = Direction.EXIT if kind == "exit" else Direction.ENTRY
    reason = Reason.RULES if kind == "refused" else None
    act, noted = check_in(op, ticket, at=at, direction=direction, reason=reason, undoes=undoes)
    if where in ("here", "here first"):
        store.door.record(act, noted)
    if where != "here":
        row = {
            "op": op,
            "at": at,
            "ticket": ticket,
            "event": EVENT.id,
            "list": LIST,
            "direction": direction,
            "granted": int(reason is None),
            "reason": reason or "",
            "undoes": undoes,
        }
        store.apply(EVENT, [Change(number + 1, "scan", op, row)], number + 1, NOON)
    if where == "there first":
        store.door.note(noted)
