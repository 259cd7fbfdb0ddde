"""The customer's own page: how far it is, and the answer to an estimate; what it never tells or does."""

from httpx import ASGITransport, AsyncClient, Response

from domain.clock import DAY, HOUR, rfc3339, shift
from domain.service_request import CHAIN
from tests.builders import ManualClock
from tests.server.service_requests.workshop import PHONE, Workshop

OWN = {"origin": "http://phone.test"}


async def look(workshop: Workshop, path: str, method: str = "GET", **more: object) -> Response:
    """Somebody on their own phone."""
    transport = ASGITransport(workshop.lobby.app)
    async with AsyncClient(transport=transport, base_url="http://phone.test") as phone:
        return await phone.request(method, path, **{"headers": {"accept": "text/html", **OWN}, **more})  # type: ignore[arg-type]


async def decide(workshop: Workshop, path: str, what: str, **form: str) -> Response:
    return await look(workshop, f"{path}/{what}", "POST", data={"revision": "1", **form})


async def test_the_page_says_how_far_it_is_in_each_state(workshop: Workshop) -> None:
    of = await workshop.approved()
    said = [(await look(workshop, workshop.page(of))).text]
    for state in CHAIN[5:]:
        of = await workshop.change(of, state=state)
        said.append((await look(workshop, workshop.page(of))).text)
    headings = [page.partition("<h1>")[2].partition("</h1>")[0] for page in said]
    assert headings[:2] == ["You have approved the estimate", "We are waiting for parts"]
    assert len(set(headings)) == len(said)
    assert "page.repair" not in "".join(said)


async def test_the_page_tells_public_notes_and_nothing_internal(workshop: Workshop) -> None:
    of = await workshop.join(promised="2026-05-18T10:00:00Z")
    await workshop.join(customer={"name": "Bob", "email": "bob@example.com"}, problem="Something of Bob's")
    notes = [{"text": "Water inside", "public": True}, {"text": "Customer is difficult"}]
    await workshop.change(of, notes=notes, estimate={"low": 77700})
    page = (await look(workshop, workshop.page(of))).text
    assert all(said in page for said in ("R0001", "Water inside", "The display is dark", "18 May 2026"))
    hidden = ("difficult", "Bob", PHONE["serial"], of["code"], of["id"], "777", "example.com", "15551234567")
    assert [said for said in hidden if said in page] == []


async def test_the_customer_approves_with_a_button(workshop: Workshop, clock: ManualClock) -> None:
    of = await workshop.estimated(high=20000)
    page = (await look(workshop, workshop.page(of))).text
    assert all(said in page for said in ("Display", "Fitting", "€99.00", "€40.00", "€139.00", "€200.00"))
    clock.forward(HOUR)
    answer = await decide(workshop, workshop.page(of), "approve")
    assert (answer.status_code, answer.headers["location"]) == (303, workshop.page(of))
    after = await workshop.one(of)
    assert after["state"] == "approved"
    assert after["estimate"]["approval"] == {
        "decision": "approved", "at": rfc3339(clock()), "actor": "public", "by": "Ada", "reason": ""
    }  # fmt: skip
    page = (await look(workshop, workshop.page(of))).text
    assert "You approved this estimate on" in page
    assert "<form" not in page.partition("<main")[2]
    assert (await workshop.timeline(of))[-2:] == ["approved", "moved"]


async def test_the_customer_declines_and_says_why(workshop: Workshop) -> None:
    of = await workshop.estimated()
    await decide(workshop, workshop.page(of), "reject", reason="Too dear <b>for me</b>")
    after = await workshop.one(of)
    assert (after["state"], after["estimate"]["approval"]["decision"]) == ("waiting_approval", "rejected")
    assert after["estimate"]["approval"]["reason"] == "Too dear <b>for me</b>"
    page = (await look(workshop, workshop.page(of))).text
    assert "<h1>You have declined the estimate</h1>" in page
    assert "You declined this estimate on" in page


async def test_looking_changes_nothing_and_neither_does_a_form_of_another_site(workshop: Workshop) -> None:
    of = await workshop.estimated()
    for what in ("approve", "reject"):
        path = f"{workshop.page(of)}/{what}"
        assert (await look(workshop, path)).status_code == 405
        foreign = await look(
            workshop, path, "POST", data={"revision": "1"}, headers={"origin": "http://evil.test"}
        )
        assert foreign.status_code == 403
    assert await workshop.one(of) == of


async def test_an_estimate_that_is_over_says_so_and_cannot_be_approved(
    workshop: Workshop, clock: ManualClock
) -> None:
    of = await workshop.estimated(validUntil=rfc3339(shift(clock(), DAY)))
    assert "Valid until" in (await look(workshop, workshop.page(of))).text
    clock.forward(DAY)
    page = (await look(workshop, workshop.page(of))).text
    assert "<h1>The estimate is no longer valid</h1>" in page
    assert "This estimate was valid until" in page
    assert "/approve" not in page
    answer = await decide(workshop, workshop.page(of), "approve")
    assert answer.headers["location"] == f"{workshop.page(of)}?changed=1"
    assert "Something has changed" in (await look(workshop, answer.headers["location"])).text
    assert (await workshop.one(of))["state"] == "waiting_approval"


async def test_a_form_that_names_no_estimate_or_an_older_one_decides_nothing(workshop: Workshop) -> None:
    of = await workshop.change(await workshop.estimated(), estimate={})
    for revision in ("1", "", "x", "²", "-1", "99999999999999"):
        answer = await decide(workshop, workshop.page(of), "approve", revision=revision)
        assert answer.status_code == 303
    assert (await workshop.one(of))["estimate"]["approval"] is None
    await decide(workshop, workshop.page(of), "approve", revision="2")
    assert (await workshop.one(of))["state"] == "approved"


async def test_an_estimate_is_shown_once_the_customer_is_asked(workshop: Workshop) -> None:
    of = await workshop.walk(await workshop.join(), "triage", "diagnostics")
    of = await workshop.change(of, estimate={"low": 4200})
    assert "€42.00" not in (await look(workshop, workshop.page(of))).text
    await workshop.change(of, state="waiting_approval")
    assert "€42.00" in (await look(workshop, workshop.page(of))).text


async def test_the_page_speaks_the_reader_and_else_the_customers_language(workshop: Workshop) -> None:
    of = await workshop.join(customer={"name": "Ada", "language": "fr"})
    assert 'lang="fr"' in (await look(workshop, workshop.page(of))).text
    german = {"accept": "text/html", "accept-language": "de"}
    assert "Ihr Gerät ist bei uns" in (await look(workshop, workshop.page(of), headers=german)).text


async def test_who_guesses_finds_nothing_and_is_slowed_down(workshop: Workshop) -> None:
    of = await workshop.estimated()
    for path in (
        "/repair/nothing",
        f"/repair/{of['id']}",
        f"/repair/{of['code']}",
        "/repair/" + "x" * 101,
        "/repair/%00",
        "/repair/%ff",
    ):
        assert (await look(workshop, path)).status_code in (404, 422)
        assert (await decide(workshop, path, "approve")).status_code in (404, 422)
    app = workshop.lobby.app
    app.state.settings = app.state.settings.model_copy(update={"rate_limits": True})
    answers = [await decide(workshop, workshop.page(of), "approve", revision="9") for _ in range(21)]
    assert [each.status_code for each in answers] == [303] * 20 + [429]
