"""Booking, moving and cancelling an appointment in a real browser, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lobby import Lobby
from tests.browser.stage import Stage, looked_over


def service(stage: Stage, id_: str, **said: object) -> str:
    """The page of a service at a service point of its own."""
    lobby = Lobby.open(stage, f"at-{id_}", zone="Europe/Berlin")
    body = {
        "id": id_,
        "name": {"en": "Bicycle check", "ar": "فحص الدراجة"},
        "servicePoint": lobby.point,
        "durationMinutes": 120,
        "grid": "clock",
        "price": 3900,
        **said,
    }
    lobby.post("definitions", body)
    return f"/book/{id_}"


@pytest.mark.parametrize(("language", "scheme", "scripts"), [("en", "light", True), ("ar", "dark", True)])
def test_a_visitor_books_moves_and_cancels(stage: Stage, language: str, scheme: str, scripts: bool) -> None:
    address = service(stage, f"check-{language}")
    phone = stage.page(locale=language, color_scheme=scheme, java_script_enabled=scripts)
    phone.goto(address)
    looked_over(phone)
    phone.click(".days a:nth-child(2)")
    day = phone.locator("[aria-current=true].chip").inner_text()
    phone.click(".times button:nth-child(2)")
    looked_over(phone)
    phone.fill("#name", "Ada Lovelace")
    phone.fill("#email", "ada@example.com")
    phone.click("main button[type=submit]")
    expect(phone).to_have_url(re.compile("/booking/"))
    expect(phone.locator(".notice.good")).to_contain_text("ada@example.com")
    looked_over(phone)
    before = phone.locator("time").inner_text()
    phone.click("main a[href$='/move']")
    looked_over(phone)
    assert phone.locator("[aria-current=true].chip").inner_text() != day
    # Of the first day there may be little left, whenever this runs.
    phone.click(".days a:nth-child(3)")
    phone.click(".times button:nth-child(3)")
    expect(phone.locator("time")).not_to_have_text(before)
    phone.click("#cancel summary")
    looked_over(phone)
    phone.click("#cancel-now")
    expect(phone.locator("main a.button")).to_have_attribute("href", re.compile("^/book/"))
    looked_over(phone)


def test_a_time_that_somebody_took_meanwhile_is_said_and_another_one_offered(stage: Stage) -> None:
    address = service(stage, "race")
    slow, quick = stage.page(java_script_enabled=False), stage.page()
    for phone in (slow, quick):
        phone.goto(address)
        phone.click(".days a:nth-child(2)")
    for phone in (quick, slow):
        phone.click(".times button:nth-child(1)")
    expect(quick.locator("#email")).to_be_visible()
    expect(slow.locator(".notice.warn")).to_contain_text("not free any more")
    slow.click(".times button:nth-child(1)")
    expect(slow.locator("#email")).to_be_visible()
