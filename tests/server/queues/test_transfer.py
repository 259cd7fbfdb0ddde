"""From one service point to another: one number, one visit, no gap."""

from itertools import pairwise

from sqlalchemy import select

from domain.clock import MINUTE
from server.db.database import Database
from server.queues.tables import queue_entries, queue_stretches
from tests.server.queues.lobby import QUEUE, Lobby, problem


async def test_a_transfer_keeps_the_number_and_the_visit_and_leaves_no_gap(
    lobby: Lobby, database: Database
) -> None:
    await lobby.point("help", categories=[{"id": "help", "letter": "H"}])
    await lobby.join("help")
    entry = await lobby.join(name="Ada", phone="+49151000", note="hers")
    lobby.clock.forward(5 * MINUTE)
    await lobby.do("start", await lobby.next())
    lobby.clock.forward(2 * MINUTE)
    there = await lobby.do("transfer", entry, servicePoint="help")
    assert (there["number"], there["visit"], there["servicePoint"]) == ("A001", entry["visit"], "help")
    assert (there["category"], there["state"], there["position"], there["name"]) == (
        "help",
        "waiting",
        2,
        "Ada",
    )
    assert (await lobby.entry(entry["id"]))["state"] == "transferred"
    lobby.clock.forward(MINUTE)
    await lobby.do("call", there, counter="help-1")

    t, e = queue_stretches.c, queue_entries.c
    history = await database.read(
        lambda c: c.execute(
            select(t.state, t.since, t.until)
            .join(queue_entries, e.id == t.entry)
            .where(e.visit == entry["visit"], t.state != "transferred")
            .order_by(e.leg, t.sequence)
        ).all()
    )
    assert [row[0] for row in history] == ["waiting", "called", "serving", "waiting", "called"]
    assert all(before[2] == after[1] for before, after in pairwise(history))


async def test_a_transfer_into_a_category_waits_in_its_class(lobby: Lobby) -> None:
    await lobby.point(
        "help",
        categories=[{"id": "h", "letter": "H"}, {"id": "fast", "letter": "F", "priority": "priority"}],
    )
    await lobby.join("help", category="h")
    entry = await lobby.join()
    there = await lobby.do("transfer", entry, servicePoint="help", category="fast")
    assert (there["category"], there["priority"], there["position"]) == ("fast", "priority", 1)
    wrong = await lobby.try_("transfer", await lobby.join(), servicePoint="help", category="x")
    assert problem(wrong) == (422, "category_unknown")
    assert problem(await lobby.try_("transfer", await lobby.join(), servicePoint="no")) == (404, "not_found")
    assert len((await lobby.list())["items"]) == 2


async def test_a_transfer_within_one_service_point_changes_the_category(empty: Lobby) -> None:
    await empty.point(categories=[{"id": "a", "letter": "A"}, {"id": "b", "letter": "B"}])
    entry = await empty.join(category="a")
    again = await empty.do("transfer", entry, servicePoint="desk", category="b")
    assert (again["number"], again["category"], again["sequence"]) == ("A001", "b", 2)
    assert [item["id"] for item in (await empty.list())["items"]] == [again["id"]]


async def test_the_undo_of_a_transfer_takes_the_entry_there_back_too(lobby: Lobby) -> None:
    await lobby.point("help")
    entry = await lobby.join()
    there = await lobby.do("transfer", entry, servicePoint="help")
    back = await lobby.do("undo", entry)
    assert (back["state"], back["position"]) == ("waiting", 1)
    assert (await lobby.list("help"))["items"] == []
    assert problem(await lobby.try_("undo", there)) == (409, "nothing_to_undo")
    assert (await lobby.look(there["id"]))["servicePoint"] == "desk"
    again = await lobby.do("transfer", entry, servicePoint="help")
    assert again["number"] == "A001"
    assert (await lobby.look(entry["id"]))["servicePoint"] == "help"


async def test_a_transfer_is_not_undone_once_the_person_is_called_there(lobby: Lobby) -> None:
    await lobby.point("help")
    entry = await lobby.join()
    await lobby.do("transfer", entry, servicePoint="help")
    lobby.clock.forward(1)
    await lobby.do("call-next", "help")
    assert problem(await lobby.try_("undo", entry)) == (409, "moved_on")


async def test_who_has_left_cannot_be_transferred(lobby: Lobby) -> None:
    await lobby.point("help")
    entry = await lobby.join()
    await lobby.ok("DELETE", f"{QUEUE}/entry/{entry['id']}")
    assert problem(await lobby.try_("transfer", entry, servicePoint="help")) == (409, "wrong_transition")
    assert (await lobby.list("help"))["items"] == []
