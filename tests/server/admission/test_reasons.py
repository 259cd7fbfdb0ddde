"""Why a scan is refused: each reason with its sentence, and what holds for exits."""

from base45 import b45decode, b45encode

from domain.admission import Reason
from domain.clock import HOUR, MINUTE, Instant
from tests.server.admission.venue import Venue
from tests.server.world import World, make_world

TICKETS = "/api/organizations/org-1/events/evt-1/tickets"


def last_letter_changed(code: str) -> str:
    """A code that reads well, with another signature."""
    raw = bytearray(b45decode(code[1:]))
    raw[-1] ^= 1
    return "U" + str(b45encode(bytes(raw)), "ascii")


async def test_every_reason_is_told_in_words(venue: Venue) -> None:
    world, now = venue.world, venue.clock()
    await world.list("vip", types=["vip"])
    await world.list("keynote", sessions=["Keynote"])
    await world.list("late", validFrom=now + HOUR)
    await world.list("early", validUntil=now)
    await world.list("evening", rules={"fact": "now", "op": ">=", "value": {"time": "18:50"}})
    inside = await world.ticket()
    await venue.scan(inside)
    moved = await world.ticket()
    new = await venue.client.post(f"{TICKETS}/org-1-t2/reissue", headers=world.staff("events"))
    cases: list[tuple[str, str, str, str]] = [
        ("unknown", "hello", "main", "No ticket has this code"),
        ("signature", last_letter_changed(inside), "main", "not issued by the organiser"),
        ("revoked", moved, "main", "only its newer code"),
        ("admitted", new.json()["code"], "main", "in"),
        ("already_in", inside, "main", "First admitted at 14:00"),
        ("wrong_ticket_type", inside, "vip", "not admitted here"),
        ("wrong_list", inside, "keynote", "another gate or session"),
        ("not_yet_valid", inside, "late", "not valid yet"),
        ("expired", inside, "early", "no longer valid"),
        ("rules", inside, "evening", "Admission here: from 18:50."),
    ]
    for state, sentence in (
        ("canceled", "was cancelled"), ("refunded", "paid back"), ("blocked", "blocked this ticket"),
        ("unapproved", "not approved"),
    ):  # fmt: skip
        cases.append((state, await world.ticket(state=state), "main", sentence))
    cases.append(("unpaid", await world.ticket(state="pending"), "main", "not paid"))
    cases.append(("not_yet_valid", await world.ticket(valid_from=now + 1), "main", "not valid yet"))
    cases.append(("expired", await world.ticket(valid_until=now), "main", "no longer valid"))
    for reason, code, list_, sentence in cases:
        verdict = await venue.scan(code, lists=[list_])
        assert (verdict["reason"] or verdict["verdict"], sentence in verdict["sentence"]) == (reason, True), (
            reason
        )
    told = {item["reason"] for item in await venue.history()}
    # The rest stands in test_codes.py and below; `error` is what a kiosk says of itself.
    rest = {Reason.WRONG_EVENT, Reason.AMBIGUOUS, Reason.ROTATING_CODE_STALE, Reason.ERROR}
    assert told == {"", *(set(Reason) - rest)}


async def test_a_signature_of_nobody_we_know_is_unknown_and_of_another_key_forged(venue: Venue) -> None:
    await venue.world.ticket()
    stranger = World(venue.world.database, venue.world.access)
    assert await venue.reason(stranger.code(1)) == "signature"
    assert await venue.reason(stranger.code(1, key=99)) == "unknown"
    assert await venue.reason(venue.world.code(77)) == "unknown"


async def test_a_code_of_before_a_transfer_is_revoked(venue: Venue) -> None:
    await venue.world.ticket(generation=1, code=venue.world.code(1, generation=1))
    assert await venue.reason(venue.world.code(1, generation=0)) == "revoked"
    assert await venue.reason(venue.world.code(1, generation=1)) == "admitted"


async def test_a_ticket_of_another_organisation_is_unknown(venue: Venue) -> None:
    stranger = await make_world(venue.app, "org-2", key_number=8)
    for code in (await stranger.ticket(), await stranger.ticket(code="their code")):
        verdict = await venue.scan(code)
        assert (verdict["reason"], verdict["ticket"]) == ("unknown", None)


async def test_a_ticket_of_another_event_is_told_apart_but_not_shown_to_kiosks_of_this_one(
    venue: Venue,
) -> None:
    organiser = venue.world.staff("events")
    fair = {"id": "evt-2", "name": {"en": "Fair"}, "starts": "2026-05-10T10:00:00Z",
            "ends": "2026-05-10T20:00:00Z", "zone": "UTC"}  # fmt: skip
    base = "/api/organizations/org-1/events"
    await venue.client.post(base, json=fair, headers=organiser)
    await venue.client.post(f"{base}/evt-2/ticket-types", json={"id": "t", "name": "T"}, headers=organiser)
    new = {"tickets": [{"type": "t", "name": "Ana"}]}
    made = await venue.client.post(f"{base}/evt-2/tickets", json=new, headers=organiser)
    ticket = made.json()["items"][0]
    verdict = await venue.scan(ticket["code"])
    assert (verdict["reason"], verdict["ticket"]) == ("wrong_event", None)
    assert verdict["sentence"] == "This ticket is for another event."
    scan = {"lists": ["main"]}
    by_staff = await venue.client.post(
        f"/api/events/check-in/{ticket['id']}", json=scan, headers=venue.world.staff("door")
    )
    assert (by_staff.json()["reason"], by_staff.json()["ticket"]["name"]) == ("wrong_event", "Ana")


async def test_one_code_of_two_tickets_is_not_guessed(venue: Venue) -> None:
    await venue.world.list("meal", types=["meal"], addons=True)
    organiser = venue.world.staff("events")
    types = "/api/organizations/org-1/events/evt-1/ticket-types"
    await venue.client.post(types, json={"id": "meal", "name": "Meal"}, headers=organiser)
    code = await venue.world.ticket()
    for _ in range(2):
        await venue.world.ticket("meal", main="org-1-t1")
    verdict = await venue.scan(code, lists=["meal"])
    assert verdict["reason"] == "ambiguous"
    assert "Look the guest up" in verdict["sentence"]


async def test_windows_and_rules_bind_entries_and_a_void_ticket_is_refused_both_ways(venue: Venue) -> None:
    world, now = venue.world, venue.clock()
    await world.list(
        "strict", rules={"fact": "inside", "op": "==", "value": True}, validUntil=now - MINUTE,
        requireConfirmation=["Look at the passport"],
    )  # fmt: skip
    late = await world.ticket(valid_until=Instant(now - HOUR))
    assert await venue.reason(late, lists=["strict"]) == "expired"
    assert await venue.reason(late, lists=["strict"], direction="exit") == "admitted"
    for state in ("blocked", "canceled", "refunded"):
        code = await world.ticket(state=state)
        for direction in ("entry", "exit"):
            assert await venue.reason(code, direction=direction) == state
    assert await venue.reason(await world.ticket(state="pending"), direction="exit") == "admitted"
