"""Runs the whole demonstration and says what came of it."""

import os
import shutil
from pathlib import Path

from rich.console import Console

from demo.booking import BookingPlay
from demo.door import DoorPlay
from demo.queue import QueuePlay
from demo.repair import RepairPlay
from demo.stage import build
from demo.steps import Record


def run(folder: Path, *, headless: bool, tickets: int = 2_000) -> bool:
    """Plays every scene, writes `summary.json` and pictures to `folder`; whether all did what it should."""
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    console = Console()
    record = Record(folder, console)
    console.print("[bold]Usher[/] shows its main job, end to end.\n")
    stage = build(work, tickets)
    door, queue = DoorPlay(stage, record), QueuePlay(stage, record)
    booking = BookingPlay(stage, record, queue)
    repair = RepairPlay(stage, record, queue)
    try:
        record.step("pair", door.pair)
        record.step(f"first copy of {tickets:,} tickets", door.sync)
        record.step("20 scans online", door.online)
        record.step("20 scans offline, killed in between", door.offline)
        record.step("one ticket at two doors", door.twice)
        record.step("back online", door.back)
        if headless:
            door.close()  # Nobody looks at them any more.
        record.step("open the desk", queue.open)
        record.step("12 people join", queue.join)
        record.step("call, start, complete", queue.serve)
        record.step("no-show after grace, return", queue.miss)
        record.step("undo, transfer", queue.change)
        record.step("serve the rest", queue.rest)
        record.step("book on the page", booking.book)
        record.step("check in at the kiosk", booking.arrive)
        record.step("call and serve the booking", booking.serve)
        record.step("book at the desk", booking.at_the_desk)
        record.step("repair a device, approved on the page", repair.repair)
    finally:
        door.close()
        queue.close()
        booking.close()
        stage.close()
    path = record.write()
    console.print(
        f"\n{'[green]All did what it should.' if record.ok else '[red]Something did not.'}[/] {path}"
    )
    return record.ok
