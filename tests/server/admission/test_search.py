"""Looking a guest up at the door."""

from domain.clock import rfc3339
from tests.server.admission.venue import EVENT, Venue
from tests.server.office import problem


async def test_a_guest_is_found_by_beginnings_of_words_of_name_mail_and_order(venue: Venue) -> None:
    world = venue.world
    await world.ticket(name="Ingrid Bergman", email="ingrid@example.org", order_number="ORD-77")
    await world.ticket(name="Zoë Sánchez-O'Neill", email="zs@example.net")
    await world.ticket(name="김민준")
    for wanted in ("ber", "INGR", "ingrid@exa", "ord-77", "bergman ingrid"):
        assert await venue.found(wanted) == ["Ingrid Bergman"], wanted
    for wanted in ("zoe", "ZOË", "sanch", "sánch", "Sa\u0301nchez", "o'neill", "zoe san"):
        assert await venue.found(wanted) == ["Zoë Sánchez-O'Neill"], wanted
    assert await venue.found("김민준") == ["김민준"]
    for wanted in ("ergman", "bergmann", "ingrid sanchez", "!!!", "' OR 1=1 --", '"*"', "%%%", "___"):
        assert await venue.found(wanted) == [], wanted


async def test_a_guest_is_found_by_the_beginning_of_a_code(venue: Venue) -> None:
    world = venue.world
    ours = [await world.ticket() for _ in range(3)]
    await world.ticket(code="Shop_7-ABC", foreign_code="Shop_7-ABC", name="Foreign")
    for code, name in zip(ours, ("Person 1", "Person 2", "Person 3"), strict=True):
        for wanted in (code[:10], code[:10].lower(), code[:60], code, f"]Q3{code}\r\n"):
            assert await venue.found(wanted) == [name], wanted
    for wanted in ("Sho", "Shop_7-ABC", "Shop_7"):
        assert await venue.found(wanted) == ["Foreign"], wanted
    await world.ticket(code="CODE-9", foreign_code="CODE-9", name="Upper")
    assert await venue.found("code-9") == ["Upper"]
    for wanted in (ours[0][:4], "ShopX7", "7-ABC", world.code(1, event=2), world.code(1, key=99)):
        assert await venue.found(wanted) == [], wanted


async def test_what_is_found_says_whether_they_are_inside_and_since_when(venue: Venue) -> None:
    code = await venue.world.ticket("vip", name="Ana", seat="A 4")
    await venue.world.ticket(name="Anton")
    await venue.scan(code, opId="in")
    await venue.scan(code, direction="exit", opId="out")
    await venue.undo("out")
    answer = await venue.client.get(f"{EVENT}/search?q=ana", headers=dict(venue.door.headers))
    [found] = answer.json()["items"]
    assert (found["ticket"]["id"], found["ticket"]["seat"], found["ticket"]["type"]["id"]) == (
        "org-1-t1", "A 4", "vip",
    )  # fmt: skip
    assert (found["inside"], found["lastScan"]) == (True, rfc3339(venue.clock()))


async def test_three_letters_are_needed_and_pages_hold_everybody_once(venue: Venue) -> None:
    for n in range(5):
        await venue.world.ticket(name=f"Ana {n}")
    headers = dict(venue.door.headers)
    for wanted in ("", "an"):
        answer = await venue.client.get(f"{EVENT}/search", params={"q": wanted}, headers=headers)
        assert problem(answer) == (422, "invalid")
    pages = await venue.pages("search", headers, q="ana", limit=2)
    assert [[found["ticket"]["name"] for found in page] for page in pages] == [
        ["Ana 0", "Ana 1"], ["Ana 2", "Ana 3"], ["Ana 4"],
    ]  # fmt: skip
