"""A customer follows a repair and answers the estimate, in a real browser, with and without scripts."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.lobby import Lobby
from tests.browser.stage import Stage, looked_over

ROUTES = "/api/crm/reservations/service-request"
NOTES = [{"text": "The charging port is worn out. The rest is in good order.", "public": True}]
PARTS = [{"text": "Charging port", "quantity": 1, "price": 2490}]
LABOUR = [{"text": "Fitting and test", "minutes": 45, "rate": 6000}]


def waiting(stage: Stage, point: str) -> tuple[str, dict[str, Any]]:
    """A request at a service point of its own whose estimate waits for an answer: its page, and the whole."""
    lobby = Lobby.open(stage, point, zone="Europe/Berlin")
    device = {"type": "Phone", "brand": "Acme", "model": "X5"}
    body = {
        "servicePoint": lobby.point,
        "customer": {"name": "Ada Lovelace", "email": "ada@example.com"},
        "device": device,
        "problem": "It does not charge.",
        "promised": "2099-05-18T15:00:00Z",
    }
    of = lobby.post("service-request-queue/join", body)
    estimate = {"high": 9000, "validUntil": "2099-05-12T16:00:00Z"}
    for change in (
        {"state": "triage"},
        {"state": "diagnostics", "notes": NOTES},
        {"state": "waiting_approval", "parts": PARTS, "labour": LABOUR, "estimate": estimate},
    ):
        of = changed(stage, of, **change)
    return str(of["link"]).removeprefix(stage.address), of


def changed(stage: Stage, of: dict[str, Any], **change: object) -> dict[str, Any]:
    staff = stage.world.staff("desk")
    answer = httpx.put(f"{stage.address}{ROUTES}/update/{of['id']}", json=change, headers=staff)
    assert answer.is_success, answer.text
    return dict(answer.json())


@pytest.mark.parametrize(("language", "scheme", "scripts"), [("en", "light", False), ("ar", "dark", True)])
def test_a_customer_approves_an_estimate(stage: Stage, language: str, scheme: str, scripts: bool) -> None:
    page, of = waiting(stage, f"repair-{language}")
    phone = stage.page(locale=language, color_scheme=scheme, java_script_enabled=scripts)
    phone.goto(page)
    expect(phone.locator("#estimate")).to_contain_text("Charging port")
    if scripts:
        looked_over(phone)
    phone.click("#approve")
    expect(phone.locator(".notice.good")).to_be_visible()
    expect(phone.locator("form")).to_have_count(0)
    if scripts:
        looked_over(phone)
    phone.reload()
    expect(phone.locator(".notice.good")).to_be_visible()
    assert changed(stage, of, state="waiting_parts")["estimate"]["approval"]["by"] == "Ada Lovelace"


def test_a_customer_declines_only_what_they_saw(stage: Stage) -> None:
    page, of = waiting(stage, "repair-no")
    phone = stage.page()
    phone.goto(page)
    phone.click("#reject summary")
    phone.fill("#reason", "Too dear")
    looked_over(phone)
    changed(stage, of, labour=[], estimate={})
    phone.click("#reject-now")
    expect(phone).to_have_url(re.compile("changed=1"))
    expect(phone.locator(".notice.warn")).to_be_visible()
    phone.click("#reject summary")
    phone.click("#reject-now")
    expect(phone.locator("#estimate .notice")).to_contain_text("You declined")
    looked_over(phone)
