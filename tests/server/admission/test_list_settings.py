"""What a check-in list says, at the door."""

from domain.clock import DAY, HOUR, MINUTE, Instant, parse
from tests.server.admission.venue import EVENT, Venue


async def test_a_list_admits_its_types_sessions_and_gates(venue: Venue) -> None:
    world = venue.world
    await world.list("narrow", types=["vip"], sessions=["Keynote"], gates=["North"])
    vip, other = await world.ticket("vip", session="Keynote"), await world.ticket("vip", session="Lunch")
    general = await world.ticket("general", session="Keynote")
    scans = {
        (vip, "North"): "admitted", (vip, "South"): "wrong_list", (vip, ""): "wrong_list",
        (other, "North"): "wrong_list", (general, "North"): "wrong_ticket_type",
    }  # fmt: skip
    for (code, gate), reason in scans.items():
        assert await venue.reason(code, lists=["narrow"], gate=gate, simulate=True) == reason


async def test_entry_is_once_many_times_or_again_after_an_exit(venue: Venue) -> None:
    code = await venue.world.ticket()
    expected = {
        "once": ["admitted", "already_in", "admitted", "already_in"],
        "many": ["admitted", "admitted", "admitted", "admitted"],
        "after_exit": ["admitted", "already_in", "admitted", "admitted"],
    }
    for entry, reasons in expected.items():
        await venue.world.list(entry, entry=entry)
        told = []
        for direction in ("entry", "entry", "exit", "entry"):
            venue.clock.forward(MINUTE)
            told.append(await venue.reason(code, lists=[entry], direction=direction))
        assert told == reasons, entry


async def test_who_has_not_paid_is_admitted_where_the_list_includes_them_once_it_is_confirmed(
    venue: Venue,
) -> None:
    await venue.world.list("pay", includePending=True)
    code = await venue.world.ticket(state="pending", due=1500, currency="EUR")
    assert await venue.reason(code) == "unpaid"
    ask = await venue.scan(code, lists=["pay"], opId="pay")
    assert (ask["verdict"], ask["unpaid"], ask["sentence"]) == (
        "ask", True, "Answer what is asked, then admit.",
    )  # fmt: skip
    assert (ask["ticket"]["due"], ask["ticket"]["currency"]) == (1500, "EUR")
    assert [scan["reason"] for scan in await venue.history()] == ["unpaid"]
    paid = await venue.scan(code, lists=["pay"], opId="pay", confirmUnpaid=True)
    assert (paid["verdict"], paid["duplicate"]) == ("admitted", False)
    line = (await venue.trail())[0]
    assert (line["kind"], line["data"]["due"], line["data"]["currency"]) == ("ticket.checked_in", 1500, "EUR")


async def test_an_add_on_is_found_through_its_main_ticket(venue: Venue) -> None:
    world = venue.world
    await world.list("lounge", types=["vip"], addons=True)
    await world.list("strict", types=["vip"])
    code = await world.ticket("general", name="Ana")
    await world.ticket("vip", main="org-1-t1", name="Ana's lounge")
    assert await venue.reason(code, lists=["strict"]) == "wrong_ticket_type"
    verdict = await venue.scan(code, lists=["lounge"])
    assert (verdict["verdict"], verdict["ticket"]["name"]) == ("admitted", "Ana's lounge")
    assert await venue.reason(code, lists=["lounge"]) == "already_in"
    assert await venue.reason(code) == "admitted"


async def test_everybody_is_out_at_the_lists_local_check_out_time(venue: Venue) -> None:
    await venue.world.list("night", checkoutAt="04:00")
    code, early = await venue.world.ticket(), await venue.world.ticket()
    # 03:59 and 04:00 in Berlin.
    venue.clock.at = parse("2026-05-11T01:59:00Z")
    await venue.scan(early, lists=["night"])
    venue.clock.forward(MINUTE)
    await venue.scan(code, lists=["night"])
    assert await venue.reason(code, lists=["night"]) == "already_in"
    [night] = [list_ for list_ in (await venue.figures())["lists"] if list_["id"] == "night"]
    assert (night["entries"], night["inside"]) == (2, 1)
    answer = await venue.client.get(f"{EVENT}/search?q=person", headers=dict(venue.door.headers))
    assert [found["inside"] for found in answer.json()["items"]] == [True, False]
    venue.clock.forward(DAY)
    assert (await venue.figures())["inside"] == 0
    assert await venue.reason(code, lists=["night"]) == "admitted"


async def test_validity_times_include_the_first_moment_and_exclude_the_last(venue: Venue) -> None:
    now = venue.clock()
    await venue.world.list("hour", validFrom=now, validUntil=now + HOUR)
    code = await venue.world.ticket()
    reasons = []
    for at in (now - 1, now, now + HOUR - 1, now + HOUR):
        venue.clock.at = Instant(at)
        reasons.append(await venue.reason(code, lists=["hour"], simulate=True))
    assert reasons == ["not_yet_valid", "admitted", "admitted", "expired"]


async def test_of_several_lists_one_that_admits_decides_and_who_is_in_by_one_is_in(venue: Venue) -> None:
    await venue.world.list("vip", types=["vip"])
    await venue.world.list("side")
    code = await venue.world.ticket()
    assert (await venue.scan(code, lists=["vip", "side"]))["list"]["id"] == "side"
    assert await venue.reason(code, lists=["main", "side"]) == "already_in"
    assert (await venue.scan(code, lists=["main", "side"], direction="exit"))["list"]["id"] == "side"
    assert await venue.reason(code, lists=["main", "side"]) == "admitted"
