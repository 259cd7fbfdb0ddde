"""The postman: composes the mails that are owed, gives them to a transport, and tries again where it must.

Any number of servers may have one: each mail is in the hands of one of them at a time. A mail goes out at
least once, and normally once; when it goes out again, it is the same one by its Message-ID.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from domain.clock import HOUR, SECOND, Instant
from domain.errors import Problem
from server.addresses import Unaddressable
from server.background import Background
from server.calm import Calm
from server.db.database import Clock, Database
from server.messaging import outbox
from server.messaging.letters import Composer, Letter, Owed
from server.messaging.message import Message, Sender, message
from server.messaging.outbox import LEASE, Claimed, NameOf, Outcome
from server.messaging.post import SCOPE
from server.messaging.templates import Words, words
from server.messaging.transport import Line, Refused, Transport, TransportFault, Unreachable

TRIES = 20
"""With the pauses in between about two days."""
_FIRST_PAUSE, _LONGEST_PAUSE = 30 * SECOND, 4 * HOUR
_LANES, _PER_LANE = 4, 4
_PATIENCE = 60.0
assert _PER_LANE * _PATIENCE * SECOND < LEASE
_GOODBYE, _GIVES_WAY = 5.0, 2.0
_log = logging.getLogger("usher.postman")


@dataclass(frozen=True, slots=True)
class _Made:
    """A mail that can go."""

    letter: Letter
    words: Words
    message: Message


class Postman:
    """Delivers in the background; a commit that owes somebody a mail wakes it."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        composers: Mapping[str, Composer],
        transport: Transport,
        sender: Sender,
        base_url: str,
        name_of: NameOf,
        calm: Calm,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database, self._clock, self._chance = database, clock, chance
        self._composers, self._transport, self._sender = composers, transport, sender
        self._claim = partial(outbox.claim, limit=_LANES * _PER_LANE, name_of=name_of, base_url=base_url)
        self._turn = asyncio.Lock()
        # Letters with paper are much work: one at a time, and whoever waits for an answer comes first.
        self._calm, self._composing = calm, asyncio.Semaphore(1)
        self._rounds: set[asyncio.Task[Instant | None]] = set()
        self._stopping = False
        self._background = Background(database, clock, "postman", self.deliver, lambda scope: scope == SCOPE)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Delivers as long as the context lasts; at its end the mails in hand still go out."""
        self._stopping = False
        async with self._background.running():
            try:
                yield
            finally:
                self._stopping = True
        if self._rounds:
            _, late = await asyncio.wait(self._rounds, timeout=_GOODBYE)
            for task in late:
                task.cancel()

    async def deliver(self) -> Instant | None:
        """Delivers all that is due; answers when the next mail is."""
        task = asyncio.create_task(self._round(), name="postman-round")
        self._rounds.add(task)
        task.add_done_callback(self._rounds.discard)
        # Whoever waits for it may be cancelled: a mail that is on its way is not.
        return await asyncio.shield(task)

    async def _round(self) -> Instant | None:
        async with self._turn:
            while not self._stopping and (claimed := await self._database.write(self._claim)):
                lanes = [claimed[start::_LANES] for start in range(min(_LANES, len(claimed)))]
                await asyncio.gather(*map(self._lane, lanes))
            return await self._database.read(outbox.next_due)

    async def _lane(self, claimed: list[Claimed]) -> None:
        """Mails one after the other; where no mail can go, the rest is not tried either."""
        blocked: Unreachable | None = None
        async with self._transport.line() as line:
            for place, each in enumerate(claimed):
                if self._stopping:
                    rest = claimed[place:]
                    await self._database.write(partial(outbox.release, claimed=rest))
                    return
                outcome = self._again(each, blocked) if blocked else None
                if outcome is None:
                    try:
                        outcome = await self._attempt(line, each)
                    except Unreachable as fault:
                        _log.warning("no mail can be sent now: %s", fault)
                        blocked, outcome = fault, self._again(each, fault)
                await self._settle(each, outcome)

    async def _attempt(self, line: Line, claimed: Claimed) -> Outcome:
        """Raises `Unreachable`."""
        if claimed.owed.kind not in self._composers:
            # A newer version owes it, perhaps, which will come to it.
            return self._again(claimed, f"nobody here composes {claimed.owed.kind!r}")
        try:
            made = await self._made(claimed.owed)
        except Unaddressable as fault:
            return Outcome("failed", str(fault), secret=True)
        except Problem as problem:
            return self._again(claimed, problem)
        except Exception as fault:
            _log.exception("the mail %s (%s) cannot be composed", claimed.owed.id, claimed.owed.kind)
            return self._again(claimed, f"it cannot be composed: {type(fault).__name__}")
        if made is None:
            return Outcome("dropped", secret=True)
        return await self._sent(line, claimed, made)

    async def _made(self, owed: Owed) -> _Made | None:
        compose = self._composers[owed.kind]
        async with self._composing:
            await self._calm.come(_GIVES_WAY)
            letter = await self._database.read(lambda connection: compose(connection, owed))
            if letter is None:
                return None
            said = await asyncio.to_thread(words, owed, letter)
            return _Made(letter, said, await asyncio.to_thread(message, owed, letter, said, self._sender))

    async def _sent(self, line: Line, claimed: Claimed, made: _Made) -> Outcome:
        told = partial(Outcome, subject=made.words.subject, text=made.words.text, secret=made.letter.secret)
        try:
            async with asyncio.timeout(_PATIENCE):
                await line.send(made.message)
        except Refused as fault:
            return told("failed", str(fault))
        except TimeoutError as fault:
            raise Unreachable("nobody answered in time") from fault
        except TransportFault as fault:
            if isinstance(fault, Unreachable):
                raise
            return self._again(claimed, fault)
        return told("sent", message=None if self._transport.keeps else made.message.content)

    def _again(self, claimed: Claimed, trouble: object) -> Outcome:
        """A next try after a pause, which doubles each time, or the end of trying."""
        if claimed.tries >= TRIES:
            return Outcome("failed", str(trouble))
        pause = min(_FIRST_PAUSE * 2 ** (claimed.tries - 1), _LONGEST_PAUSE)
        due = Instant(self._clock() + int(pause * (0.75 + self._chance() / 2)))
        return Outcome("waiting", str(trouble), due)

    async def _settle(self, claimed: Claimed, outcome: Outcome) -> None:
        """Holds on to it for a while: a mail that went out and is not known to would go out again."""
        pause = 0.5
        while True:
            try:
                mine = await self._database.write(partial(outbox.settle, claimed=claimed, outcome=outcome))
                break
            except Problem as problem:
                if pause > 10:
                    _log.error("what became of the mail %s is lost: %s", claimed.owed.id, problem.detail)
                    return
            await asyncio.sleep(pause)
            pause *= 2
        if not mine:
            _log.warning("the mail %s was in other hands before it was done", claimed.owed.id)
        elif outcome.state == "failed":
            _log.warning("the mail %s (%s) failed: %s", claimed.owed.id, claimed.owed.kind, outcome.trouble)
