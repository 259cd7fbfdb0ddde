"""A server that is killed in the middle of its work has everything that it said was done, and has it once."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any

from demo.stage import Stage
from tests.faults.callers import Ask, Caller, Told

DOORS, SCANS, BATCHES, TOGETHER = 3, 12, 4, 8
MOMENTS = (1, 8, 19, 36)
"""Answers after which the server is killed, whatever it is doing then."""


def test_what_was_answered_is_there_once_after_kill_9_and_is_answered_the_same_again(stage: Stage) -> None:
    kiosk = stage.paired("Alone", "door", f"event:{stage.event}")
    codes = iter([str(ticket["code"]) for ticket in stage.tickets()])
    known: set[str] = set()
    for turn, moment in enumerate(MOMENTS):
        callers = [*doors(stage, f"{turn}", codes), alone(stage, kiosk, f"{turn}", codes)]
        kill_after(moment, stage, callers)
        stage.backend.start()
        for caller in callers:
            again = caller.again()
            assert list(map(said, again[: len(caller.answers)])) == list(map(said, caller.answers))
            assert all(map(is_repeated, again[: len(caller.answers)]))
            known |= set(ops_of(caller))
    stage.backend.stop()
    with closing(sqlite3.connect(stage.backend.data / "usher.db")) as database:
        kept = Counter(op for (op,) in database.execute("SELECT op FROM scan"))
        admitted = Counter(ticket for (ticket,) in database.execute("SELECT ticket FROM scan WHERE granted"))
    assert kept == Counter(known)
    assert set(admitted.values()) == {1}


def doors(stage: Stage, turn: str, codes: Iterator[str]) -> list[Caller]:
    """Doors that all scan the same tickets, so that each is admitted at one and refused at the others."""
    path, lists, shared = "/api/events/check-in", [stage.list_of_event()], list(islice(codes, SCANS))
    headers = {"Authorization": stage.office.client.headers["Authorization"]}
    made = []
    for door in range(DOORS):
        asks: list[Ask] = [
            (path, {"code": code, "lists": lists, "opId": f"door-{turn}-{door}-{number}"})
            for number, code in enumerate(shared[door:] + shared[:door])
        ]
        made.append((headers, asks))
    return [Caller(stage.backend.url, headers, asks) for headers, asks in made]


def alone(stage: Stage, headers: dict[str, str], turn: str, codes: Iterator[str]) -> Caller:
    """A kiosk that sends what it did while nobody answered."""
    list_ = stage.list_of_event()
    asks: list[Ask] = []
    for batch in range(BATCHES):
        operations = [
            {
                "opId": f"kiosk-{turn}-{batch}-{number}",
                "kind": "check_in",
                "at": "2026-05-10T10:00:00Z",
                "deviceSeq": batch * TOGETHER + number,
                "payload": {"code": code, "lists": [list_], "list": list_, "verdict": "admitted"},
            }
            for number, code in enumerate(islice(codes, TOGETHER))
        ]
        asks.append(("/api/sync/ops", {"sentAt": "2026-05-10T10:00:00Z", "operations": operations}))
    return Caller(stage.backend.url, headers, asks)


def kill_after(answers: int, stage: Stage, callers: list[Caller]) -> None:
    told = Told()
    for caller in callers:
        caller.start(told)
    told.wait_for(answers)
    stage.backend.kill()
    for caller in callers:
        caller.join()


def said(answer: dict[str, Any]) -> object:
    """What an answer says, but for whether it says so again."""
    if "answers" in answer:
        return [(each["opId"], each["detail"]) for each in answer["answers"]]
    return {name: answer[name] for name in ("opId", "verdict", "reason", "at")}


def is_repeated(answer: dict[str, Any]) -> bool:
    if "answers" in answer:
        return all(each["status"] == "duplicate" for each in answer["answers"])
    return bool(answer["duplicate"])


def ops_of(caller: Caller) -> Iterator[str]:
    for _, body in caller.asked:
        yield from (each["opId"] for each in body.get("operations", [body]))
