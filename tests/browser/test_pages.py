"""Buying, showing and passing on a ticket in a real browser; what it shows, the kiosk's decoder reads."""

import re

import pytest
from playwright.sync_api import Error, Page, expect

from server.customer.pages.passes import address
from tests.browser.stage import DESKTOP, EVENT, Stage, choose, looked_over, read


def bought(stage: Stage, page: Page, tier: str = "vip") -> str:
    """Buys a ticket, and opens its page; the address."""
    choose(page, tier, 1)
    page.click("main button[type=submit]")
    if tier == "general":
        stage.take_money()
        page.reload()
    page.click("a.ticket-line")
    expect(page.locator("#code svg")).to_be_visible()
    return page.url


def test_a_ticket_that_was_bought_in_the_browser_is_admitted_from_its_screen(stage: Stage) -> None:
    page = stage.page()
    page.goto(EVENT)
    looked_over(page)
    choose(page, "general", 1)
    looked_over(page)
    page.click("text=Place the order")
    expect(page.locator("[data-countdown]")).to_have_text(re.compile(r"1[45]:\d\d"))
    looked_over(page)
    stage.take_money()
    page.wait_for_selector("text=You’re in")
    page.click("a.ticket-line")
    looked_over(page)
    assert stage.scan(read(page))["verdict"] == "admitted"
    page.reload()
    expect(page.locator("text=Checked in")).to_be_visible()


def test_it_is_the_same_without_scripts(stage: Stage) -> None:
    page = stage.page(java_script_enabled=False)
    address = bought(stage, page, "general")
    assert "/t/" in address
    assert stage.scan(read(page))["verdict"] == "admitted"


def test_a_ticket_opens_without_a_network_once_it_was_opened_with_one(stage: Stage) -> None:
    page = stage.page()
    address = bought(stage, page, "general")
    expect(page.locator("#offline-ready")).to_be_visible()
    page.context.set_offline(True)
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("Inter")
    assert stage.scan(read(page))["verdict"] == "admitted"
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(EVENT)


_LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange'))"
"""As when somebody takes the phone out of the pocket; otherwise the page looks for news by itself."""


def test_an_open_ticket_says_that_it_was_let_in_without_being_loaded_anew(stage: Stage) -> None:
    page = stage.page()
    bought(stage, page, "general")
    assert stage.scan(read(page))["verdict"] == "admitted"
    page.evaluate(_LOOKED_AT)
    expect(page.locator("text=Checked in")).to_be_visible()


def test_an_open_ticket_goes_on_telling_the_news_after_something_was_downloaded_from_it(stage: Stage) -> None:
    page = stage.page()
    page.clock.install()
    bought(stage, page, "general")
    with page.expect_download():
        page.click("a[href$='/event.ics']")
    assert stage.scan(read(page))["verdict"] == "admitted"
    page.clock.fast_forward("00:15")
    page.evaluate(_LOOKED_AT)
    expect(page.locator("text=Checked in")).to_be_visible()


def test_an_open_ticket_that_somebody_else_claims_shows_its_code_no_more(stage: Stage) -> None:
    old, link = stage.offered("gil@example.com")
    page, other = stage.page(), stage.page()
    page.goto(address(old))
    expect(page.locator("#offline-ready")).to_be_visible()
    other.goto(link)
    other.click("text=Take the ticket")
    expect(other.locator("#code svg")).to_be_visible()
    page.evaluate(_LOOKED_AT)
    expect(page.locator("text=No longer valid")).to_be_visible()
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_FAILED"):
        page.goto(address(old))


def test_a_rotating_code_turns_by_itself_and_a_picture_of_it_does_not_pass_later(stage: Stage) -> None:
    page = stage.page()
    page.clock.install()
    bought(stage, page)
    first = read(page)
    stage.clock.forward(90_000)
    page.clock.fast_forward(90_000)
    expect(page.locator("#code svg")).to_be_visible()
    page.wait_for_timeout(300)
    second = read(page)
    assert first.rpartition("/")[0] == second.rpartition("/")[0]
    assert stage.scan(first)["reason"] == "rotating_code_stale"
    assert stage.scan(second)["verdict"] == "admitted"


def test_the_server_shows_a_rotating_code_to_who_runs_no_scripts(stage: Stage) -> None:
    page = stage.page(java_script_enabled=False)
    bought(stage, page)
    assert stage.scan(read(page))["verdict"] == "admitted"


def test_a_ticket_is_claimed_by_its_link_and_the_old_code_lets_nobody_in(stage: Stage) -> None:
    old, link = stage.offered("bob@example.com")
    page = stage.page()
    page.goto(link)
    looked_over(page)
    page.click("text=Take the ticket")
    expect(page.locator("#code svg")).to_be_visible()
    looked_over(page)
    assert stage.scan(old)["reason"] == "revoked"
    assert stage.scan(read(page))["verdict"] == "admitted"
    page.click("text=My tickets")
    expect(page.locator("text=Signed in as bob@example.com")).to_be_visible()
    looked_over(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_offer_to_ones_own_address_is_refused_beside_its_field(stage: Stage, scripts: bool) -> None:
    _, link = stage.offered("dora@example.com")
    page = stage.page(java_script_enabled=scripts)
    page.goto(link)
    page.click("text=Take the ticket")
    page.fill("#email", "dora@example.com")
    page.fill("#message", "Have fun!")
    page.click("text=Offer the ticket")
    expect(page.locator("#email-wrong")).to_have_text(re.compile("your own address"))
    expect(page.locator("#email")).to_have_value("dora@example.com")
    expect(page.locator("#email")).to_be_focused()
    expect(page.locator("#email")).to_be_in_viewport()
    expect(page.locator("#message")).to_have_value("Have fun!")
    expect(page.locator("#code svg")).to_be_visible()
    if scripts:
        looked_over(page)
    page.fill("#email", "emil@example.com")
    page.click("text=Offer the ticket")
    expect(page.locator("text=Offered to emil@example.com")).to_be_visible()


def test_a_fault_of_a_page_would_be_found(stage: Stage) -> None:
    page = stage.page()
    page.goto(EVENT)
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    with pytest.raises(AssertionError, match="image-alt"):
        looked_over(page)


@pytest.mark.parametrize(("language", "scheme"), [("ar", "light"), ("ar", "dark"), ("de", "dark")])
def test_pages_can_be_used_in_every_direction_and_light(stage: Stage, language: str, scheme: str) -> None:
    page = stage.page(locale=language, color_scheme=scheme)
    for path in ("/o/org-1", EVENT, "/my?org=org-1", "/e/nothing"):
        page.goto(path)
        looked_over(page)
    if language == "ar":
        assert page.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"


_TWICE = "document.documentElement.style.fontSize = '200%'"
_TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


def test_long_names_and_letters_of_twice_the_size_stay_within_a_narrow_page(stage: Stage) -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitänsausbildung"
    stage.event(
        "long", name={"en": f"The {word} Days"}, place=f"{word}sgelände", address=word, tags=[word[:40]]
    )
    page = stage.page(viewport={"width": 360, "height": 740}, locale="de")
    seen = []

    def fits() -> None:
        seen.append(page.url)
        looked_over(page)
        page.evaluate(_TWICE)
        assert not page.evaluate(_TOO_WIDE), page.url

    for path in ("/o/org-1", "/e/long", "/e/long/order?q.long=2"):
        page.goto(path)
        fits()
    page.fill("#name", f"{word} {word}")
    page.fill("#email", f"{word[:40].lower()}@{word[:40].lower()}.example.com")
    page.click("main button[type=submit]")
    page.wait_for_url("**/order/*")
    fits()
    page.click("a.ticket-line >> nth=0")
    page.wait_for_url("**/t/*")
    fits()
    assert len(seen) == 5


def test_pages_can_be_used_on_a_wide_screen_too(stage: Stage) -> None:
    page = stage.page(viewport=DESKTOP)
    for path in ("/o/org-1", EVENT, "/my?org=org-1"):
        page.goto(path)
        looked_over(page)
    choose(page, "general", 2)
    looked_over(page)
    page.click("main button[type=submit]")
    looked_over(page)
    stage.take_money()
    page.reload()
    looked_over(page)
    page.click("a.ticket-line >> nth=0")
    looked_over(page)
    assert stage.scan(read(page))["verdict"] == "admitted"
    page.goto(stage.offered("wide@example.com")[1])
    looked_over(page)
    page.click("text=Take the ticket")
    looked_over(page)
    page.click("text=My tickets")
    looked_over(page)
