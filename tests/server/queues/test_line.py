"""A line from the join to the end, through HTTP."""

import asyncio

import pytest

from domain.clock import MINUTE, SECOND
from tests.server.queues.lobby import QUEUE, Lobby, problem


async def test_who_joins_gets_the_next_number_and_a_place(lobby: Lobby) -> None:
    first, second = await lobby.join(), await lobby.join(name="Ada", party=3, note="wheelchair")
    assert (first["number"], second["number"]) == ("A001", "A002")
    assert (first["position"], first["ahead"], second["position"], second["ahead"]) == (1, 0, 2, 1)
    assert (second["name"], second["party"], second["note"]) == ("Ada", 3, "wheelchair")
    assert second["link"].endswith(f"/q/entry/{second['id']}")


async def test_a_forecast_without_history_is_position_times_duration_by_open_counters(lobby: Lobby) -> None:
    await lobby.join()
    alone = (await lobby.join())["forecast"]
    assert alone["p50"] == 2 * 600
    assert alone["p50"] < alone["p80"] < alone["p90"]
    assert alone["basis"] == "configured"
    for counter in ("one", "two"):
        await lobby.do("counter", "desk", counter=counter, state="open")
    assert (await lobby.join())["forecast"]["p50"] == 3 * 600 // 2


async def test_two_hundred_who_join_at_once_get_two_hundred_numbers_in_a_row(lobby: Lobby) -> None:
    joined = await asyncio.gather(*(lobby.join() for _ in range(200)))
    assert sorted(entry["number"] for entry in joined) == [f"A{n:03}" for n in range(1, 201)]
    assert sorted(entry["sequence"] for entry in joined) == list(range(1, 201))


async def test_two_counters_that_call_at_once_get_two_people(lobby: Lobby) -> None:
    for _ in range(20):
        await lobby.join()
    called = await asyncio.gather(*(lobby.next(counter) for counter in ["one", "two"] * 10))
    assert len({entry["id"] for entry in called}) == 20
    assert problem(await lobby.try_("call-next", "desk", counter="one")) == (409, "nobody_waiting")


async def test_of_two_clients_that_move_one_entry_one_wins_and_the_other_learns_the_new_state(
    lobby: Lobby,
) -> None:
    entry = await lobby.join()
    await lobby.next()
    answers = await asyncio.gather(*(lobby.try_("start", entry) for _ in range(2)))
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert won.json()["state"] == "serving"
    assert problem(lost) == (409, "wrong_transition")
    assert lost.json()["state"] == "serving"
    assert lost.json()["allowed"] == ["complete", "hold", "transfer"]
    assert lost.json()["version"] == won.json()["version"]


async def test_an_act_on_a_version_that_has_passed_is_refused_with_the_state_that_stands(
    lobby: Lobby,
) -> None:
    entry = await lobby.join()
    await lobby.next()
    stale = await lobby.try_("recall", entry, version=1)
    assert problem(stale) == (409, "stale_version")
    assert (stale.json()["state"], stale.json()["version"]) == ("called", 2)
    header = await lobby.client.post(
        f"{QUEUE}/recall/{entry['id']}", headers={**lobby.desk, "If-Match": '"1"'}
    )
    assert problem(header) == (409, "stale_version")
    fresh = await lobby.client.post(
        f"{QUEUE}/recall/{entry['id']}", headers={**lobby.desk, "If-Match": '"2"'}
    )
    assert fresh.headers["ETag"] == '"3"'


async def test_a_call_opens_its_counter_and_names_it_by_id_or_by_name(lobby: Lobby) -> None:
    await lobby.join()
    await lobby.join()
    assert (await lobby.next("Counter 2"))["counter"] == "two"
    point = await lobby.ok("GET", "/api/crm/reservations/service-point/get/desk", None, lobby.desk)
    assert [(c["id"], c["state"]) for c in point["counters"]] == [("one", "closed"), ("two", "open")]
    assert problem(await lobby.try_("call-next", "desk", counter="nine")) == (422, "counter_unknown")
    assert problem(await lobby.try_("call-next", "desk")) == (422, "counter_unknown")


async def test_who_does_not_come_is_a_no_show_only_after_the_grace_or_by_force(lobby: Lobby) -> None:
    await lobby.join()
    await lobby.join()
    called = await lobby.next()
    assert (called["graceLeft"], called["overdue"]) == (180, False)
    lobby.clock.forward(100 * SECOND)
    early = await lobby.try_("no-show", called)
    assert problem(early) == (409, "grace_running")
    assert early.json()["secondsLeft"] == 80
    lobby.clock.forward(80 * SECOND)
    assert (await lobby.entry(called["id"]))["overdue"] is True
    assert (await lobby.do("no-show", called))["state"] == "no_show"
    assert (await lobby.do("no-show", await lobby.next(), force=True))["state"] == "no_show"


async def test_a_recall_gives_grace_anew(lobby: Lobby) -> None:
    await lobby.join()
    called = await lobby.next()
    lobby.clock.forward(170 * SECOND)
    again = await lobby.do("recall", called)
    assert (again["state"], again["calls"], again["graceLeft"]) == ("called", 2, 180)


async def test_a_no_show_who_comes_in_time_goes_to_the_front_and_later_to_the_tail(lobby: Lobby) -> None:
    late, soon = await lobby.join(), await lobby.join()
    for _ in range(2):
        await lobby.do("no-show", await lobby.next(), force=True)
    others = [await lobby.join() for _ in range(2)]
    back = await lobby.do("return", soon)
    assert (back["front"], back["position"]) == (True, 1)
    lobby.clock.forward(16 * MINUTE)
    others.append(await lobby.join())
    assert (await lobby.do("return", late))["position"] == 5
    others.append(await lobby.join())
    order = sorted((await lobby.list())["items"], key=lambda entry: entry["position"])
    assert [entry["id"] for entry in order] == [
        soon["id"], *(other["id"] for other in others[:3]), late["id"], others[3]["id"]
    ]  # fmt: skip


async def test_who_is_held_keeps_the_place_and_resumes_where_the_hold_began(lobby: Lobby) -> None:
    first, second = await lobby.join(), await lobby.join()
    assert (await lobby.do("hold", first))["position"] is None
    assert (await lobby.look(second["id"]))["ahead"] == 0
    assert (await lobby.do("resume", first))["position"] == 1
    served = await lobby.do("start", await lobby.next())
    await lobby.do("hold", served)
    assert (await lobby.do("resume", served))["state"] == "serving"


async def test_priority_goes_by_the_quota_and_nobody_overtakes_who_waited_too_long(empty: Lobby) -> None:
    await empty.point(
        categories=[
            {"id": "general", "letter": "A"},
            {"id": "vip", "letter": "B", "priority": "priority"},
        ]
    )
    await empty.join(category="general")
    empty.clock.forward(61 * MINUTE)
    for category in ("general", "vip", "vip", "vip", "general"):
        await empty.join(category=category)
    called = [(await empty.next())["number"] for _ in range(6)]
    assert called == ["A001", "B001", "B002", "A002", "B003", "A003"]


async def test_undo_takes_the_last_transition_back_once(lobby: Lobby) -> None:
    first, second = await lobby.join(), await lobby.join()
    called = await lobby.next()
    assert called["canUndo"]
    back = await lobby.do("undo", called)
    assert (back["state"], back["position"], back["counter"], back["canUndo"]) == ("waiting", 1, None, False)
    assert problem(await lobby.try_("undo", first)) == (409, "nothing_to_undo")
    assert (await lobby.next())["id"] == first["id"]
    assert (await lobby.look(second["id"]))["ahead"] == 0


async def test_the_undo_of_a_call_gives_the_turn_back_to_its_class(empty: Lobby) -> None:
    await empty.point(
        quota=["priority", "normal"],
        categories=[{"id": "a", "letter": "A"}, {"id": "b", "letter": "B", "priority": "priority"}],
    )
    for category in ("a", "a", "b", "b"):
        await empty.join(category=category)
    first = await empty.next()
    await empty.do("undo", first)
    assert [(await empty.next())["number"] for _ in range(4)] == ["B001", "A001", "B002", "A002"]


async def test_a_service_has_an_outcome_and_a_note_for_staff_only(lobby: Lobby) -> None:
    entry = await lobby.join()
    await lobby.do("start", await lobby.next())
    done = await lobby.do("complete", entry, outcome="solved", note="paid in cash")
    assert (done["state"], done["outcome"], done["serviceNote"]) == ("completed", "solved", "paid in cash")
    assert "paid in cash" not in str(await lobby.look(entry["id"]))


async def test_who_joined_from_home_is_marked_as_arrived(lobby: Lobby) -> None:
    joined = (await lobby.visit()).json()
    assert (await lobby.entry(joined["id"]))["arrived"] is False
    assert (await lobby.do("check-in", joined["id"]))["arrived"] is True
    assert (await lobby.entry(joined["id"]))["position"] == 1


async def test_staff_may_call_out_of_order(lobby: Lobby) -> None:
    first, second = await lobby.join(), await lobby.join()
    assert (await lobby.do("call", second, counter="two"))["state"] == "called"
    assert (await lobby.next())["id"] == first["id"]


async def test_bookings_enter_at_their_time_or_first_as_the_service_point_says(empty: Lobby) -> None:
    await empty.point("desk")
    await empty.point("help", bookings="priority")
    for point, place in (("desk", 2), ("help", 1)):
        await empty.join(point)
        empty.clock.forward(MINUTE)
        last = await empty.join(point)
        booked = await empty.join(point, bookedFor="2026-05-10T12:00:30Z")
        assert booked["position"] == place
        seen = await empty.look(last["id"])
        assert (seen["ahead"], seen["why"]) == (2, "appointment")
        empty.clock.forward(-MINUTE)


@pytest.mark.parametrize(("who", "why"), [("priority", "priority"), ("return", "returned")])
async def test_an_entry_says_why_more_are_ahead(lobby: Lobby, who: str, why: str) -> None:
    await lobby.join()
    if who == "return":
        gone = await lobby.do("no-show", await lobby.next(), force=True)
        await lobby.join()
    mine = (await lobby.visit()).json()
    before = await lobby.look(mine["id"])
    assert (before["ahead"], before["why"]) == (1, None)
    if who == "return":
        await lobby.do("return", gone)
    else:
        await lobby.join(priority="priority")
    after = await lobby.look(mine["id"])
    assert (after["ahead"], after["why"]) == (2, why)
