"""Puts together what the status line shows, and tells it whenever it is another."""

from domain.errors import Problem
from domain.sync import Scope
from kiosk.sync.faults import UNREACHABLE
from kiosk.sync.link import Link
from kiosk.sync.session import Session
from kiosk.sync.status import Connection, Status, Trouble

HEARTBEAT = "heartbeat"
_STEP = 0.01
"""A first copy tells of its progress in steps of this share."""


class Reporter:
    def __init__(self, session: Session, link: Link) -> None:
        self._session, self._link = session, link
        self._last: Status | None = None
        self._fetching: dict[Scope, float] = {}
        self._troubles: dict[str, Problem] = {}
        self._known = False
        self.revoked: Problem | None = None

    def fetched(self, scope: Scope, share: float | None) -> None:
        """How much of a first copy is here; None once it is whole, or given up."""
        if share is None:
            self._fetching.pop(scope, None)
        elif share - self._fetching.get(scope, -1.0) < _STEP:
            return
        else:
            self._fetching[scope] = share
        self.report()

    def trouble(self, who: str, problem: Problem | None) -> None:
        """What keeps one part of the sync from its work; None when nothing does."""
        self._known = self._known or problem is not None or who == HEARTBEAT
        if problem is None:
            self._troubles.pop(who, None)
        else:
            self._troubles[who] = problem
        self.report()

    def report(self) -> None:
        status = self._status()
        if status != self._last:
            self._last = status
            self._session.tell(status)

    @property
    def status(self) -> Status:
        return self._last or Status()

    def _status(self) -> Status:
        store = self._session.store
        waiting, rejected = store.outbox.counts()
        return Status(
            self._connection(),
            waiting,
            rejected,
            store.offset.milliseconds,
            self._session.heard_at,
            min(self._fetching.values(), default=None),
            self._trouble(),
            None if self._link.up else self._first(silent=True),
        )

    def _trouble(self) -> Trouble | None:
        """That nobody answers says the connection itself, so it is kept apart."""
        return Trouble.of(self.revoked) if self.revoked else self._first(silent=False)

    def _first(self, *, silent: bool) -> Trouble | None:
        """The first that is silence of the server, or that is not."""
        fits = (p for p in self._troubles.values() if (p.code == UNREACHABLE) is silent)
        return next(map(Trouble.of, fits), None)

    def _connection(self) -> Connection:
        if self.revoked:
            return Connection.REVOKED
        if not self._link.up:
            return Connection.OFFLINE if self._known else Connection.STARTING
        here = set(self._session.store.copies.scopes())
        missing = [scope for scope in self._session.credentials.scopes if scope not in here]
        return Connection.STARTING if missing and self._fetching else Connection.ONLINE
