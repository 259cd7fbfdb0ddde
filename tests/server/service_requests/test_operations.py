"""What a kiosk did with devices while it was alone."""

from typing import Any

from domain.clock import HOUR, Instant, rfc3339, shift
from tests.builders import ManualClock
from tests.server.queues.lobby import open_lobby
from tests.server.service_requests.workshop import ADA, LABOUR, PHONE, Workshop

DARK: dict[str, Any] = {"servicePoint": "desk", "customer": ADA, "device": PHONE, "problem": "Dark"}


def did(
    workshop: Workshop, kind: str, at: Instant, base: int | None = None, **payload: object
) -> dict[str, Any]:
    made = workshop.lobby.did("join", at, base, **payload)
    return {**made, "kind": f"service_request.{kind}"}


async def test_a_device_that_was_taken_in_offline_gets_its_number_once(
    workshop: Workshop, clock: ManualClock
) -> None:
    await workshop.join()
    then = shift(clock(), -HOUR)
    [answer] = await workshop.lobby.sync(did(workshop, "join", then, requestId="req-1", **DARK, colour="red"))
    assert (answer["status"], answer["detail"]["number"]) == ("applied", "R0002")
    [again] = await workshop.lobby.sync(did(workshop, "join", then, requestId="req-1", **DARK))
    assert (again["status"], again["detail"]["number"]) == ("duplicate", "R0002")
    assert await workshop.get() == ["R0001", "R0002"]
    kept = await workshop.one({"id": "req-1"})
    assert (kept["created"], kept["customer"]["email"]) == (rfc3339(then), "ada@example.com")


async def test_what_still_fits_is_applied_at_its_own_time(workshop: Workshop, clock: ManualClock) -> None:
    made, then = await workshop.join(), clock()
    clock.forward(HOUR)
    first = did(workshop, "update", then, 1, requestId=made["id"], state="triage")
    second = did(workshop, "update", then, 2, requestId=made["id"], labour=LABOUR)
    assert [each["status"] for each in await workshop.lobby.sync(first, second)] == ["applied"] * 2
    kept = await workshop.one(made)
    assert (kept["state"], kept["since"], kept["total"]) == ("triage", rfc3339(then), 4000)


async def test_where_somebody_was_first_their_state_stands_and_notes_are_kept(
    workshop: Workshop, clock: ManualClock
) -> None:
    made = await workshop.walk(await workshop.join(), "triage", "diagnostics")
    note = [{"text": "Seen offline"}]
    late = did(
        workshop, "update", clock(), 1, requestId=made["id"], state="triage", notes=note, labour=LABOUR
    )
    [answer] = await workshop.lobby.sync(late)
    assert (answer["status"], answer["detail"]["code"]) == ("conflict", "stale_version")
    assert answer["detail"]["state"] == "diagnostics"
    kept = await workshop.one(made)
    assert (kept["state"], kept["total"], [each["text"] for each in kept["notes"]]) == (
        "diagnostics", 0, ["Seen offline"]
    )  # fmt: skip
    added = did(workshop, "update", clock(), 1, requestId=made["id"], notes=[{"text": "And this"}])
    assert (await workshop.lobby.sync(added))[0]["status"] == "applied"


async def test_what_cannot_be_or_is_not_the_kiosks_is_rejected(
    workshop: Workshop, clock: ManualClock
) -> None:
    made, now = await workshop.join(), clock()
    other = await open_lobby(workshop.lobby.app, workshop.lobby.client, clock, "org-b")
    await other.point()
    elsewhere = {**DARK, "servicePoint": "nowhere"}
    wrong = [
        did(workshop, "join", now, requestId="req-1", **elsewhere),
        did(workshop, "join", now, requestId="req-2", servicePoint="desk"),
        did(workshop, "update", now, requestId="nothing", state="triage"),
        did(workshop, "update", now, requestId=made["id"], state="mended"),
    ]
    assert {each["status"] for each in await workshop.lobby.sync(*wrong)} == {"rejected"}
    welcome = did(workshop, "update", now, requestId=made["id"], state="triage")
    assert (await workshop.lobby.sync(welcome, headers=workshop.lobby.welcome))[0]["status"] == "rejected"
    foreign = [
        did(workshop, "update", now, requestId=made["id"], state="triage"),
        did(workshop, "join", now, requestId=made["id"], **DARK),
    ]
    assert {each["status"] for each in await workshop.lobby.sync(*foreign, headers=other.desk)} == {
        "rejected"
    }
    assert await workshop.one(made) == made
