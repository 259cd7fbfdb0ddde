"""Tickets from their pages onto paper."""

import numpy as np
import pypdfium2
from httpx import Response

from kiosk.devices.decoder import decode
from tests.server.customer.pages.reader import Reader, links
from tests.server.customer.pages.test_order_pages import EVE, ORDER, ordered, paid
from tests.server.orders.shop import Shop


def printed(answer: Response) -> list[tuple[str, list[str]]]:
    """What stands on each sheet, and what a kiosk reads from it."""
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    sheets = pypdfium2.PdfDocument(answer.content)
    return [
        (
            page.get_textpage().get_text_range(),
            [each.text for each in decode(np.asarray(page.render(scale=2).to_numpy(), np.uint8), budget=2)],
        )
        for page in sheets
    ]


async def test_the_tickets_of_an_order_are_printed_one_by_one_and_together(
    shop: Shop, reader: Reader
) -> None:
    place = await ordered(reader, **{"n.seat.1": "Bob"})
    assert links(await reader.get(place), f"{place}/tickets.pdf") == []
    await paid(shop)
    page = await reader.get(place)
    [all_of_them] = links(page, f"{place}/tickets.pdf")
    together = printed(await reader.get(all_of_them))
    single = []
    for ticket in links(page, "/t/"):
        [own] = links(await reader.get(ticket), f"{ticket}/")
        answer = await reader.get(own)
        assert 'filename="tickets.pdf"' in answer.headers["content-disposition"]
        single += printed(answer)
    assert together == single
    assert ["Eve" in together[0][0], "Bob" in together[1][0]] == [True, True]
    codes = [code for _, found in together for code in found]
    for number, code in enumerate(codes):
        body = {"code": code, "lists": ["main"], "opId": f"op-{number}"}
        door = shop.world.staff("door")
        seen = (await shop.client.post("/api/events/check-in", json=body, headers=door)).json()
        assert seen["verdict"] == "admitted"
    assert len(set(codes)) == 2


async def test_only_what_lets_somebody_in_is_printed(shop: Shop, reader: Reader) -> None:
    await shop.tier("turning", rotating=True)
    place = (await reader.send(ORDER, {"q.turning": "1", **EVE})).headers["location"]
    page = await reader.get(place)
    assert links(page, f"{place}/tickets.pdf") == []
    await reader.get(f"{place}/tickets.pdf", 404)
    [ticket] = links(page, "/t/")
    plain = ticket.partition("?")[0]
    assert links(await reader.get(ticket), f"{plain}/") == []
    await reader.get(f"{plain}/ticket.pdf", 404)
    await reader.get("/t/nonsense/ticket.pdf", 404)
    await reader.get("/order/nonsense/tickets.pdf", 404)


async def test_paper_speaks_the_language_of_its_reader(shop: Shop, reader: Reader) -> None:
    place = await ordered(reader)
    await paid(shop)
    answer = await reader.get(f"{place}/tickets.pdf", accept_language="es")
    assert 'filename="entradas.pdf"' in answer.headers["content-disposition"]
    [(said, _), _] = printed(answer)
    assert "Muestre este código en el acceso" in " ".join(said.split())
