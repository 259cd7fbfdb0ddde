"""Pictures of an event in a real browser: added from a phone, looked at, refused in plain words."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import EVENT, Stage, looked_over
from tests.server.events.gallery.samples import jpeg


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """More than a picture may have."""
    path = tmp_path / "large.jpg"
    path.write_bytes(jpeg() + bytes(25 * 2**20))
    return path


def add(page: Page, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "from the camera.jpg"
    path.write_bytes(data)
    page.set_input_files("#picture", path)
    page.click("main form button[type=submit]")


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("ar", True), ("de", False)])
def test_a_guest_adds_a_picture_and_looks_at_it(
    stage: Stage, tmp_path: Path, language: str, scripts: bool
) -> None:
    page = stage.page(locale=language, java_script_enabled=scripts)
    page.goto(stage.guests())
    before = page.locator(".shots img").count()
    add(page, tmp_path, jpeg(1200 + len(language) * 10 + scripts, 700 + ord(language[0])))
    expect(page.locator("p.notice.good")).to_be_visible()
    expect(page.locator(".shots img")).to_have_count(before + 1)
    if scripts:
        looked_over(page)
        assert page.evaluate("document.querySelector('.shots img').naturalWidth") == 512
    page.click(".shots a >> nth=0")
    expect(page.locator("figure img")).to_be_visible()
    if scripts:
        looked_over(page)
        assert page.evaluate("document.querySelector('figure img').naturalWidth") > 1200


def test_a_picture_that_is_too_large_is_not_even_sent(stage: Stage, large: Path) -> None:
    page = stage.page()
    page.goto(stage.guests())
    page.set_input_files("#picture", large)
    expect(page.locator("#picture-wrong")).to_have_text(re.compile("too large"))
    looked_over(page)
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.click("main form button[type=submit]")
    page.wait_for_timeout(300)
    assert sent == []
    page.set_input_files("#picture", [])
    expect(page.locator("#picture-wrong")).to_have_text("")


def test_without_scripts_the_server_says_so_on_a_page(stage: Stage, large: Path) -> None:
    page = stage.page(java_script_enabled=False)
    page.goto(stage.guests())
    page.set_input_files("#picture", large)
    page.click("main form button[type=submit]")
    expect(page.locator("h1")).to_have_text("Too large")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_no_picture_is_refused_beside_its_field(stage: Stage, tmp_path: Path, scripts: bool) -> None:
    page = stage.page(java_script_enabled=scripts)
    page.goto(stage.guests())
    add(page, tmp_path, b"<svg onload=alert(1)>")
    expect(page.locator("#picture-wrong")).to_have_text(re.compile("cannot be read"))
    expect(page.locator("#picture")).to_have_attribute("aria-invalid", "true")
    if scripts:
        looked_over(page)


def test_who_holds_a_ticket_finds_the_gallery_and_strangers_do_not(stage: Stage, tmp_path: Path) -> None:
    _, link = stage.offered("carla@example.com")
    page = stage.page()
    page.goto(f"{EVENT}/gallery")
    looked_over(page)
    expect(page.locator("input[type=file]")).to_have_count(0)
    page.goto(link)
    page.click("text=Take the ticket")
    page.click("text=Pictures")
    stage.clock.forward(1_000)
    add(page, tmp_path, jpeg(900, 600))
    expect(page.locator("p.notice.good")).to_be_visible()
    page.click(".shots a >> nth=0")
    looked_over(page)
    page.click("text=Delete my picture")
    expect(page).to_have_url(re.compile(r"/gallery$"))


def test_an_event_shows_its_cover(stage: Stage) -> None:
    stage.cover(jpeg(1600, 900))
    page = stage.page()
    for path, alt in ((EVENT, "Picture of Summit"), ("/o/org-1", "")):
        page.goto(path)
        expect(page.locator("img.cover")).to_have_attribute("alt", alt)
        assert page.evaluate("document.querySelector('img.cover').naturalWidth") > 0
        looked_over(page)
