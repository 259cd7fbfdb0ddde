"""Asking the server first: one question, one deadline, and an answer that says if there was none."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import CancelledError
from random import random
from typing import Any, TypeVar

from domain import clock
from domain.clock import Instant
from domain.errors import Problem, StorageFull, TooMany, Unavailable
from domain.ids import OpId, ServicePointId, TicketId
from domain.service_request import State
from domain.sync import Operation
from kiosk.store.outbox import Act
from kiosk.store.party import Party
from kiosk.sync import booking_wire, party_wire, request_wire, till_wire, verdict_wire, wire
from kiosk.sync.booking_wire import Bookable, BookingSeen, FreeTime
from kiosk.sync.client import Client
from kiosk.sync.engine import Engine
from kiosk.sync.faults import Revoked
from kiosk.sync.replies import Denied, Got, Missed, Reply, ServerVerdict
from kiosk.sync.request_wire import RequestSeen, Taken
from kiosk.sync.till_wire import OrderSeen
from kiosk.sync.verdict_wire import CheckIn

T = TypeVar("T")
Question = Callable[[Client], Awaitable[dict[str, Any]]]

_NO_ANSWER = (Unavailable, TooMany, StorageFull, ValueError, KeyError, TypeError)
"""That the server could not, or that what it said is not understood."""

_CRM = "/api/crm/reservations"
_LINE = f"{_CRM}/queue"
_REQUESTS = f"{_CRM}/service-request"
_AT_THE_TILL = 20
"""Where money is in somebody's hand, it is worth waiting to know."""
_AT_THE_DESK = 4
"""A question at the desk may take so many times as long as one at the door."""


class Remote:
    """May be used from any thread but the sync's own. Never raises, and never waits beyond the deadline."""

    def __init__(self, engine: Engine, now: Callable[[], Instant], org: str) -> None:
        self._engine, self._now = engine, now
        self._org = f"/api/organizations/{org}"

    def check_in(self, scan: CheckIn) -> Reply[ServerVerdict]:
        return self._ask(lambda client: client.post(scan.path, scan.body()), verdict_wire.verdict)

    def undo(self, op: OpId, undoes: OpId, reason: str) -> Reply[None]:
        path, body = f"/api/events/check-in/{undoes}/undo", {"opId": op, "reason": reason}
        return self._ask(lambda client: client.post(path, body), lambda _: None)

    def redeem(self, op: OpId, ticket: TicketId, perk: str) -> Reply[None]:
        path, body = f"/api/events/check-in/{ticket}/perks", {"opId": op, "perk": perk}
        return self._ask(lambda client: client.post(path, body), lambda _: None)

    def act(self, path: str, body: Mapping[str, object], key: OpId) -> Reply[Party]:
        """Something done in the line, at `/queue/…`; `key` makes trying it again harmless."""
        return self._ask(_post(f"{_LINE}/{path}", body, key), party_wire.party, _AT_THE_DESK)

    def set_counter(self, point: ServicePointId, body: Mapping[str, object], key: OpId) -> Reply[None]:
        return self._ask(_post(f"{_LINE}/counter/{point}", body, key), lambda _: None, _AT_THE_DESK)

    def join(self, act: Act) -> Reply[str]:
        """A join for which the server picks the number; it answers that. Sent as the operation that it is,
        so that the same act later, from the outbox, is not a second one."""
        return self._ask(self._act(act), _number, _AT_THE_DESK)

    def find_orders(self, text: str) -> Reply[tuple[OrderSeen, ...]]:
        path = f"{self._org}/orders"
        asked = {"text": text, "limit": "20"}
        return self._ask(lambda client: client.get(path, **asked), till_wire.orders, _AT_THE_DESK)

    def order(self, event: str, id_: str) -> Reply[OrderSeen]:
        path = f"{self._org}/events/{event}/orders/{id_}"
        return self._ask(lambda client: client.get(path), till_wire.order, _AT_THE_DESK)

    def change_order(
        self, event: str, id_: str, act: str, body: Mapping[str, object], key: str
    ) -> Reply[OrderSeen]:
        """`pay`, or `refund`; `key` makes trying it again harmless."""
        path, headers = f"{self._org}/events/{event}/orders/{id_}/{act}", {"Idempotency-Key": key}

        def ask(client: Client) -> Awaitable[dict[str, Any]]:
            return client.send("POST", path, body=body, headers=headers)

        return self._ask(ask, till_wire.order, _AT_THE_TILL)

    def bookings(self, point: ServicePointId, day: str) -> Reply[tuple[BookingSeen, ...]]:
        return self._find_bookings(servicePoint=point, day=day, limit="200")

    def booking(self, number: str) -> Reply[tuple[BookingSeen, ...]]:
        return self._find_bookings(reservationNumber=number, limit="1")

    def arrive(self, id_: str, key: str) -> Reply[BookingSeen]:
        """Somebody with a booking is here; `key` makes trying it again harmless."""
        return self._ask(_post(f"{_CRM}/check-in/{id_}", {}, key), booking_wire.booking, _AT_THE_DESK)

    def take_back(self, id_: str, key: str) -> Reply[BookingSeen]:
        """Whoever was said to be here is not; `key` makes trying it again harmless."""
        return self._ask(_post(f"{_CRM}/check-in/{id_}/undo", {}, key), booking_wire.booking, _AT_THE_DESK)

    def confirm(self, id_: str, key: str) -> Reply[BookingSeen]:
        """A booking that was asked for is granted; `key` makes trying it again harmless."""
        return self._ask(_post(f"{_CRM}/confirm/{id_}", {}, key), booking_wire.booking, _AT_THE_DESK)

    def bookable(self) -> Reply[tuple[Bookable, ...]]:
        path = f"{_CRM}/definitions"
        return self._ask(lambda client: client.get(path, limit="200"), booking_wire.services, _AT_THE_DESK)

    def free_times(self, service: str, since: Instant, until: Instant) -> Reply[tuple[FreeTime, ...]]:
        body = {"definitionId": service, "from": clock.rfc3339(since), "to": clock.rfc3339(until)}
        return self._ask(lambda client: client.post(f"{_CRM}/slots", body), booking_wire.times, _AT_THE_DESK)

    def book(self, body: Mapping[str, object], key: str) -> Reply[BookingSeen]:
        return self._ask(_post(f"{_CRM}/create", body, key), booking_wire.booking, _AT_THE_DESK)

    def requests(self, point: ServicePointId, states: Sequence[State]) -> Reply[tuple[RequestSeen, ...]]:
        path = f"{_REQUESTS}/get/{point}"

        def ask(client: Client) -> Awaitable[dict[str, Any]]:
            return client.get(path, state=states, limit="200")

        return self._ask(ask, request_wire.requests, _AT_THE_DESK)

    def request(self, id_: str) -> Reply[RequestSeen]:
        return self._find_request(f"by-id/{id_}")

    def request_of(self, code: str) -> Reply[RequestSeen]:
        return self._find_request(f"by-code/{code}")

    def send_photo(self, picture: bytes) -> Reply[str]:
        path = f"{_REQUESTS}/photo"
        return self._ask(lambda client: client.send_picture(path, picture), request_wire.photo, _AT_THE_TILL)

    def take_in(self, act: Act) -> Reply[Taken]:
        """A device, sent as the operation that it is: the same act from the outbox later is the same one."""
        return self._ask(self._act(act), request_wire.taken, _AT_THE_DESK)

    def change_request(self, id_: str, change: Mapping[str, object]) -> Reply[RequestSeen]:
        path = f"{_REQUESTS}/update/{id_}"
        return self._ask(
            lambda client: client.send("PUT", path, body=change), request_wire.request, _AT_THE_DESK
        )

    def sent(self) -> None:
        """Something was written down that the server has yet to hear of."""
        self._engine.sent()

    def _act(self, act: Act) -> Question:
        operation = Operation(act.op, act.kind, act.at, 0, act.payload)
        body = {"sentAt": clock.rfc3339(self._now()), "operations": [wire.operation(operation)]}
        return lambda client: client.post("/api/sync/ops", body)

    def _find_request(self, way: str) -> Reply[RequestSeen]:
        path = f"{_REQUESTS}/{way}"
        return self._ask(lambda client: client.get(path), request_wire.request, _AT_THE_DESK)

    def _find_bookings(self, **wanted: str) -> Reply[tuple[BookingSeen, ...]]:
        path = f"{_CRM}/get"
        return self._ask(lambda client: client.get(path, **wanted), booking_wire.bookings, _AT_THE_DESK)

    def _ask(
        self,
        ask: Question,
        read: Callable[[Mapping[str, Any]], T],
        times: int = 1,
    ) -> Reply[T]:
        loop, client = self._engine.loop, self._engine.client
        if not self._engine.link.up or loop is None or client is None:
            return Missed()
        question = _asked(ask, client)
        try:
            future = asyncio.run_coroutine_threadsafe(question, loop)
        except RuntimeError:  # The sync has just ended.
            question.close()
            return Missed()
        try:
            value = read(future.result(times * self._engine.deadline / 1_000))
        except Revoked as problem:
            self._engine.revoked(problem)
            return Denied(problem)
        except (TimeoutError, CancelledError, *_NO_ANSWER):
            future.cancel()
            return self._missed()
        except Problem as problem:
            self._engine.link.answered()
            return Denied(problem)
        self._engine.link.answered()
        return Got(value)

    def _missed(self) -> Missed:
        if self._engine.link.missed(self._now(), random()):  # noqa: S311
            self._engine.probe()
        return Missed(asked=True)


async def _asked(question: Question, client: Client) -> dict[str, Any]:
    return await question(client)


def _post(path: str, body: Mapping[str, object], key: str) -> Question:
    headers = {"Idempotency-Key": key}
    return lambda client: client.send("POST", path, body=body, headers=headers)


def _number(read: Mapping[str, Any]) -> str:
    """The number that a join was given. Raises `Conflict` with the server's words where it was not taken."""
    return str(wire.applied(read)["number"])
