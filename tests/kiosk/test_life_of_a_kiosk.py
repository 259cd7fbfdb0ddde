"""Any life of two kiosks and a server: scans, undos, outages, kills. Nothing is lost, nothing comes twice."""

from itertools import count
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain import clock
from domain.admission import Admitted, Direction
from domain.clock import Instant
from domain.ids import OpId, TicketId
from domain.sync import Answer, Operation, Status
from kiosk.desk.door import Door, DoorSetup
from kiosk.desk.outcome import Source, Undone
from kiosk.store.replica import Change
from kiosk.store.store import Store
from tests.kiosk.near_server import NearServer
from tests.kiosk.sample import EVENT, NOON, Sample, adopt, sample_event
from tests.kiosk.standin_ops import apply
from tests.kiosk.standin_state import Device, ServerState

_TICKETS = 4


class Kiosk:
    """A door over real files, which may die at any moment: it is opened again from what is on the disk."""

    def __init__(self, name: str, state: ServerState, sample: Sample, now: "Now", ids: "count[int]") -> None:
        self.name, self.state, self.now, self.ids = name, state, now, ids
        self.folder = Path(mkdtemp(prefix="kiosk-"))
        self.device = state.add_device(name)
        self.server = NearServer(state, self.device)
        self.store = Store(self.folder)
        adopt(self.store.copies, EVENT, sample)
        self.door = self.open_door()
        self.done: list[str] = []
        """Acts that this kiosk has shown as done and the server had not heard of, in their order."""

    def open_door(self) -> Door:
        def new_id() -> str:
            return f"{next(self.ids):06}-{self.name}"

        return Door(
            self.store.tickets,
            self.store.door,
            self.server,
            self.now,
            self.store.offset.correct,
            new_id,
            DoorSetup(self.device.id),
        )

    def die(self) -> None:
        """The files as they are at this moment are all that is left; nothing is closed or tidied."""
        left = Path(mkdtemp(prefix="kiosk-"))
        copytree(self.folder, left, dirs_exist_ok=True)
        self.store.close()
        rmtree(self.folder)
        self.folder = left
        self.store = Store(left)
        self.door = self.open_door()

    def upload(self, limit: int, heard: bool) -> None:
        """Sends some acts. `heard` False: the server took them, and its answer was lost."""
        batch = self.store.outbox.waiting(limit)
        answers = [_answered(self.state, self.device, act) for act in batch]
        if heard:
            self.store.outbox.answer(answers)

    def pull(self, limit: int) -> None:
        cursor = self.store.copies.cursor(EVENT) or 0
        page = [c for c in self.state.log if c.seq > cursor][:limit]
        changes = [Change(c.seq, c.table, c.key, self.state.tables[c.table].get(c.key)) for c in page]
        if changes:
            self.store.apply(EVENT, changes, changes[-1].sequence, self.now())

    def close(self) -> None:
        self.store.close()
        rmtree(self.folder)


class Now:
    def __init__(self) -> None:
        self.at = int(NOON)

    def __call__(self) -> Instant:
        self.at += 1_000
        return Instant(self.at)


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        sample = sample_event(_TICKETS)
        self.sample = sample
        self.state = ServerState.of(sample)
        self.now, ids = Now(), count()
        self.state.now = self.now
        self.kiosks = [Kiosk(name, self.state, sample, self.now, ids) for name in ("north", "south")]

    @rule(kiosk=st.integers(0, 1), ticket=st.integers(1, _TICKETS + 2), out=st.booleans())
    def scan(self, kiosk: int, ticket: int, out: bool) -> None:
        at = self.kiosks[kiosk]
        at.door.setup = DoorSetup(at.device.id, direction=Direction.EXIT if out else Direction.ENTRY)
        outcome = at.door.scan(self.sample.code(ticket) if ticket <= _TICKETS else f"no ticket {ticket}")
        if outcome.source is Source.HERE:
            at.done.append(outcome.op)

    @rule(kiosk=st.integers(0, 1))
    def scan_twice(self, kiosk: int) -> None:
        """Whoever was just admitted by a kiosk is not admitted again by the same one."""
        at = self.kiosks[kiosk]
        at.door.setup = DoorSetup(at.device.id)
        first, second = at.door.scan(self.sample.code(1)), at.door.scan(self.sample.code(1))
        at.done += [outcome.op for outcome in (first, second) if outcome.source is Source.HERE]
        assert not isinstance(second.verdict, Admitted)

    @rule(kiosk=st.integers(0, 1))
    def undo(self, kiosk: int) -> None:
        at = self.kiosks[kiosk]
        undone = at.door.undo("a mistake")
        if isinstance(undone, Undone) and undone.source is Source.HERE:
            at.done.append(undone.op)

    @rule(kiosk=st.integers(0, 1), away=st.booleans(), late=st.booleans())
    def weather(self, kiosk: int, away: bool, late: bool) -> None:
        self.kiosks[kiosk].server.away, self.kiosks[kiosk].server.late = away, late

    @rule(kiosk=st.integers(0, 1))
    def kill(self, kiosk: int) -> None:
        self.kiosks[kiosk].die()

    @rule(kiosk=st.integers(0, 1), limit=st.integers(1, 5), heard=st.booleans())
    def upload(self, kiosk: int, limit: int, heard: bool) -> None:
        self.kiosks[kiosk].upload(limit, heard)

    @rule(kiosk=st.integers(0, 1), limit=st.integers(1, 5))
    def pull(self, kiosk: int, limit: int) -> None:
        self.kiosks[kiosk].pull(limit)

    @invariant()
    def what_was_shown_as_done_is_waiting_or_at_the_server(self) -> None:
        for kiosk in self.kiosks:
            waiting = [act.op for act in kiosk.store.outbox.waiting()]
            missing = [op for op in kiosk.done if op not in waiting and op not in self.state.answers]
            assert missing == []
            assert waiting == [op for op in kiosk.done if op in set(waiting)]

    @invariant()
    def the_server_keeps_one_record_of_each_act(self) -> None:
        ops = [str(row["op"]) for row in self.state.rows("scan")]
        assert len(ops) == len(set(ops))

    def teardown(self) -> None:
        """In the end everybody meets: all is sent, all is known, and both kiosks see the same."""
        for kiosk in self.kiosks:
            kiosk.server.away = kiosk.server.late = False
            kiosk.upload(1_000, heard=True)
        for kiosk in self.kiosks:
            kiosk.pull(10_000)
            assert kiosk.store.outbox.counts() == (0, 0)
            heard = [op for op in self.state.received if op in set(kiosk.done)]
            assert list(dict.fromkeys(heard)) == kiosk.done
        for number in range(1, _TICKETS + 1):
            ticket = TicketId(f"t{number}")
            north, south = (kiosk.store.tickets.gather_ticket(ticket).past for kiosk in self.kiosks)
            assert {scan.op for scan in north} == {scan.op for scan in south}
        for kiosk in self.kiosks:
            kiosk.close()


def _answered(state: ServerState, device: Device, act: Operation) -> Answer:
    said = {"opId": act.op, "kind": act.kind, "at": clock.rfc3339(act.at), "payload": act.payload}
    answer = apply(state, device, said)
    return Answer(OpId(act.op), Status(answer["status"]), answer["detail"])


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
