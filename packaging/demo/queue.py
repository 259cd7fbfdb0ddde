"""The desk and the lobby: a queue of twelve from join to the end, the display following each step."""

from datetime import UTC, datetime
from time import sleep
from typing import Any

import httpx

from demo.programs import Kiosk, Trouble, until
from demo.stage import API, Stage
from demo.steps import Record

_GRACE = 3
"""Seconds of grace at this demonstration's service point: enough to see it run."""


class QueuePlay:
    """Scenes at a desk, with a display in the lobby."""

    def __init__(self, stage: Stage, record: Record) -> None:
        self._stage, self._record = stage, record
        self.desk = Kiosk("Front desk", stage.folder / "desk")
        self.lobby = Kiosk("Lobby display", stage.folder / "lobby", theme="dark")
        self.point = self._other = ""

    def close(self) -> None:
        for kiosk in (self.desk, self.lobby):
            kiosk.quit()

    def open(self) -> str:
        """A desk and a display are paired by typing the code, and a counter opens."""
        point = self._stage.ask(
            "POST", f"{API}/service-point/create", name="Welcome desk", graceSeconds=_GRACE, zone=_zone(),
            bookings="priority",
            counters=[{"id": "welcome-1", "name": "Desk 1"}],
        )  # fmt: skip
        self.point = str(point["id"])
        self._other = str(self._stage.seeded["servicePoints"][0]["id"])
        scopes = [f"servicePoint:{self.point}", f"servicePoint:{self._other}"]
        self.pair(self.desk, "desk", scopes)
        self.pair(self.lobby, "display", scopes[:1])
        for name in (f"point:{self.point}", "chooseCounter", "counter:welcome-1", "counterState:open"):
            self.desk.press(name)
        return "desk and display paired by typed code, counter open"

    def join(self) -> str:
        """Eight scan the QR in the lobby with their phones, four ask at the desk."""
        for number in range(8):
            body = {"servicePoint": self.point, "phone": f"+4930123456{number:02}"}
            httpx.post(f"{self._stage.backend.url}{API}/queue/join", json=body).raise_for_status()
        for name in ("Amira", "Bruno", "Chloé", "Đorđe"):
            self.desk.press("join")
            self.desk.do("type", name="joinName", text=name)
            self.desk.press("joinAs:general")
        self.lobby.shows("board", waiting=[f"A{number:03}" for number in range(1, 13)])
        self._record.picture(self.desk, "desk-waiting")
        self._record.picture(self.lobby, "display-waiting")
        return "A001 to A012, twelve numbers in a row"

    def serve(self) -> str:
        """Call, start, complete."""
        for number in ("A001", "A002"):
            self.call(number)
            self.desk.press(f"start:{number}")
            self.lobby.shows("board", serving=[number])
            if number == "A001":
                self._record.picture(self.desk, "desk-serving")
                self._record.picture(self.lobby, "display-serving")
            self.desk.press(f"complete:{number}")
            self.lobby.shows("board", serving=[])
        return "A001 and A002 called, served, completed"

    def miss(self) -> str:
        """A003 does not come: no no-show before the grace is over, then one, then back in time."""
        self.call("A003")
        self._act("no_show", "A003")
        self.desk.hear("desk", notice="GraceNotice")
        self._record.picture(self.desk, "desk-grace")
        sleep(_GRACE + 0.5)
        self._act("no_show", "A003")
        self.desk.shows("line", missed=["A003"])
        self._act("return", "A003")
        self.desk.shows("line", missed=[])
        self.call("A003")
        return "A003 a no-show after its grace, returned to the front, called again"

    def change(self) -> str:
        """Undo a call; a transfer keeps the number."""
        self.desk.press("undoLast")
        self.desk.shows("line", called=[])
        self.call("A003")
        self.desk.press("start:A003")
        self._act("transfer", "A003")
        other = self._stage.ask("GET", f"{API}/service-point/get/{self._other}")
        category = other["categories"][0]["id"]
        self.desk.press(f"transferTo:{self._other}:{category}", f"transferTo:{self._other}")
        self.desk.shows("line", serving=[])
        until(lambda: "A003" in self._there(), lambda: f"A003 is not at the other desk, but {self._there()}")
        return "a call taken back and made again; A003 transferred with its number"

    def rest(self) -> str:
        """The rest is served, until nobody waits."""
        for number in (f"A{n:03}" for n in range(4, 13)):
            self.call(number)
            self.finish(number)
        self.lobby.shows("board", waiting=[], serving=[])
        self._record.picture(self.lobby, "display-empty")
        figures = self._stage.ask("GET", f"{API}/service-point/get/{self.point}")
        return f"nobody waits; today {figures.get('today') or figures}"

    def _there(self) -> list[str]:
        """Who is in the other line, as the server knows it."""
        answer = self._stage.ask("GET", f"{API}/queue/list/{self._other}")
        return [str(entry["number"]) for entry in _entries(answer)]

    def pair(self, kiosk: Kiosk, mode: str, scopes: list[str]) -> None:
        device = self._stage.device(kiosk.name, mode, *scopes)
        kiosk.start()
        kiosk.press("typeCode")
        kiosk.do("type", name="pairServer", text=self._stage.backend.url)
        kiosk.do("type", name="pairCode", text=str(device["pairingCode"]))
        kiosk.press("pair")
        kiosk.choose_pin()
        kiosk.shows("face", face=mode)
        kiosk.hear("copied")

    def _act(self, event: str, number: str) -> None:
        """Presses what stands on the card, or on the sheet behind it."""
        try:
            self.desk.do("press", name=f"{event}:{number}")
        except Trouble:
            self.desk.press(f"more:{number}")
            self.desk.press(f"do:{event}:{number}")

    def finish(self, number: str) -> None:
        """Serves whoever was called."""
        self.desk.press(f"start:{number}")
        self.lobby.shows("board", serving=[number])
        self.desk.press(f"complete:{number}")
        self.lobby.shows("board", serving=[])

    def call(self, number: str) -> None:
        self.desk.press("callNext")
        self.desk.shows("line", called=[number])
        self.lobby.shows("board", last=number)


def _zone() -> str:
    """One in which the day is still long, whatever the hour: who books now comes today."""
    return "UTC" if datetime.now(UTC).hour < 12 else "Pacific/Auckland"


def _entries(answer: Any) -> list[dict[str, Any]]:
    found = answer["items"] if isinstance(answer, dict) and "items" in answer else answer
    return list(found)
