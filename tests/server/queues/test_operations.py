"""What kiosks did with a line while they were alone, sent afterwards."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import update

from domain.clock import HOUR, MINUTE, Instant, parse
from server.auth.access import SCOPE
from server.auth.tables import devices
from server.db.database import Transaction
from tests.server.queues.lobby import QUEUE, Lobby


async def test_people_who_joined_at_a_kiosk_alone_stand_where_they_came(lobby: Lobby) -> None:
    lease = await lobby.lease(3)
    came = lobby.clock()
    lobby.clock.forward(10 * MINUTE)
    online = await lobby.join()
    answers = await lobby.sync(
        *(
            lobby.did(
                "join",
                Instant(came + n * MINUTE),
                entryId=f"kiosk-entry-{n}",
                servicePoint="desk",
                category="general",
                number=f"A50{n}",
                lease=lease["leaseId"],
                name="Ada",
                party=2,
            )
            for n in (1, 2, 3)
        ),
        headers=lobby.desk,
    )
    assert [answer["status"] for answer in answers] == ["applied"] * 3
    assert answers[0]["detail"]["number"] == "A501"
    waiting = sorted((await lobby.list())["items"], key=lambda item: item["position"])
    assert [item["number"] for item in waiting] == ["A501", "A502", "A503", online["number"]]
    assert (waiting[0]["name"], waiting[0]["party"]) == ("Ada", 2)
    assert waiting[0]["joined"] == "2026-05-10T12:01:00.000Z"


async def test_a_whole_day_alone_is_applied_at_its_own_times(lobby: Lobby) -> None:
    lease = await lobby.lease(1)
    start = lobby.clock()
    lobby.clock.forward(HOUR)
    acts = [("call", 3, {"counter": "one"}), ("start", 4, {}), ("complete", 9, {"outcome": "solved"})]
    answers = await lobby.sync(
        lobby.did(
            "join", Instant(start), entryId="e1", servicePoint="desk", category="general",
            number="A501", lease=lease["leaseId"],
        ),
        *(
            lobby.did(kind, Instant(start + minute * MINUTE), base, entryId="e1", **more)
            for base, (kind, minute, more) in enumerate(acts, start=1)
        ),
    )  # fmt: skip
    assert [answer["status"] for answer in answers] == ["applied"] * 4
    entry = await lobby.entry("e1")
    assert (entry["state"], entry["changed"], entry["outcome"]) == (
        "completed", "2026-05-10T12:09:00.000Z", "solved"
    )  # fmt: skip
    today = await lobby.today()
    assert (today["meanWait"], today["meanService"]) == (180, 300)


async def test_a_number_is_taken_once_and_only_from_the_own_block(lobby: Lobby) -> None:
    lease = await lobby.lease(2)

    def joining(entry: str, number: str, lease_id: str = lease["leaseId"]) -> dict[str, Any]:
        return lobby.did(
            "join", entryId=entry, servicePoint="desk", category="general", number=number, lease=lease_id
        )

    answers = await lobby.sync(
        joining("e1", "A501"),
        joining("e2", "A501"),
        joining("e3", "A503"),
        joining("e4", "A0502"),
        joining("e5", "B502"),
        joining("e6", "A502", "nobody"),
        joining("e7", "A²"),
        joining("e1", "A501"),
        joining("e8", "A502"),
    )
    assert [answer["status"] for answer in answers] == [
        "applied", *["rejected"] * 6, "duplicate", "applied"
    ]  # fmt: skip
    assert answers[1]["detail"]["code"] == "number_taken"
    assert answers[2]["detail"]["code"] == "number_not_leased"
    stolen = joining("e9", "A502")
    assert (await lobby.sync(stolen, headers=lobby.welcome))[0]["status"] == "rejected"


async def test_numbers_of_a_device_are_those_of_the_one_that_its_kiosk_is_now(lobby: Lobby) -> None:
    lease = await lobby.lease(5)
    await revoke(lobby, "org-a-desk")
    second, third = [await lobby.device(f"desk-{n}", "desk", "servicePoint:desk") for n in (2, 3)]

    async def joins(number: str, headers: dict[str, str]) -> tuple[str, str]:
        [answer] = await lobby.sync(
            lobby.did(
                "join", entryId=f"e-{number}", servicePoint="desk", category="general", number=number,
                lease=lease["leaseId"],
            ),
            headers=headers,
        )  # fmt: skip
        return answer["status"], answer["detail"].get("code", "")

    assert await joins("A501", second) == ("rejected", "number_not_leased")
    await succeeds(lobby, second, lobby.desk)
    assert await joins("A501", second) == ("applied", "")
    assert await joins("A502", third) == ("rejected", "number_not_leased")
    # Paired once more: what the first had goes on to the third, and is the second's no more.
    await succeeds(lobby, third, second)
    assert await joins("A502", third) == ("applied", "")
    assert await joins("A503", second) == ("rejected", "number_not_leased")
    assert await joins("A503", lobby.welcome) == ("rejected", "number_not_leased")


async def revoke(lobby: Lobby, device: str) -> None:
    def end(transaction: Transaction) -> None:
        change = update(devices).where(devices.c.id == device).values(revoked=transaction.now)
        transaction.connection.execute(change)
        transaction.touched.add(SCOPE)

    await lobby.app.state.database.write(end)
    await lobby.app.state.access.refresh()


async def succeeds(lobby: Lobby, now: dict[str, str], before: dict[str, str]) -> None:
    """A kiosk tells which device it was."""
    token = before["Authorization"].removeprefix("Bearer ")
    await lobby.ok("POST", "/api/devices/me/former", {"token": token}, now)


async def test_a_join_without_a_number_gets_the_next(lobby: Lobby) -> None:
    [answer] = await lobby.sync(lobby.did("join", entryId="e1", servicePoint="desk", category="general"))
    assert (answer["status"], answer["detail"]["number"]) == ("applied", "A001")


async def test_a_number_of_a_category_that_is_no_more_still_stands(lobby: Lobby) -> None:
    lease = await lobby.lease(1)
    changed = {"id": "desk", "categories": [{"id": "new", "letter": "N"}]}
    await lobby.ok("PUT", "/api/crm/reservations/service-point/update", changed, lobby.clerk)
    [answer] = await lobby.sync(
        lobby.did(
            "join", entryId="e1", servicePoint="desk", category="general",
            number="A501", lease=lease["leaseId"],
        )
    )  # fmt: skip
    assert answer["status"] == "applied"
    assert (await lobby.entry("e1"))["category"] == "general"


async def test_what_still_fits_is_applied_although_the_entry_has_moved_on(lobby: Lobby) -> None:
    entry = await lobby.join()
    await lobby.next()
    lobby.clock.forward(MINUTE)
    [answer] = await lobby.sync(
        lobby.did("start", parse("2026-05-10T12:00:30Z"), 1, entryId=entry["id"], counter="two")
    )
    assert (answer["status"], answer["detail"]["state"]) == ("applied", "serving")
    moved = await lobby.entry(entry["id"])
    assert (moved["changed"], moved["counter"]) == ("2026-05-10T12:00:30.000Z", "two")


async def test_what_fits_no_more_is_answered_with_the_state_that_stands(lobby: Lobby) -> None:
    entry = await lobby.join()
    await lobby.do("start", await lobby.next())
    [answer] = await lobby.sync(lobby.did("call", None, 1, entryId=entry["id"], counter="two"))
    assert answer["status"] == "conflict"
    detail = answer["detail"]
    assert (detail["state"], detail["code"], detail["version"]) == ("serving", "wrong_transition", 3)
    assert detail["allowed"] == ["complete", "hold", "transfer"]
    assert (await lobby.entry(entry["id"]))["counter"] == "one"


async def test_two_kiosks_that_both_called_one_person_alone_learn_of_it(lobby: Lobby) -> None:
    entry = await lobby.join()
    second = await lobby.device("second", "desk", "servicePoint:desk")
    mine = lobby.did("call", None, 1, entryId=entry["id"], counter="one")
    theirs = lobby.did("call", None, 1, entryId=entry["id"], counter="two")
    answers = await asyncio.gather(lobby.sync(mine), lobby.sync(theirs, headers=second))
    assert sorted(answer[0]["status"] for answer in answers) == ["applied", "conflict"]


async def test_the_automatic_no_show_gives_way_to_somebody_who_was_served(empty: Lobby) -> None:
    await empty.point(graceMode="auto", graceSeconds=60)
    await empty.join()
    called = await empty.next()
    empty.clock.forward(5 * MINUTE)
    await empty.app.state.sweeper.sweep()
    assert (await empty.entry(called["id"]))["state"] == "no_show"
    answers = await empty.sync(
        empty.did("start", parse("2026-05-10T12:00:50Z"), 2, entryId=called["id"]),
        empty.did("complete", parse("2026-05-10T12:04:00Z"), 3, entryId=called["id"]),
    )
    assert [answer["status"] for answer in answers] == ["applied", "applied"]
    assert (await empty.today())["completed"] == 1


async def test_a_no_show_that_both_marked_is_one(empty: Lobby) -> None:
    await empty.point(graceMode="auto", graceSeconds=60)
    await empty.join()
    called = await empty.next()
    empty.clock.forward(5 * MINUTE)
    await empty.app.state.sweeper.sweep()
    [answer] = await empty.sync(empty.did("no_show", None, 2, entryId=called["id"]))
    assert (answer["status"], answer["detail"]["state"]) == ("duplicate", "no_show")


async def test_the_evening_that_a_kiosk_had_alone_is_kept_when_it_comes_back_the_next_day(
    lobby: Lobby,
) -> None:
    lease = await lobby.lease(2)
    waiting = await lobby.join()
    lobby.clock.at = parse("2026-05-11T08:00:00Z")
    await lobby.app.state.sweeper.sweep()
    evening = parse("2026-05-10T18:00:00Z")
    answers = await lobby.sync(
        lobby.did(
            "join", evening, entryId="e1", servicePoint="desk", category="general",
            number="A501", lease=lease["leaseId"],
        ),
        lobby.did("call", Instant(evening + MINUTE), 1, entryId="e1", counter="one"),
        lobby.did("call", Instant(evening + MINUTE), 1, entryId=waiting["id"], counter="two"),
        lobby.did("start", Instant(evening + MINUTE), 2, entryId=waiting["id"]),
        lobby.did("complete", Instant(evening + 2 * MINUTE), 3, entryId=waiting["id"]),
    )  # fmt: skip
    assert [answer["status"] for answer in answers] == ["applied"] * 5
    assert (await lobby.entry(waiting["id"], day="2026-05-10"))["state"] == "completed"
    lobby.clock.forward(2 * MINUTE)
    await lobby.app.state.sweeper.sweep()
    assert (await lobby.entry("e1", day="2026-05-10"))["state"] == "expired"
    assert (await lobby.join())["number"] == "A001"


async def test_an_undo_takes_back_what_the_kiosk_did_but_not_what_others_did_since(lobby: Lobby) -> None:
    entry = await lobby.join()
    answers = await lobby.sync(
        lobby.did("call", None, 1, entryId=entry["id"], counter="one"),
        lobby.did("undo", None, 1, entryId=entry["id"]),
    )
    assert [(answer["status"], answer["detail"]["state"]) for answer in answers] == [
        ("applied", "called"),
        ("applied", "waiting"),
    ]
    body = {"counter": "two"}
    await lobby.ok("POST", f"{QUEUE}/call/{entry['id']}", body, lobby.clerk)
    [answer] = await lobby.sync(lobby.did("undo", None, 1, entryId=entry["id"]))
    assert (answer["status"], answer["detail"]["state"]) == ("conflict", "called")


async def test_an_act_whose_answer_came_too_late_is_not_done_again(lobby: Lobby) -> None:
    await lobby.point("help")
    entry, other = await lobby.join(), await lobby.join()
    at = lobby.clock()
    lobby.clock.forward(1)
    for act, kind, base in (
        ("call", "call", 1), ("recall", "recall", 2), ("start", "start", 3), ("hold", "hold", 4),
        ("resume", "resume", 5), ("complete", "complete", 6), ("undo", "undo", 7),
    ):  # fmt: skip
        body = {"counter": "one"} if act == "call" else {}
        done = await lobby.do(act, entry, **body)
        [answer] = await lobby.sync(lobby.did(kind, at, base, entryId=entry["id"], **body))
        assert (answer["status"], answer["detail"]["version"]) == ("duplicate", done["version"]), act
    there = await lobby.do("transfer", other, servicePoint="help", newEntryId="there")
    [answer] = await lobby.sync(
        lobby.did("transfer", at, 1, entryId=other["id"], servicePoint="help", newEntryId="there")
    )
    assert (answer["status"], answer["detail"]["entryId"]) == ("duplicate", there["id"])


async def test_who_would_get_a_number_at_a_welcome_kiosk_is_refused_while_it_is_closed(empty: Lobby) -> None:
    await empty.point(openingHours={"mon": [{"opens": "09:00", "closes": "17:00"}]})
    lease = await empty.ok(
        "POST",
        "/api/sync/leases",
        {"servicePoint": "desk", "category": "general", "day": "2026-05-10", "size": 1},
        empty.welcome,
    )
    asked = empty.did("join", entryId="e1", servicePoint="desk")
    given = empty.did("join", entryId="e2", servicePoint="desk", number="A501", lease=lease["leaseId"])
    answers = await empty.sync(asked, given, headers=empty.welcome)
    assert [answer["status"] for answer in answers] == ["rejected", "applied"]
    assert answers[0]["detail"]["code"] == "closed"


async def test_a_transfer_a_counter_and_a_leave_are_applied(lobby: Lobby) -> None:
    await lobby.point("help")
    entry, other = await lobby.join(), await lobby.join()
    answers = await lobby.sync(
        lobby.did("counter", servicePoint="desk", counter="two", state="open", staff="Ada"),
        lobby.did("transfer", None, 1, entryId=entry["id"], servicePoint="help", newEntryId="there"),
        lobby.did("leave", None, 1, entryId=other["id"]),
        lobby.did("call", None, 1, entryId="there", counter="a counter that is gone"),
    )
    assert [answer["status"] for answer in answers] == ["applied"] * 4
    there = await lobby.entry_at("help", "there")
    assert (there["number"], there["visit"], there["state"]) == ("A001", entry["visit"], "called")
    assert there["counter"] == "a counter that is gone"
    assert (await lobby.entry(other["id"]))["state"] == "left"


async def test_hold_resume_recall_check_in_and_return_are_applied(lobby: Lobby) -> None:
    entry = (await lobby.visit()).json()
    kinds = ("hold", "resume", "check_in", "call", "recall", "no_show", "return")
    answers = await lobby.sync(
        *(lobby.did(kind, None, entryId=entry["id"], counter="one", force=True) for kind in kinds)
    )
    assert [answer["status"] for answer in answers] == ["applied"] * 7
    assert answers[-1]["detail"]["state"] == "waiting"
    assert answers[-1]["detail"]["version"] == 8


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"entryId": "a b"},
        {"entryId": 7},
        {"entryId": "e1", "servicePoint": "desk", "party": 0},
        {"entryId": "e1", "servicePoint": "desk", "name": "\x00"},
        {"entryId": "e1", "servicePoint": "nowhere"},
        {"entryId": "e1", "servicePoint": "far"},
    ],
)
async def test_a_join_that_cannot_be_is_rejected_and_the_rest_goes_on(
    lobby: Lobby, payload: dict[str, Any]
) -> None:
    await lobby.point("far")
    answers = await lobby.sync(
        lobby.did("join", **payload),
        lobby.did("call", entryId="nobody"),
        lobby.did("dance", entryId="nobody"),
        lobby.did("join", entryId="good", servicePoint="desk"),
    )
    assert [answer["status"] for answer in answers] == ["rejected", "rejected", "rejected", "applied"]
    assert all(answer["detail"]["detail"] for answer in answers[:3])


async def test_an_operation_sent_twice_is_applied_once(lobby: Lobby) -> None:
    joining = lobby.did("join", entryId="e1", servicePoint="desk")
    first, second = await lobby.sync(joining), await lobby.sync(joining)
    assert [first[0]["status"], second[0]["status"]] == ["applied", "duplicate"]
    again = {**joining, "opId": "op-of-a-kiosk-that-forgot"}
    assert (await lobby.sync(again))[0]["status"] == "duplicate"
    assert len((await lobby.list())["items"]) == 1
