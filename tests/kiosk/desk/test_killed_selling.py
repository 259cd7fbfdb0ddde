"""A door that is killed while it sells: of every sale there is all or nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from domain.clock import Instant
from domain.ids import EventId
from domain.sync import Kind
from kiosk.store.store import Store
from tests.kiosk.desk.selling import SEATS
from tests.kiosk.sample import EVENT

_ROOT = Path(__file__).parents[3]


def sell_until_killed(folder: Path, lines: int) -> list[tuple[str, str]]:
    """What it said was done, before `SIGKILL` met it at whatever it was doing then."""
    command = [sys.executable, "-m", "tests.kiosk.desk.selling", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        assert process.stdout is not None
        seen = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        seen += [line for line in process.stdout.readlines() if line.endswith("\n")]
    return [(what, op) for what, op in (line.split() for line in seen)]


@pytest.mark.parametrize("lines", [1, 2, 3, 24, 61])
def test_seat_act_entry_and_money_are_there_together_after_kill_9(tmp_path: Path, lines: int) -> None:
    said = sell_until_killed(tmp_path, lines)
    store = Store(tmp_path)
    acts = store.outbox.waiting(1_000_000)
    sold = [act.op for act in acts if act.kind == Kind.TICKET_SELL]
    back = [str(act.payload["sale"]) for act in acts if act.kind == Kind.TICKET_TAKE_BACK]
    assert {op for what, op in said if what == "sold"} <= set(sold)
    assert {op for what, op in said if what == "back"} <= set(back)
    # At most the one that it was at when it died.
    assert len(sold) + len(back) - len(said) in (0, 1)
    [total] = store.takings.totals(Instant(0))
    assert (total.count, total.backs) == (len(sold), len(back))
    [lease] = store.seats.of(EventId(EVENT.id))
    assert (lease.seats, lease.sold) == (SEATS, len(sold))
    noted = store.door.recent(1_000_000)
    assert {each.scan.op for each in noted if not each.scan.undoes} == set(sold)
    assert {each.scan.undoes for each in noted if each.scan.undoes} == set(back)
    store.close()
