"""How fast a kiosk answers on its own: a verdict by code, and a search by name, in a copy of many tickets."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.result import Result, Row
from bench.sample_copy import EVENT, LIST_ID, SIGNED, code, write_copy
from bench.timing import timed
from domain import admission
from domain.admission import Asked
from domain.clock import Instant
from domain.ids import ListId, TicketId
from kiosk.store.store import Store

_NOW = Instant(1_778_414_400_000)


def run(tickets: int = 1_000_000, *, lookups: int = 5_000, seed: int = 7) -> Result:
    """Builds a copy with so many tickets, then asks it `lookups` times each way. Times in milliseconds."""
    rng = random.Random(seed)  # noqa: S311
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    with tempfile.TemporaryDirectory(prefix="usher-bench-") as folder:
        store = Store(Path(folder))
        began = perf_counter()
        write_copy(store.copies.shelf.unpacked(EVENT), tickets, key)
        built, began = perf_counter() - began, perf_counter()
        store.adopt(EVENT, store.copies.shelf.unpacked(EVENT))
        adopted = perf_counter() - began
        rows = tuple(_measured(store, tickets, lookups, rng, key))
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        store.close()
    note = (
        f"the copy has {size / 1e6:,.0f} MB; it was built in {built:.1f} s and taken over in {adopted:.1f} s"
    )
    return Result(f"look-up in {tickets:,} cached tickets", rows, (note,))


def _measured(
    store: Store, tickets: int, lookups: int, rng: random.Random, key: Ed25519PrivateKey
) -> Iterator[Row]:
    def decide(text: object) -> None:
        _verdict(store, str(text))

    def search(text: object) -> None:
        store.tickets.search(str(text), 20)

    known = [code(SIGNED * rng.randint(1, tickets // SIGNED), key) for _ in range(lookups)]
    unseen = [code(tickets + number, key) for number in range(lookups)]
    yield timed("verdict by code, known", known, decide)
    yield timed("verdict by code, never seen (signature)", unseen, decide)
    yield timed("verdict by code, of another system", range(lookups), decide)
    names = [_name(store, rng.randint(1, tickets)) for _ in range(lookups)]
    for letters in (3, 4, 6):
        yield timed(f"search, {letters} letters", [name[:letters] for name in names], search)
    yield timed("search, a whole name", names, search)
    yield timed("figures, first time", [LIST_ID], lambda list_: store.door.figures(ListId(list_), _NOW))
    yield timed("figures", [LIST_ID] * 200, lambda list_: store.door.figures(ListId(list_), _NOW))


def _verdict(store: Store, text: str) -> admission.Verdict:
    gathered = store.tickets.gather(text, _NOW)
    lists = tuple(store.tickets.catalog().lists.values())
    return admission.decide(Asked(_NOW), gathered.found, lists, gathered.past)


def _name(store: Store, number: int) -> str:
    ticket = store.tickets.ticket(TicketId(f"t{number}"))
    return ticket.name if ticket else ""
