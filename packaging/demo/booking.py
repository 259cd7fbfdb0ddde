"""A booking: made on the public page, checked in at the kiosk of the lobby, called and served."""

import re
from datetime import UTC, datetime

import httpx

from demo.pictures import Hand
from demo.programs import Kiosk, Trouble
from demo.queue import QueuePlay
from demo.stage import API, Stage
from demo.steps import Record

_SLOT = re.compile(r'name="slot" value="(\d+)"')
_NUMBER = re.compile(r'class="figures strong">([2-9A-Z]{10})<')


class BookingPlay:
    """Scenes at a kiosk for visitors, beside the desk and the display of the queue."""

    def __init__(self, stage: Stage, record: Record, queue: QueuePlay) -> None:
        self._stage, self._record, self._queue = stage, record, queue
        self.welcome = Kiosk("Welcome kiosk", stage.folder / "welcome")
        self._hand = Hand(self.welcome.pictures)
        self._booking = self._walk_in = ""
        self._times: list[str] = []

    def close(self) -> None:
        self.welcome.quit()

    def book(self) -> str:
        """On the page that anybody may open, without a login: a time, then a name and an address."""
        service = self._stage.ask(
            "POST", f"{API}/definitions", name={"en": "Passport"}, servicePoint=self._queue.point,
            durationMinutes=10,
        )["id"]  # fmt: skip
        home = self._stage.backend.url
        with httpx.Client(base_url=home, headers={"Origin": home}) as phone:
            self._times = _SLOT.findall(phone.get(f"/book/{service}").raise_for_status().text)
            form = phone.post(f"/book/{service}", data={"slot": self._times[0]})
            fields = {"name": "Ada", "email": "ada@example.com"}
            page = phone.post(form.headers["location"], data=fields).headers["location"]
            found = _NUMBER.search(phone.get(page).raise_for_status().text)
        if found is None:
            raise Trouble(f"{home}{page} shows no number")
        self._booking = found[1]
        return f"{self._booking} at {datetime.fromtimestamp(int(self._times[0]) / 1_000, UTC):%H:%M} UTC"

    def arrive(self) -> str:
        """One visitor asks for a number, another one holds the code of their booking before the camera."""
        self._queue.pair(self.welcome, "welcome", [f"servicePoint:{self._queue.point}"])
        self._record.picture(self.welcome, "welcome")
        self.welcome.press("language:en")
        self.welcome.press(f"service:{self._queue.point}:general")
        self.welcome.press("getNumber")
        self._walk_in = str(self.welcome.hear("welcome")["number"])
        self.welcome.hear("standing", number=self._walk_in)
        self._record.picture(self.welcome, "welcome-number")
        self.welcome.press("visitorDone")
        self.welcome.press("language:en")
        self._record.picture(self.welcome, "welcome-services")
        self.welcome.press("haveBooking")
        self.welcome.hear("camera", seen=True)
        with self._hand.holding(self._booking):
            told = self.welcome.hear("welcome")
        if "number" not in told:
            raise Trouble(f"the kiosk did not check in {self._booking}: {told['trouble']}")
        self._booking = str(told["number"])
        self._record.picture(self.welcome, "welcome-booking")
        return f"{self._walk_in} for the walk-in, {self._booking} for the booking"

    def serve(self) -> str:
        """Both are called on the display, the booking first, and served."""
        numbers = [self._booking, self._walk_in]
        self._queue.lobby.shows("board", waiting=numbers)
        for number in numbers:
            self._queue.call(number)
            if number == self._booking:
                self._record.picture(self._queue.lobby, "display-booking")
            self._queue.finish(number)
        return f"{' and '.join(numbers)} called on the display and served"

    def at_the_desk(self) -> str:
        """Somebody calls and is given a time; when they come, one touch puts them in line."""
        desk = self._queue.desk
        for name in ("bookings", "newBooking", f"time:{self._times[1]}"):
            desk.press(name)
        desk.do("type", name="book:name", text="Grace")
        desk.press("bookNow")
        number = str(desk.hear("booking")["booked"])
        desk.press("bookDone")
        desk.press("bookings")
        desk.press(f"arrive:{number}")
        place = str(desk.hear("booking")["place"])
        desk.shows("line", waiting=[place])
        self._record.picture(desk, "desk-bookings")
        desk.press("bookingsSheet:close")
        self._queue.call(place)
        self._queue.finish(place)
        return f"{number} booked for a caller, {place} called and served"
