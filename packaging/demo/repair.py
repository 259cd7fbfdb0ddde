"""A repair: taken in at the desk with a photo, priced, approved on the customer's page, and handed out."""

import re
from typing import Any

import httpx

from demo.pictures import Hand
from demo.programs import Trouble
from demo.queue import QueuePlay
from demo.stage import API, Stage
from demo.steps import Record

_REVISION = re.compile(r'name="revision" value="(\d+)"')
_TOTAL = 8_900 + 4_500
"""Of the part, and of three quarters of an hour."""
_AFTER_APPROVAL = ("waiting_parts", "in_repair", "quality_check", "ready", "picked_up")


class RepairPlay:
    """One scene at the desk of the queue."""

    def __init__(self, stage: Stage, record: Record, queue: QueuePlay) -> None:
        self._stage, self._record, self._queue, self._desk = stage, record, queue, queue.desk
        self._number = ""

    def repair(self) -> str:
        """From the counter to the bench, and back into its owner's hands."""
        label = self._take_in()
        self._desk.do("scan", code=label)
        self._desk.hear("request", opened=self._number)
        self._examine()
        self._ask()
        self._approve()
        self._desk.do("scan", code=label)
        self._desk.hear("request", opened=self._number, state="approved")
        self._record.picture(self._desk, "desk-repair")
        for state in _AFTER_APPROVAL:
            self._move(state)
        self._desk.press("requestSheet:close")
        return f"{self._number} taken in with a photo, {_TOTAL / 100:.2f} approved on the page, picked up"

    def _take_in(self) -> str:
        """With a photo; the code of its label, as the server gave it."""
        desk, hand = self._desk, Hand(self._desk.pictures)
        desk.press("requests")
        desk.press("newRequest")
        for name, said in (
            *(("type", "Phone"), ("brand", "Lumen"), ("problem", "The display is cracked")),
            *(("name", "Ada"), ("email", "ada@example.com")),
        ):
            desk.do("type", name=f"intake:{name}", text=said)
        desk.press("intakePhotos")
        with hand.holding("https://example.com"):
            desk.press("takePhoto")
            if not desk.hear("photo")["kept"]:
                raise Trouble("the photo was not kept")
        desk.press("intakeBack")
        desk.press("intakeGo")
        self._number = str(desk.hear("request")["taken"])
        desk.press("intakeDone")
        made = self._kept()
        if len(made["photos"]) != 1:
            raise Trouble(f"{self._number} has {len(made['photos'])} photos")
        return str(made["code"])

    def _examine(self) -> None:
        self._move("triage")
        self._move("diagnostics")
        self._desk.do("type", name="requestNote", text="Only the glass is broken.")
        self._desk.press("requestPublic")
        self._desk.press("requestKeep")
        self._desk.hear("request", changed=self._number)

    def _ask(self) -> None:
        """A part and some labour make an estimate."""
        desk = self._desk
        desk.press("requestCosts")
        for kind, fields in (
            ("part", {"text": "Glass with frame", "price": "89"}),
            ("labour", {"text": "Change of the glass", "minutes": "45", "rate": "60,00"}),
        ):
            desk.press(f"line:{kind}")
            for name, said in fields.items():
                desk.do("type", name=f"{kind}:{name}", text=said)
            desk.press(f"{kind}:add")
            desk.hear("request", changed=self._number)
        self._record.picture(desk, "desk-repair-costs")
        desk.press("costsAsk")
        desk.hear("request", changed=self._number, state="waiting_approval", total=_TOTAL)

    def _approve(self) -> None:
        """On the page that the customer was mailed, without a login."""
        home = self._stage.backend.url
        page = "/repair/" + str(self._kept()["link"]).rpartition("/")[2]
        with httpx.Client(base_url=home, headers={"Origin": home}) as phone:
            shown = _REVISION.search(phone.get(page).raise_for_status().text)
            if shown is None:
                raise Trouble(f"{home}{page} shows no estimate")
            phone.post(f"{page}/approve", data={"revision": shown[1]})
        approval = self._kept()["estimate"]["approval"]
        if approval is None or (approval["decision"], approval["actor"]) != ("approved", "public"):
            raise Trouble(f"the estimate of {self._number} was not approved: {approval}")

    def _move(self, state: str) -> None:
        self._desk.press(f"move:{state}")
        self._desk.hear("request", changed=self._number, state=state)

    def _kept(self) -> dict[str, Any]:
        """The device, as the server knows it."""
        found = self._stage.ask("GET", f"{API}/service-request/get/{self._queue.point}")["items"]
        return next(dict(of) for of in found if of["number"] == self._number)
