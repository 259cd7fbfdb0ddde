"""Estimates: given, approved or rejected once, and never another one than was seen."""

import asyncio
from collections import Counter

from domain.clock import DAY, HOUR, rfc3339, shift
from tests.builders import ManualClock
from tests.server.mailbox import Mailbox, recipient, text
from tests.server.queues.lobby import problem
from tests.server.service_requests.workshop import LABOUR, PARTS, SUM, Workshop


async def test_an_estimate_keeps_its_lines_and_its_range(workshop: Workshop) -> None:
    of = await workshop.estimated(low=12000, high=18000, validUntil="2026-05-20T10:00:00Z", note="With VAT")
    given = of["estimate"]
    assert (given["low"], given["high"], given["total"], given["currency"]) == (12000, 18000, SUM, "EUR")
    assert (given["revision"], given["validUntil"], given["note"], given["approval"]) == (
        1, "2026-05-20T10:00:00.000Z", "With VAT", None
    )  # fmt: skip
    dearer = await workshop.change(of, parts=[{**PARTS[0], "quantity": 3}])
    assert (dearer["total"], dearer["overEstimate"]) == (SUM + 4950, False)
    assert dearer["estimate"] == given
    agreed = await workshop.change(of, approval={"decision": "approved"})
    assert agreed["overEstimate"] is True
    assert (await workshop.change(of, parts=PARTS))["overEstimate"] is False


async def test_without_a_range_an_estimate_is_the_sum_and_without_lines_a_range_is_enough(
    workshop: Workshop,
) -> None:
    of = await workshop.estimated()
    assert (of["estimate"]["low"], of["estimate"]["high"]) == (SUM, SUM)
    other = await workshop.change(await workshop.join(), estimate={"low": 5000, "high": 9000})
    assert (other["estimate"]["low"], other["estimate"]["high"], other["estimate"]["total"]) == (
        5000,
        9000,
        0,
    )
    assert (await workshop.change(other, estimate={"high": 7000}))["estimate"]["low"] == 7000


async def test_an_approval_is_recorded_with_who_and_when_and_lets_the_work_go_on(
    workshop: Workshop, clock: ManualClock
) -> None:
    of = await workshop.estimated()
    clock.forward(HOUR)
    of = await workshop.change(of, approval={"decision": "approved", "by": "Ada, on the phone"})
    assert of["state"] == "approved"
    assert of["estimate"]["approval"] == {
        "decision": "approved", "at": rfc3339(clock()), "actor": "device:org-a-desk",
        "by": "Ada, on the phone", "reason": "",
    }  # fmt: skip
    again = await workshop.try_(of, approval={"decision": "rejected"})
    assert problem(again) == (409, "estimate_decided")


async def test_a_rejection_keeps_it_waiting_until_a_new_estimate_is_approved(workshop: Workshop) -> None:
    of = await workshop.estimated()
    of = await workshop.change(of, approval={"decision": "rejected", "reason": "Too dear"})
    assert (of["state"], of["estimate"]["approval"]["reason"]) == ("waiting_approval", "Too dear")
    assert problem(await workshop.try_(of, state="approved")) == (409, "approval_missing")
    of = await workshop.change(of, parts=[], estimate={})
    assert (of["estimate"]["revision"], of["estimate"]["approval"]) == (2, None)
    assert [each["approval"]["decision"] for each in of["earlierEstimates"]] == ["rejected"]
    of = await workshop.change(of, state="approved", approval={"decision": "approved"})
    assert of["state"] == "approved"
    assert await workshop.timeline(of) == [
        *("made", "moved", "moved", "priced", "estimated", "moved", "rejected"),
        *("priced", "estimated", "approved", "moved"),
    ]


async def test_whoever_stands_at_the_desk_may_be_asked_and_answer_at_once(workshop: Workshop) -> None:
    of = await workshop.walk(await workshop.join(), "triage", "diagnostics")
    asked = {"state": "waiting_approval", "labour": LABOUR, "estimate": {}}
    of = await workshop.change(of, **asked, approval={"decision": "approved"})
    assert (of["state"], of["estimate"]["high"]) == ("approved", 4000)


async def test_nobody_waits_for_an_approval_of_nothing(workshop: Workshop, clock: ManualClock) -> None:
    of = await workshop.walk(await workshop.join(), "triage", "diagnostics")
    assert problem(await workshop.try_(of, state="waiting_approval")) == (409, "estimate_missing")
    early = await workshop.try_(of, estimate={"low": 100}, approval={"decision": "approved"})
    assert problem(early) == (409, "approval_not_asked")
    tomorrow = rfc3339(shift(clock(), DAY))
    of = await workshop.change(of, estimate={"low": 100, "validUntil": tomorrow})
    clock.forward(DAY)
    assert problem(await workshop.try_(of, state="waiting_approval")) == (409, "estimate_expired")
    of = await workshop.change(of, state="waiting_approval", estimate={"low": 100})
    late = await workshop.try_(of, approval={"decision": "approved", "revision": 1})
    assert problem(late) == (409, "estimate_changed")


async def test_the_customer_is_mailed_at_intake_for_each_estimate_and_when_it_is_ready(
    workshop: Workshop, clock: ManualClock
) -> None:
    box = Mailbox(workshop.lobby.app)
    of = await workshop.join()
    assert of["link"] in text(await box.newest("ada@example.com"))
    of = await workshop.walk(of, "triage", "diagnostics")
    until = "2026-05-20T10:00:00Z"
    clock.forward(HOUR)
    of = await workshop.change(
        of, state="waiting_approval", parts=PARTS, estimate={"high": 12000, "validUntil": until}
    )
    asked = text(await box.newest())
    assert all(said in asked for said in (of["link"], "€99.00 – €120.00", "20 May 2026", "R0001", "Acme X5"))
    await workshop.change(of, notes=[{"text": "Nothing new for the customer"}])
    assert len(await box.all()) == 2
    clock.forward(HOUR)
    of = await workshop.change(of, estimate={"high": 11000})
    assert "€110.00" in text(await box.newest())
    clock.forward(HOUR)
    of = await workshop.change(of, approval={"decision": "approved"})
    await workshop.walk(of, "waiting_parts", "in_repair", "quality_check", "ready")
    mails = await box.all()
    assert [str(mail["Subject"])[:8] for mail in mails] == ["Received", "Estimate", "Estimate", "Ready to"]
    assert {recipient(mail) for mail in mails} == {"ada@example.com"}


async def test_mails_speak_the_language_of_the_customer_and_nobody_without_an_address_gets_one(
    workshop: Workshop,
) -> None:
    await workshop.join(customer={"name": "Walk-in"})
    await workshop.join(customer={"email": "bo@example.com", "language": "de"})
    [mail] = await Mailbox(workshop.lobby.app).all()
    assert str(mail["Subject"]) == "Angenommen: Phone Acme X5, R0002"


async def test_of_two_who_move_one_request_one_does(workshop: Workshop) -> None:
    made = await workshop.join()
    answers = await asyncio.gather(*(workshop.try_(made, state="triage") for _ in range(8)))
    assert Counter(each.status_code for each in answers) == {200: 1, 409: 7}
    lost = next(each for each in answers if each.status_code == 409)
    assert problem(lost) == (409, "wrong_transition")
    assert (lost.json()["state"], lost.json()["allowed"]) == ("triage", ["diagnostics", "void"])
    assert (await workshop.one(made))["version"] == 2


async def test_numbers_stay_in_a_row_when_many_are_taken_in_at_once(workshop: Workshop) -> None:
    made = await asyncio.gather(*(workshop.join() for _ in range(20)))
    assert sorted(each["number"] for each in made) == [f"R{n:04}" for n in range(1, 21)]


async def test_an_approval_and_a_new_estimate_at_once_never_approve_what_was_not_seen(
    workshop: Workshop,
) -> None:
    for _ in range(4):
        of = await workshop.estimated()
        page = workshop.page(of)
        origin = {"origin": "http://usher.test"}
        approved, changed = await asyncio.gather(
            workshop.lobby.client.post(f"{page}/approve", data={"revision": "1"}, headers=origin),
            workshop.try_(of, version=of["version"], parts=[{**PARTS[0], "price": 99_999}], estimate={}),
        )
        assert approved.status_code == 303
        after = await workshop.one(of)
        newest = after["estimate"]
        if changed.status_code == 200:
            assert approved.headers["location"].endswith("?changed=1")
            assert (after["state"], newest["revision"], newest["approval"]) == ("waiting_approval", 2, None)
        else:
            assert problem(changed) == (409, "stale_version")
            assert (after["state"], newest["high"]) == ("approved", SUM)
