"""Which writes go together, and that each goes once."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from server.db.gathering import Gathering


class Write:
    """One write that waits on an event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[None] = self.loop.create_future()


class Writer:
    """A thread that writes nothing, and keeps which went together."""

    def __init__(self) -> None:
        self.gathering: Gathering[Write] = Gathering()
        self.groups: list[list[Write]] = []
        self.let_go = threading.Event()
        self.let_go.set()

    def run(self) -> None:
        while group := self.gathering.take():
            self.let_go.wait()
            self.groups.append(group)
            self.gathering.written(group)
            for write in group:
                if not write.loop.is_closed():
                    write.loop.call_soon_threadsafe(write.future.set_result, None)

    async def write(self) -> None:
        write = Write()
        self.gathering.put(write)
        await write.future

    @property
    def sizes(self) -> list[int]:
        return [len(group) for group in self.groups]


@contextmanager
def running() -> Iterator[Writer]:
    writer = Writer()
    thread = threading.Thread(target=writer.run)
    thread.start()
    try:
        yield writer
    finally:
        writer.let_go.set()
        writer.gathering.end()
        thread.join(10)
        assert not thread.is_alive()


async def test_who_comes_alone_is_written_at_once_also_after_a_crowd() -> None:
    with running() as writer:
        await asyncio.gather(*(writer.write() for _ in range(20)))
        before = len(writer.groups)
        for _ in range(3):
            await asyncio.wait_for(writer.write(), 5)
        assert writer.sizes[before:] == [1, 1, 1]
        assert sum(writer.sizes) == 23


async def test_who_was_told_together_is_waited_for_although_others_came_meanwhile() -> None:
    with running() as writer:
        writer.let_go.clear()
        first = [asyncio.create_task(writer.write()) for _ in range(4)]
        await asyncio.sleep(0.05)
        waiting = [asyncio.create_task(writer.write()) for _ in range(4)]
        await asyncio.sleep(0.05)
        taken = len(writer.groups)
        writer.let_go.set()
        await first[0]
        await asyncio.gather(*(writer.write() for _ in range(4)), *first, *waiting)
        assert 8 in writer.sizes[taken:]


async def test_a_crowd_larger_than_a_group_is_written_whole_and_in_its_order() -> None:
    with running() as writer:
        writer.let_go.clear()
        writes = []
        for _ in range(700):
            writes.append(Write())
            writer.gathering.put(writes[-1])
        writer.let_go.set()
        await asyncio.wait_for(asyncio.gather(*(write.future for write in writes)), 10)
        assert [write for group in writer.groups for write in group] == writes


async def test_an_end_takes_along_who_still_waits() -> None:
    writes = []
    with running() as writer:
        await asyncio.gather(*(writer.write() for _ in range(5)))
        writes = [Write(), Write()]
        for write in writes:
            writer.gathering.put(write)
    assert writer.groups[-1] == writes


def test_a_loop_that_closed_holds_nobody_up() -> None:
    async def put_and_go(writer: Writer) -> None:
        for _ in range(3):
            writer.gathering.put(Write())

    async def wait(writer: Writer) -> None:
        await asyncio.wait_for(writer.write(), 5)

    with running() as writer:
        for _ in range(3):
            asyncio.run(put_and_go(writer))
            asyncio.run(wait(writer))
        assert sum(writer.sizes) == 12


def test_many_loops_at_once_each_get_their_own_written_once() -> None:
    async def customer(writer: Writer) -> None:
        for _ in range(50):
            await asyncio.gather(*(asyncio.wait_for(writer.write(), 20) for _ in range(3)))

    with running() as writer:
        threads = [threading.Thread(target=lambda: asyncio.run(customer(writer))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        every = [id(write) for group in writer.groups for write in group]
    assert len(every) == len(set(every)) == 4 * 50 * 3
