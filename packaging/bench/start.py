"""From the start of the process to a ready scan page."""

import os
import tempfile
import time
from pathlib import Path
from statistics import median

from bench import processes
from bench.result import Result, Row
from demo.programs import Kiosk

_RUNS = 7


def run(tickets: int = 2_000) -> Result:
    """Pairs a kiosk with an event of so many tickets, then starts it again and again: seconds until its
    scan page is on the screen and takes scans."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with (
        tempfile.TemporaryDirectory(dir=processes.DISK) as folder,
        processes.served(Path(folder) / "server", tickets) as server,
    ):
        kiosk = Kiosk("Bench door", Path(folder) / "kiosk")
        _pair(kiosk, server)
        times = sorted(_start(kiosk) for _ in range(_RUNS))
    values = {"median s": median(times), "fastest s": times[0], "slowest s": times[-1], "runs": _RUNS}
    return Result("start", (Row("process start to ready scan page", values),), ("the server runs beside it",))


def _pair(kiosk: Kiosk, server: processes.Served) -> None:
    event = f"event:{server.entries('events')[0]['id']}"
    kiosk.start("--pair", server.invite("door", [event]))
    kiosk.hear("copied")
    kiosk.quit()


def _start(kiosk: Kiosk) -> float:
    began = time.perf_counter()
    kiosk.start()
    kiosk.hear("face", face="door")
    taken = time.perf_counter() - began
    kiosk.quit()
    return taken
