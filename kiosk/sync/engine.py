"""The sync on its own thread: keeps every copy as the server's, sends what was done, knows who is there."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from domain.clock import Instant
from domain.errors import Problem
from domain.sync import Scope
from kiosk.store import credentials as credentials_file
from kiosk.store.credentials import Credentials
from kiosk.store.store import Store
from kiosk.sync import former, retention, seating
from kiosk.sync.client import Client
from kiosk.sync.faults import UNREACHABLE, Revoked
from kiosk.sync.heartbeat import Heartbeat
from kiosk.sync.link import Link
from kiosk.sync.reporter import HEARTBEAT, Reporter
from kiosk.sync.retries import Chance, Retries
from kiosk.sync.scope_task import ScopeTask, settle
from kiosk.sync.session import Clock, Session
from kiosk.sync.status import Changed, News, Status
from kiosk.sync.upload import Uploader

_CLOSE_SECONDS = 2.0


class Engine:
    """`tell` is called on the sync's thread and must be quick. Methods may be called from any thread.

    `deadline` milliseconds are what a question at the door may take.
    """

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        now: Clock,
        tell: Callable[[News], None],
        chance: Chance,
        deadline: int = 250,
    ) -> None:
        self.deadline = deadline
        self.link = Link()
        self._store, self._credentials = store, credentials
        self._now, self._tell, self._chance = now, tell, chance
        self._stopped, self._ready = Event(), Event()
        self._thread = Thread(target=self._run, name="usher-sync", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._crew: _Crew | None = None

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()

    def close(self) -> None:
        """Ends the thread, within two seconds. The store is the caller's to close, after this."""
        self._stopped.set()
        crew = self._crew
        if crew:
            self._call(crew.end)
        if self._thread.is_alive():
            self._thread.join(_CLOSE_SECONDS)

    def nudge(self) -> None:
        """Somebody wants everything tried again at once."""
        if self._crew:
            self._call(self._crew.soon)

    def sent(self) -> None:
        """Something waits to be sent. While the server is away that changes nothing but the backlog."""
        if self._crew:
            self._call(self._crew.send_soon)

    def probe(self) -> None:
        """Questions are not answered in time any more: see whether the server is there at all."""
        if self._crew:
            self._call(self._crew.beat_soon)

    @property
    def is_running(self) -> bool:
        """Whether the sync's thread lives."""
        return self._thread.is_alive()

    @property
    def status(self) -> Status:
        return self._crew.reporter.status if self._crew else Status()

    @property
    def heard_at(self) -> Instant | None:
        """When the server was last heard, by the kiosk's clock; a quiet stream says something every 15 s."""
        return self._crew.session.heard_at if self._crew else None

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """Where questions to the server are asked; None once closed."""
        return None if self._stopped.is_set() else self._loop

    @property
    def client(self) -> Client | None:
        return self._crew.session.client if self._crew else None

    def revoked(self, problem: Revoked) -> None:
        """The server told somebody else that this device may no longer."""
        crew = self._crew
        if crew:
            self._call(lambda: crew.revoke(problem))

    def _call(self, what: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # The loop may end at any moment, and then there is nothing to tell.
            if self._loop is not None:
                self._loop.call_soon_threadsafe(what)

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        finally:
            self._ready.set()

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
        executor = ThreadPoolExecutor(2, thread_name_prefix="usher-sync-work")
        client = Client(self._credentials)
        session = Session(
            self._credentials, client, self._store, self._now, self._tell, executor, self._stopped
        )
        self._crew = _Crew(session, self.link, self._chance, self.deadline)
        self._ready.set()
        try:
            await self._crew.work()
        finally:
            executor.shutdown(wait=False, cancel_futures=True)
            await client.close()


class _Crew:
    """The tasks of one session; lives on the loop."""

    def __init__(self, session: Session, link: Link, chance: Chance, deadline: int) -> None:
        self.session, self.link, self._chance, self._deadline = session, link, chance, deadline
        self.reporter = Reporter(session, link)
        self._beats, self._sends = self._retries(HEARTBEAT), self._retries("upload")
        self._scopes: dict[Scope, tuple[Retries, asyncio.Task[None]]] = {}
        self._over: asyncio.Future[Revoked | None] = asyncio.get_running_loop().create_future()

    async def work(self) -> None:
        """Until the kiosk closes, or its device is revoked."""
        tasks = [asyncio.create_task(self._beat()), asyncio.create_task(self._send())]
        problem = await self._over
        await _end([*tasks, *(task for _, task in self._scopes.values())])
        if problem is not None:
            await self._forget(problem)

    def end(self) -> None:
        if not self._over.done():
            self._over.set_result(None)

    def soon(self) -> None:
        for retries in (self._beats, self._sends, *(retries for retries, _ in self._scopes.values())):
            retries.soon()
        self.reporter.report()

    def send_soon(self) -> None:
        if self.link.up:
            self._sends.soon()
        self.reporter.report()

    def beat_soon(self) -> None:
        self._beats.soon()
        self.reporter.report()

    def revoke(self, problem: Revoked) -> None:
        if not self._over.done():
            self._over.set_result(problem)

    async def _beat(self) -> None:
        heartbeat = Heartbeat(self.session, self.link, self._chance, self._deadline)

        async def once() -> None:
            back = await heartbeat.beat()
            self._beats.succeeded()
            await self._man()
            if back:
                self.soon()
            await self._beats.pause(heartbeat.pause())

        await self._guarded(self._beats, once)

    async def _send(self) -> None:
        uploader = Uploader(self.session)

        async def once() -> None:
            await former.claim(self.session)
            answers = await uploader.send()
            self._sends.succeeded()
            await seating.top_up(self.session)
            if not answers:
                await settle(self.session)
                await self._sends.pause(60_000)

        await self._guarded(self._sends, once)

    async def _man(self) -> None:
        """A task for each scope of this device, and none for any other."""
        session = self.session
        await retention.drop_over(session)
        wanted = retention.wanted(session)
        kept = wanted if retention.is_of_this_mode(session) else set[Scope]()
        for scope in {*self._scopes, *session.store.copies.scopes()} - kept:
            if scope in self._scopes:
                _, task = self._scopes.pop(scope)
                await _end([task])
            await session.work(session.store.drop, scope)
        await session.work(retention.note_mode, session)
        for scope in wanted - set(self._scopes):
            retries = self._retries(str(scope))
            job = ScopeTask(session, scope, retries, self.reporter.fetched)
            self._scopes[scope] = retries, asyncio.create_task(self._until_revoked(job.run()))

    async def _guarded(self, retries: Retries, once: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def forever() -> None:
            while True:
                await retries.attempt(once)

        await self._until_revoked(forever())

    async def _until_revoked(self, job: Coroutine[Any, Any, None]) -> None:
        try:
            await job
        except Revoked as problem:
            self.revoke(problem)

    async def _forget(self, problem: Revoked) -> None:
        """This device may no longer: personal data leaves the disk, what was not sent stays."""
        self.link.lost(self.session.now())
        self.reporter.revoked = problem
        await self.session.work(self.session.store.wipe)
        await self.session.work(credentials_file.remove, self.session.store.folder)
        for scope in self.session.credentials.scopes:
            # Whoever shows people, or sells, looks again: there are none, and nothing.
            self.session.tell(Changed(scope, frozenset()))
        self.reporter.report()

    def _retries(self, who: str) -> Retries:
        return Retries(self._chance, lambda problem: self._trouble(who, problem))

    def _trouble(self, who: str, problem: Problem | None) -> None:
        """Whoever finds the server away has the heartbeat look at once."""
        self.reporter.trouble(who, problem)
        if problem and problem.code == UNREACHABLE and who != HEARTBEAT and self.link.up:
            self._beats.soon()


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=0.5)
