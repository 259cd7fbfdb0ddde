"""However scans and undos arrive, and however often: what is known in the end is the same."""

from typing import Any, NamedTuple

from anyio import from_thread, to_thread
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.clock import MINUTE, Instant
from tests.server.admission.venue import Venue, alone, alone_undo


class Act(NamedTuple):
    """What a kiosk did alone: an entry or an exit."""

    minute: int
    direction: str
    forced: bool


_directions = st.sampled_from(["entry", "entry", "entry", "exit"])
_scans = st.builds(Act, st.integers(0, 40), _directions, st.sampled_from([False, False, False, True]))
_acts = st.lists(_scans, min_size=3, max_size=6, unique_by=lambda act: act.minute)


async def test_arrival_order_never_matters(venue: Venue) -> None:
    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.data())
    def law(data: st.DataObject) -> None:
        acts = data.draw(_acts, label="acts")
        numbers = range(len(acts))
        undone = data.draw(st.lists(st.sampled_from(numbers), unique=True, max_size=2), label="undone")
        orders = [data.draw(st.permutations(numbers), label="arrival") for _ in range(2)]
        known = [from_thread.run(arrive, venue, acts, undone, order) for order in orders]
        assert known[0] == known[1]

    await to_thread.run_sync(law)


async def arrive(venue: Venue, acts: list[Act], undone: list[int], order: list[int]) -> dict[str, Any]:
    """Uploads the acts on a ticket of their own in this order, some of them twice; what is known then."""
    start = Instant(venue.clock() - 60 * MINUTE)
    code = await venue.world.ticket()
    ticket = venue.world.issued
    uploads = []
    for number in order:
        act, op = acts[number], f"t{ticket}-{number}"
        at = Instant(start + act.minute * MINUTE)
        uploads.append(alone(op, at, code=code, direction=act.direction, forced=act.forced))
        if number in undone:
            uploads.append(alone_undo(f"{op}-undo", at, op))
    for part in (uploads, uploads[::-2]):
        for answer in await venue.upload(*part):
            assert answer["status"] != "rejected", answer
    headers = venue.world.staff("door")
    pages = await venue.pages("history", headers, limit=500)
    mine = {scan["opId"]: scan for page in pages for scan in page if scan["ticket"] == f"org-1-t{ticket}"}
    verdict = await venue.scan(code, simulate=True)
    return {
        "scans": {
            op.partition("-")[2]: (scan["mark"] == "double", scan["other"].partition("-")[2])
            for op, scan in mine.items()
        },
        "verdict": (verdict["verdict"], verdict["reason"]),
        "first": verdict["first"] and verdict["first"]["opId"].partition("-")[2],
    }
