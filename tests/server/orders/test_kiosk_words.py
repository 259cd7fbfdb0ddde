"""What the kiosk makes of the server's answers about orders and seats, and the server of its sales."""

from pathlib import Path

from domain.clock import rfc3339
from domain.ids import EventId, TicketTypeId
from kiosk.desk.walk_in import Buyer, Sold
from kiosk.sync import seating, till_wire
from kiosk.sync.till_wire import OrderLine
from tests.kiosk.desk.doors import SampleDoor
from tests.kiosk.sample import EVENT, sample_event
from tests.server.orders.shop import Shop
from tests.server.orders.stall import open_stall


async def test_an_order_is_read_in_each_of_its_states(shop: Shop) -> None:
    id_ = await shop.bought(2)
    listed = await shop.client.get(shop.till, params={"text": "ada"}, headers=shop.desk)
    [seen] = till_wire.orders(listed.json())
    assert (seen.id, seen.event, seen.state, seen.total, seen.currency) == (
        id_, shop.world.event, "pending", 5000, "EUR",
    )  # fmt: skip
    assert seen.lines == (OrderLine("Seat", 2, 2500),)
    paid = till_wire.order((await shop.staff(id_, "pay", method="card", receipt="Z-77")).json())
    assert (paid.state, paid.method, paid.receipt, paid.by_hand) == ("confirmed", "card", "Z-77", True)
    assert till_wire.order(await shop.order(id_)) == paid
    back = till_wire.order((await shop.staff(id_, "refund")).json())
    assert (back.state, back.receipt, back.by_hand) == ("refunded", "", False)


async def test_a_sale_of_a_kiosk_is_taken_as_it_was_made(shop: Shop, tmp_path: Path) -> None:
    await shop.tier("seat", atDoor=True, perks=["Tote bag"])
    stall = await open_stall(shop)
    answer = await stall.ask(3)
    [lease] = [seating._lease(EventId(EVENT.id), each) for each in answer.json()["items"]]
    assert (lease.seats, lease.available, lease.price, lease.perks) == (3, 7, 2500, ("Tote bag",))

    door = SampleDoor(tmp_path, sample_event(1), gate="North")
    door.clock.at = shop.clock()
    door.store.seats.keep(EventId(EVENT.id), [lease])
    sold = door.walk_in.sell(TicketTypeId("seat"), "cash", Buyer("Grace", "grace@example.com", "de"))
    assert isinstance(sold, Sold)
    [act] = door.store.outbox.waiting()
    door.close()

    # The sample's event and list have names of their own.
    payload = {**act.payload, "event": shop.world.event, "lists": ["main"], "list": "main"}
    [told] = await stall.tell(
        {
            "opId": act.op, "kind": act.kind, "at": rfc3339(act.at), "deviceSeq": act.sequence,
            "payload": payload,
        }
    )  # fmt: skip
    assert (told["status"], told["detail"]["number"]) == ("applied", sold.number)
    order = await shop.order(str(payload["orderId"]))
    assert (order["name"], order["language"], order["tickets"][0]["id"]) == (
        "Grace", "de", payload["ticketId"],
    )  # fmt: skip
