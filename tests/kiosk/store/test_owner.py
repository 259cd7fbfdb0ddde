"""Whose a kiosk is: one organisation's at a time, and what it did for another waits aside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.admission import Direction, Scan
from domain.clock import Instant
from domain.ids import ListId, OpId, OrgId, ServicePointId, TicketId
from domain.sync import Answer, Kind, Status
from kiosk.store.journal import Noted
from kiosk.store.leases import Lease
from kiosk.store.notices import Notice
from kiosk.store.outbox import Act
from kiosk.store.owner import Owner
from kiosk.store.store import Store
from tests.kiosk.sample import EVENT, adopt, sample_event

FAIR, CLINIC = Owner(OrgId("org"), "2026", "The Fair"), Owner(OrgId("clinic"), "2027", "The Clinic")
POINT = ServicePointId("desk")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The fair's, with all that a kiosk may hold."""
    store = Store(tmp_path)
    store.belong_to(FAIR)
    adopt(store.copies, EVENT, sample_event(5))
    store.leases.add(Lease("lease-1", POINT, "general", "A", "2026-05-10", 1, 20))
    store.notices.add(Notice(OpId("seen"), "double", Instant(1), "t1"))
    store.settings.put("over:event:spring", "yes")
    store.settings.put("pin_hash", "secret")
    for op in ("joined", "refused", "answered"):
        store.outbox.add(Act(OpId(op), Kind.QUEUE_JOIN, Instant(1), {"name": "Ada"}))
    store.outbox.answer([Answer(OpId("refused"), Status.REJECTED, {"detail": "no"})])
    store.outbox.answer([Answer(OpId("answered"), Status.APPLIED)])
    yield store
    store.close()


def scan(op: str) -> Noted:
    return Noted(Scan(OpId(op), Instant(1), TicketId("t1"), ListId("main"), Direction.ENTRY, granted=True))


def test_another_organisation_begins_with_empty_hands(store: Store, tmp_path: Path) -> None:
    act = Act(OpId("scanned"), Kind.CHECK_IN, Instant(2))
    store.door.record(act, scan("scanned"))
    (tmp_path / "replica-event-spring.part").write_bytes(b"half a copy")
    store.belong_to(CLINIC)
    assert (store.outbox.waiting(), store.outbox.unseen(), store.outbox.answered()) == ((), (), ())
    assert (store.copies.scopes(), list(tmp_path.glob("replica-*"))) == ((), [])
    assert store.leases.left(POINT, "general", "2026-05-10") == 0
    assert (store.notices.newest(), store.door.recent(9)) == ((), ())
    assert (store.settings.get("over:event:spring"), store.settings.get("pin_hash")) == ("", "secret")


@pytest.mark.parametrize(
    ("now", "same"),
    [
        (Owner(FAIR.org, "2031", "Of another server"), False),
        (Owner(FAIR.org, "", "Of a server that does not say"), True),
        (Owner(OrgId("other"), FAIR.since), False),
    ],
)
def test_an_organisation_is_told_by_its_id_and_by_when_it_was_made(
    store: Store, now: Owner, same: bool
) -> None:
    store.belong_to(now)
    assert (len(store.outbox.waiting()), bool(store.copies.scopes())) == (int(same), same)


def test_what_was_not_sent_is_told_to_staff_and_cannot_be_sent_to_another(store: Store) -> None:
    store.belong_to(CLINIC)
    assert store.outbox.counts() == (0, 2)
    kept = store.outbox.rejected()
    assert [each.operation.op for each in kept] == ["joined", "refused"]
    assert all("The Fair" in str(each.answer.detail["detail"]) for each in kept)
    store.outbox.retry(OpId("joined"))
    assert (store.outbox.waiting(), store.outbox.counts()) == ((), (0, 2))


def test_it_waits_to_be_sent_again_in_its_old_place_once_the_kiosk_is_back(store: Store) -> None:
    store.belong_to(CLINIC)
    store.outbox.add(Act(OpId("healed"), Kind.QUEUE_JOIN, Instant(3)))
    store.belong_to(FAIR)
    assert [act.op for act in store.outbox.waiting()] == ["joined", "refused"]
    assert store.outbox.waiting()[0].payload == {"name": "Ada"}
    assert [each.operation.op for each in store.outbox.rejected()] == ["healed"]
    store.belong_to(CLINIC)
    assert [act.op for act in store.outbox.waiting()] == ["healed"]


def test_a_kiosk_that_stays_an_organisations_keeps_all_that_it_has(store: Store, tmp_path: Path) -> None:
    store.belong_to(Owner(FAIR.org, FAIR.since, "The Fair, renamed"))
    assert [act.op for act in store.outbox.waiting()] == ["joined"]
    assert store.copies.scopes() == (EVENT,)
    assert store.leases.left(POINT, "general", "2026-05-10") == 20
    store.close()
    again = Store(tmp_path)
    again.belong_to(CLINIC)
    assert "renamed" in str(again.outbox.rejected()[0].answer.detail["detail"])
    again.close()
