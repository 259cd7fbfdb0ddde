"""What can be bought of an event now: tiers as a page offers them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from domain.clock import Instant
from server.events.store import Event
from server.ticketing import issuing, types
from server.ticketing.types import Tier

QUANTITY = "q."
"""Before the id of an offer, in the name of the field that says how many."""

Standing = Literal["open", "soon", "over", "sold_out"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A tier. `left` None is any number; `choices` are the quantities that one order may hold."""

    id: str
    name: str
    description: Mapping[str, str]
    colour: str
    price: int
    currency: str
    perks: tuple[str, ...]
    left: int | None
    standing: Standing
    sale_from: Instant | None
    sale_until: Instant | None
    choices: tuple[int, ...]


def offers(connection: Connection, event: Event, now: Instant) -> tuple[Offer, ...]:
    """The tiers that customers see, in the organiser's order."""
    tiers = [tier for tier in types.tiers(connection, event.org, event.id) if tier.sold]
    left = issuing.left(connection, event.org, event.id, tiers, now)
    return tuple(_offer(tier, left[tier.id], now) for tier in tiers)


@dataclass(frozen=True, slots=True)
class Prices:
    """From what to what the tickets cost that customers may buy now."""

    least: int
    most: int
    currency: str


def prices(connection: Connection, org: str, events: Sequence[Event], now: Instant) -> dict[str, Prices]:
    """By event; none for one that sells nothing now, or in several currencies."""
    found = {}
    for id_, tiers in types.of_events(connection, org, [event.id for event in events]).items():
        asked = [(tier.price, tier.currency) for tier in tiers if tier.on_sale(now)]
        if len({currency for _, currency in asked}) == 1:
            (low, currency), (high, _) = min(asked), max(asked)
            found[id_] = Prices(low, high, currency)
    return found


def _offer(tier: Tier, left: int | None, now: Instant) -> Offer:
    most = tier.max_per_order if left is None else min(tier.max_per_order, left)
    return Offer(
        id=tier.id,
        name=tier.name,
        description=tier.description,
        colour=tier.colour,
        price=tier.price,
        currency=tier.currency,
        perks=tier.perks,
        left=left,
        standing=_standing(tier, left, now),
        sale_from=tier.sale_from,
        sale_until=tier.sale_until,
        choices=(0, *range(tier.min_per_order, most + 1)),
    )


def _standing(tier: Tier, left: int | None, now: Instant) -> Standing:
    if tier.sale_until is not None and tier.sale_until <= now:
        return "over"
    if left is not None and left < tier.min_per_order:
        return "sold_out"
    if tier.sale_from is not None and now < tier.sale_from:
        return "soon"
    return "open"
