"""Answering an invitation in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage, looked_over


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("ar", False), ("de", True)])
def test_an_invitation_is_answered_and_the_answer_changed(stage: Stage, language: str, scripts: bool) -> None:
    stage.session(
        "walk", {"en": "A walk by the water", "de": "Spaziergang am Wasser", "ar": "نزهة على الماء"}
    )
    page = stage.page(locale=language, java_script_enabled=scripts)
    page.goto(stage.invited(f"{language}@example.com"))
    if scripts:
        looked_over(page)
    page.check("input[name=session][value=walk]")
    page.click("button[value=accepted]")
    expect(page.locator("p.notice.good")).to_be_visible()
    expect(page.locator("input[value=walk]")).to_be_checked()
    if scripts:
        looked_over(page)
    page.click("button[value=declined]")
    expect(page.locator("p.notice.good")).to_have_count(0)
    expect(page.locator("button[value=declined]")).to_have_count(0)
    expect(page.locator("input[value=walk]")).not_to_be_checked()
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("ar", True), ("de", False)])
def test_who_holds_a_ticket_chooses_sessions_from_its_page(
    stage: Stage, language: str, scripts: bool
) -> None:
    stage.session(
        "walk", {"en": "A walk by the water", "de": "Spaziergang am Wasser", "ar": "نزهة على الماء"}
    )
    page = stage.page(locale=language, java_script_enabled=scripts)
    page.goto(stage.offered(f"holder-{language}@example.com")[1])
    page.click("main button[type=submit]")
    page.click("a[href$='/sessions']")
    page.check("input[name=session][value=walk]")
    page.check("input[name=seen][value=name]")
    if scripts:
        looked_over(page)
    page.click("main button[type=submit]")
    expect(page.locator("p.notice.good")).to_be_visible()
    expect(page.locator("input[value=walk]")).to_be_checked()
    expect(page.locator("input[value=name]")).to_be_checked()
