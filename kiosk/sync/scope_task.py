"""Keeping one copy as the server's: a first copy where there is none, then changes, for good."""

from collections.abc import Callable

from domain.errors import Gone, Invalid
from domain.sync import Scope
from kiosk.store.faults import Damaged, FromNewerVersion
from kiosk.sync import download, leasing, pull, retention, seating
from kiosk.sync.retries import Retries
from kiosk.sync.session import Session
from kiosk.sync.status import Changed

Fetched = Callable[[Scope, float | None], None]


class ScopeTask:
    """`fetched` is told of a first copy under way, the share of it that is here; None when it is whole."""

    def __init__(self, session: Session, scope: Scope, retries: Retries, fetched: Fetched) -> None:
        self._session, self.scope = session, scope
        self._retries, self._fetched = retries, fetched
        self._stale = False

    async def run(self) -> None:
        """Until it is cancelled, or the device is revoked: then `Revoked` comes through."""
        while True:
            await self._retries.attempt(self._once)

    async def _once(self) -> None:
        session = self._session
        if self._stale or session.store.copies.cursor(self.scope) is None:
            await self._fetch()
        try:
            await pull.catch_up(session, self.scope)
            self._retries.succeeded()
            if self.scope.kind == "servicePoint":
                await leasing.top_up(session)
            else:
                await seating.top_up(session)
            await pull.follow(session, self.scope)
            await self._retries.breathe()
        except Gone:
            await self._outdated()
        except Invalid as problem:
            # The server was set back to an earlier state, and knows nothing of what this copy has.
            if problem.code != "cursor_unknown":
                raise
            await self._outdated()

    async def _outdated(self) -> None:
        """A new copy is needed. Not at once: 500 kiosks may have heard the same, and the next copy may turn
        out to be no better."""
        self._stale = True
        await self._retries.hold_back()

    async def _fetch(self) -> None:
        session, shelf = self._session, self._session.store.copies.shelf
        part, unpacked = shelf.download(self.scope), shelf.unpacked(self.scope)
        self._fetched(self.scope, 0.0)
        try:
            await download.fetch(
                session.client,
                self.scope,
                part,
                unpacked,
                lambda share: self._fetched(self.scope, share),
                session.stopped.is_set,
            )
            session.heard()
            await session.work(session.store.adopt, self.scope, unpacked, session.stopped.is_set)
            await session.work(retention.fetched, session, self.scope)
        except (Damaged, FromNewerVersion):
            unpacked.unlink(missing_ok=True)
            raise
        finally:
            self._fetched(self.scope, None)
        download.discard(part)
        self._stale = False
        session.tell(Changed(self.scope, frozenset()))


async def settle(session: Session) -> None:
    """Once the copies have come as far as the server's answers, acts that it applied need no overlay."""
    answered = await session.work(session.store.outbox.answered)
    if not answered:
        return
    for scope in session.store.copies.scopes():
        await pull.catch_up(session, scope)
    await session.work(session.store.outbox.forget, answered)
