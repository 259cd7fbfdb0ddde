"""Joining a line and waiting in it, in a real browser; the code on the display leads there."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lobby import Lobby
from tests.browser.stage import Stage, looked_over, read

SCREEN = {"width": 1920, "height": 1080}
CATEGORIES = [
    {"id": "card", "letter": "A", "name": {"en": "Identity card", "ar": "بطاقة الهوية"}},
    {"id": "car", "letter": "B", "name": {"en": "Car registration", "ar": "تسجيل سيارة"}},
]


def screen(stage: Stage, **context: object) -> Page:
    """The page of a display in the lobby."""
    return stage.browser.new_context(base_url=stage.address, viewport=SCREEN, **context).new_page()  # type: ignore[arg-type]


def test_a_visitor_scans_the_display_joins_and_sees_the_call_at_once(stage: Stage) -> None:
    lobby = Lobby.open(stage, "town", categories=CATEGORIES)
    lobby.join(category="card")
    display, phone = screen(stage), stage.page()
    display.goto("/display/town")
    phone.goto(urlsplit(read(display)).path)
    looked_over(phone)
    phone.check("input[value=car]")
    phone.click("text=Take a number")
    expect(phone.locator("h2")).to_have_text("1 person ahead of you")
    looked_over(phone)
    expect(display.locator(".numbers")).to_have_text(re.compile("A001.*B001"))
    first = lobby.call_next()
    expect(phone.locator("h2")).to_have_text("You are next")
    expect(display.locator(".call.fresh")).to_have_text("A001→Counter 1")
    looked_over(display)
    lobby.act("start", first["id"])
    lobby.call_next()
    expect(phone.locator(".place.called .counter")).to_have_text("Counter 1")
    expect(phone).to_have_title("B001 · It is your turn")
    looked_over(phone)


@pytest.mark.parametrize(("language", "scheme", "scripts"), [("ar", "dark", True), ("de", "light", False)])
def test_a_visitor_leaves_the_line(stage: Stage, language: str, scheme: str, scripts: bool) -> None:
    lobby = Lobby.open(stage, f"leave-{language}")
    phone = stage.page(locale=language, color_scheme=scheme, java_script_enabled=scripts)
    phone.goto(lobby.join_page)
    if scripts:
        looked_over(phone)
    phone.click("main button[type=submit]")
    phone.click("#leave summary")
    if scripts:
        looked_over(phone)
    phone.click("#leave-now")
    expect(phone.locator("[data-state=left]")).to_be_visible()
    phone.click("[data-state=left] a.button")
    expect(phone).to_have_url(re.compile(f"/q/leave-{language}$"))


def test_what_is_open_stays_open_while_the_line_moves(stage: Stage) -> None:
    lobby = Lobby.open(stage, "moving")
    lobby.join()
    phone = stage.page()
    phone.goto(lobby.join_page)
    phone.click("text=Take a number")
    phone.click("#leave summary")
    phone.focus("#leave-now")
    lobby.call_next()
    expect(phone.locator("h2")).to_have_text("You are next")
    expect(phone.locator("#leave-now")).to_be_focused()


def test_a_display_says_plainly_that_it_is_old_and_recovers_by_itself(stage: Stage) -> None:
    lobby = Lobby.open(stage, "old")
    display = screen(stage)
    display.route("**/stream*", lambda route: route.abort())
    display.clock.install()
    display.goto("/display/old")
    display.context.set_offline(True)
    expect(display.locator("[data-stale]")).to_be_hidden()
    display.clock.fast_forward(16_000)
    display.clock.run_for(1_000)
    expect(display.locator("[data-stale]")).to_contain_text("No connection")
    expect(display.locator("[data-forecast]")).to_be_hidden()
    looked_over(display)
    lobby.join()
    display.context.set_offline(False)
    display.clock.run_for(17_000)
    expect(display.locator(".numbers")).to_have_text("A001")
    expect(display.locator("[data-stale]")).to_be_hidden()
