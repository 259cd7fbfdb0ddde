"""What holds for every page: headers, forms of other sites, faults, files, texts."""

import re

import orjson
import pytest
from fastapi.routing import APIRoute
from httpx import ASGITransport, AsyncClient

from server.app import create_app
from server.customer.pages import routes
from server.pages import static
from server.queues.pages import routes as queue_pages
from server.texts import LANGUAGES, PUBLIC
from tests.server.auth.test_limits import Full
from tests.server.customer.pages.reader import Reader, words
from tests.server.office import problem
from tests.server.orders.shop import Shop

_OWN = {"Origin": "http://usher.test"}
PAGES = ("/o/org-1", "/e/org-1-evt-1", "/e/org-1-evt-1/order?q.seat=1", "/my", "/sign-in/x", "/nothing")


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_runs_no_script_of_others_and_stands_in_no_frame(
    shop: Shop, reader: Reader, page: str
) -> None:
    answer = await reader.get(page, 404 if page == "/nothing" else 200)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|\bon[a-z]+=", answer.text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://usher.test.evil.example", ""])
async def test_a_form_of_another_site_is_refused(shop: Shop, reader: Reader, origin: str) -> None:
    headers = {"Origin": origin} if origin else {}
    for path in (
        "/my/sign-in",
        "/my/sign-out",
        "/e/org-1-evt-1/order",
        "/order/x/cancel",
        "/sign-in/x",
        "/i/x",
    ):
        answer = await reader.client.post(path, data={"email": "eve@example.com"}, headers=headers)
        assert problem(answer) == (403, "foreign_form"), path


async def test_a_browser_gets_faults_as_pages_and_a_program_as_problems(shop: Shop, reader: Reader) -> None:
    page = await reader.get("/e/none", 404, accept_language="de")
    assert "Hier ist nichts" in words(page)
    assert problem(await reader.client.get("/e/none", headers={"Accept": "application/json"})) == (
        404,
        "not_found",
    )
    assert problem(await reader.get("/api/nothing", 404)) == (404, "not_found")
    assert "That did not work" in words(await reader.send("/o/org-1", status=405))


async def test_a_fault_of_ours_is_told_kindly_and_says_nothing_of_itself(
    shop: Shop, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("server.customer.pages.events.shown_event", broken)
    answer = await reader.get("/e/org-1-evt-1", 500)
    assert "Something broke on our side" in words(answer)
    assert "secret" not in answer.text


async def test_who_asks_too_often_waits(shop: Shop) -> None:
    limited = shop.app.state.settings.model_copy(update={"rate_limits": True})
    app = create_app(limited, shop.world.database, shop.clock)
    transport = ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://usher.test") as client,
    ):
        reader = Reader(client)
        for _ in range(6):
            await reader.send("/my/sign-in", {"email": "eve@example.com", "org": "org-1"})
        answer = await reader.send("/my/sign-in", {"email": "eve@example.com", "org": "org-1"}, 429)
        assert "One moment, please" in words(answer)
        assert int(answer.headers["retry-after"]) > 0


async def test_every_page_is_limited(shop: Shop) -> None:
    limited = shop.app.state.settings.model_copy(update={"rate_limits": True})
    app = create_app(limited, shop.world.database, shop.clock)
    app.state.calls = Full(shop.clock)
    pages = [
        (method, route.path.replace("{", "").replace("}", ""))
        for router in (*routes.ROUTERS, *queue_pages.ROUTERS, static.router)
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    ]
    assert len(pages) >= 28
    async with AsyncClient(transport=ASGITransport(app), base_url="http://usher.test") as client:
        statuses = {page: (await client.request(*page, headers=_OWN)).status_code for page in pages}
    assert statuses == dict.fromkeys(pages, 429)


async def test_files_are_kept_for_good_under_the_name_of_their_content(shop: Shop, reader: Reader) -> None:
    for name in ("style.css", "ticket.js", "vendor/qrcode-generator/qrcode.mjs"):
        answer = await reader.get(static.address(name))
        assert "immutable" in answer.headers["cache-control"]
        again = await reader.get(f"/static/{name}", 304, if_none_match=answer.headers["etag"])
        assert again.content == b""
    assert (await reader.get(static.address("ticket-worker.js"))).headers["service-worker-allowed"] == "/t/"
    for outside in (
        "/static/../texts/en.json",
        "/static/%2e%2e/texts/en.json",
        "/static/none.css",
        "/static/",
    ):
        await reader.get(outside, 404)


def test_every_sentence_of_a_page_is_there_in_every_language() -> None:
    english = _sentences("en")
    assert len(english) > 140
    for language in LANGUAGES:
        said = _sentences(language)
        assert said.keys() == english.keys(), language
        for key, sentence in said.items():
            assert set(re.findall(r"{\w+}", sentence)) == set(re.findall(r"{\w+}", english[key])), (
                language,
                key,
            )


def _sentences(language: str) -> dict[str, str]:
    texts = orjson.loads((PUBLIC / f"{language}.json").read_bytes())
    return {key: text for key, text in texts.items() if key.startswith("page.")}
