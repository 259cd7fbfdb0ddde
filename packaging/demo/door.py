"""The door: pairing, scans online and offline, a killed kiosk, two doors that admitted one ticket."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from demo.pictures import Hand
from demo.programs import Kiosk, Trouble
from demo.stage import Stage
from demo.steps import Record
from domain import ticket_code


class DoorPlay:
    """Scenes at two doors, in this order."""

    def __init__(self, stage: Stage, record: Record) -> None:
        self._stage, self._record = stage, record
        self.north = Kiosk("North door", stage.folder / "north")
        self.south = Kiosk("South door", stage.folder / "south", theme="dark")
        self._hands = {kiosk.name: Hand(kiosk.pictures) for kiosk in (self.north, self.south)}
        self._fresh = iter(stage.tickets())
        self._online: list[str] = []
        self._pictured: set[str] = set()

    def close(self) -> None:
        for kiosk in (self.north, self.south):
            kiosk.quit()

    def pair(self) -> str:
        """First start: the kiosk reads the administrator's QR with its own camera."""
        address = f"/api/events/{self._stage.event}/check-in/lists/{self._stage.list_of_event()}"
        self._stage.ask("PATCH", address, includePending=True)
        for kiosk in (self.north, self.south):
            kiosk.start()
            kiosk.shows("camera", seen=True)
            self._record.picture(kiosk, "first-start")
            device = self._stage.device(
                kiosk.name, "door", f"event:{self._stage.event}", lists=[self._stage.list_of_event()]
            )
            with self._hands[kiosk.name].holding(str(device["pairingUri"])):
                kiosk.choose_pin()
                kiosk.shows("face", face="door")
        return "two kiosks paired by QR picture"

    def sync(self) -> str:
        for kiosk in (self.north, self.south):
            kiosk.hear("copied")
            kiosk.shows("status", connection="online")
            self._record.picture(kiosk, "door-ready")
        return f"{len(self._stage.tickets())} valid tickets here, more of other states"

    def online(self) -> str:
        """Twenty scans, among them one to settle first, and each way of being refused."""
        self._online = [str(next(self._fresh)["code"]) for _ in range(13)]
        for code in self._online:
            self._expect(self.north, code, "admitted", source="server")
        self._take_money(str(self._stage.tickets("pending")[0]["code"]))
        self._expect(self.north, self._online[0], "already_in", source="server")
        self._expect(self.north, self._forged(), "signature")
        other = self._stage.seeded["events"][1]["id"]
        self._expect(self.north, str(self._stage.tickets(event=other)[0]["code"]), "wrong_event")
        self._expect(self.north, str(self._stage.tickets("canceled")[0]["code"]), "canceled")
        self._expect(self.north, "a code that nobody knows", "unknown")
        self._expect(self.north, str(self._stage.tickets("blocked")[0]["code"]), "blocked")
        return "14 admitted, one of them once it was paid; 6 refused, each for its reason"

    def offline(self) -> str:
        """The backend is away; the door goes on, also after somebody pulled the plug."""
        self._stage.backend.stop()
        codes = [str(next(self._fresh)["code"]) for _ in range(19)]
        for code in codes[:10]:
            self._expect(self.north, code, "admitted", source="here")
        self._record.picture(self.north, "door-offline")
        self.north.kill()
        self.north.start()
        self.north.shows("face", face="door")
        self._expect(self.north, self._online[3], "already_in", source="here")
        for code in codes[10:]:
            self._expect(self.north, code, "admitted", source="here")
        return "19 admitted and 1 refused offline, the kiosk killed in between"

    def twice(self) -> str:
        """Both doors are alone, and admit one ticket."""
        code = str(next(self._fresh)["code"])
        self.south.shows("status", connection="offline")
        for kiosk in (self.north, self.south):
            self._expect(kiosk, code, "admitted", source="here")
        return "one ticket admitted at two doors that could not know"

    def back(self) -> str:
        """The backend is back: everything is sent, and both doors learn of the ticket admitted twice."""
        self._stage.backend.start()
        self._stage.sign_in()
        for kiosk in (self.north, self.south):
            kiosk.shows("status", connection="online", backlog=0)
            kiosk.hear("notice", kind="double")
            self._record.picture(kiosk, "door-admitted-twice")
        return self._compare()

    def _compare(self) -> str:
        """What the kiosks showed against what the server has."""
        kept: dict[str, Any] = {}
        cursor: str | None = None
        repeated = 0
        while True:
            query = f"?limit=500{f'&cursor={cursor}' if cursor else ''}"
            page = self._stage.ask("GET", f"/api/events/{self._stage.event}/check-in/history{query}")
            for item in page["items"]:
                repeated += item["opId"] in kept
                kept[item["opId"]] = item
            cursor = page["nextCursor"]
            if cursor is None:
                break
        shown = self._record.shown
        lost = [
            op for op, word in shown.items() if op not in kept or kept[op]["granted"] != (word == "admitted")
        ]
        self._record.lost, self._record.repeated = len(lost), repeated + len(kept) - len(kept.keys() & shown)
        figures = self._stage.ask("GET", f"/api/events/{self._stage.event}/check-in/stats")
        self._record.double_admissions = figures["doubleAdmissions"]
        if self._record.lost or self._record.repeated:
            raise Trouble(f"lost {lost}, repeated {self._record.repeated}")
        return f"{len(shown)} verdicts shown, all of them kept once; {figures['inside']} inside"

    def _expect(self, kiosk: Kiosk, code: str, word: str, source: str | None = None) -> dict[str, Any]:
        with self._hands[kiosk.name].holding(code):
            told = kiosk.hear("verdict")
            got = self._record.verdict(told)
            if got not in self._pictured:
                self._pictured.add(got)
                self._record.picture(kiosk, f"verdict-{got}")
                if got == "admitted":
                    self._picture_held(kiosk)
        if got != word or (source and told["source"] != source):
            raise Trouble(f"{kiosk.name} showed {got} from {told['source']} where {word} was due")
        return told

    def _take_money(self, code: str) -> None:
        """Who has not paid yet is asked about, and admitted once the money is taken."""
        self._expect(self.north, code, "ask", source="server")
        self.north.press("verdictConfirm")
        word = self._record.verdict(self.north.hear("verdict"))
        if word != "admitted":
            raise Trouble(f"{self.north.name} showed {word} to who has paid")

    def _picture_held(self, kiosk: Kiosk) -> None:
        """A code that is still held has a line round it, and is no further scan."""
        kiosk.press("verdictNext")
        self._record.picture(kiosk, "door-scanning")

    def _forged(self) -> str:
        """A code of the organisation's form whose signature is somebody else's."""
        code = ticket_code.parse(self._online[1]).code
        return ticket_code.encode(code, Ed25519PrivateKey.generate().sign)
