"""A kiosk that is killed in the middle of recording has everything that it said was done."""

import subprocess
import sys
from pathlib import Path

from kiosk.store.store import Store

_ROOT = Path(__file__).parents[3]


def record_until_killed(folder: Path, start: int, lines: int) -> list[str]:
    """What the process printed before `SIGKILL` met it, at whatever it was doing then."""
    command = [sys.executable, "-m", "tests.kiosk.store.recorder", str(folder), str(start)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        assert process.stdout is not None
        seen = [process.stdout.readline().strip() for _ in range(lines)]
        process.kill()
        seen += [line.strip() for line in process.stdout.readlines() if line.endswith("\n")]
    return seen


def test_what_was_printed_as_done_is_there_after_kill_9_and_in_order(tmp_path: Path) -> None:
    printed: list[str] = []
    for run, lines in enumerate((1, 7, 40)):
        printed += record_until_killed(tmp_path, run * 100_000, lines)
        store = Store(tmp_path)
        acts = store.outbox.waiting(1_000_000)
        ops = [act.op for act in acts]
        assert [op for op in ops if op in set(printed)] == printed
        # At most the one that it was at when it died.
        assert len(ops) - len(printed) in range(run + 2)
        assert len(set(ops)) == len(ops)
        assert [act.sequence for act in acts] == sorted(act.sequence for act in acts)
        assert {noted.scan.op for noted in store.door.recent(1_000_000)} == set(ops)
        store.close()
