"""A server in the same thread, behind the ports of the use cases; it may be away, or answer too late."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from domain.errors import Problem
from domain.ids import OpId, ServicePointId, TicketId
from kiosk.store.outbox import Act
from kiosk.store.party import Party
from kiosk.sync import party_wire, verdict_wire
from kiosk.sync.replies import Denied, Got, Missed, Reply, ServerVerdict
from kiosk.sync.verdict_wire import CheckIn
from tests.kiosk.standin_door import check_in, redeem, undo_check_in
from tests.kiosk.standin_line import call_next, entry_json, join, move
from tests.kiosk.standin_state import Device, ServerState

T = TypeVar("T")


@dataclass
class NearServer:
    """`late`: it does what it is asked, and nobody hears of it in time."""

    state: ServerState
    device: Device
    away: bool = False
    late: bool = False
    told: int = 0
    done: list[OpId] = field(default_factory=list)

    def check_in(self, scan: CheckIn) -> Reply[ServerVerdict]:
        body = {"code": scan.code, **scan.body()}
        return self._answer(
            scan.op, lambda: verdict_wire.verdict(check_in(self.state, self.device, body, scan.ticket))
        )

    def undo(self, op: OpId, undoes: OpId, reason: str) -> Reply[None]:
        def job() -> None:
            undo_check_in(self.state, self.device, undoes, op, self.state.now())

        return self._answer(op, job)

    def redeem(self, op: OpId, ticket: TicketId, perk: str) -> Reply[None]:
        return self._answer(op, lambda: redeem(self.state, ticket, perk))

    def act(self, path: str, body: Mapping[str, object], key: OpId) -> Reply[Party]:
        verb, _, id_ = path.partition("/")

        def job() -> Party:
            if verb == "call-next":
                made = call_next(self.state, str(body["counter"]))
            else:
                made = move(self.state, id_, verb.replace("-", "_"), self.state.now(), body)
            return party_wire.party(entry_json(made))

        return self._answer(key, job)

    def set_counter(self, point: ServicePointId, body: Mapping[str, object], key: OpId) -> Reply[None]:
        return self._answer(key, lambda: self.state.put("counter", id=body["counter"], state=body["state"]))

    def join(self, act: Act) -> Reply[str]:
        return self._answer(act.op, lambda: str(join(self.state, act.payload, self.state.now())[1]["number"]))

    def sent(self) -> None:
        self.told += 1

    def _answer(self, op: OpId, job: Callable[[], T]) -> Reply[T]:
        if self.away:
            return Missed()
        try:
            made = job()
        except Problem as problem:
            return Denied(problem)
        self.done.append(op)
        return Missed(asked=True) if self.late else Got(made)
