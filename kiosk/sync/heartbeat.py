"""Asking the server who we are, now and then: tells whether it is there, what time it has, what we may do."""

from dataclasses import replace
from typing import Any

from domain import sync
from domain.errors import Problem
from domain.ids import ListId
from domain.sync import scope
from kiosk.store import credentials as credentials_file
from kiosk.store.credentials import Credentials
from kiosk.sync import leasing, retention, seating, wire
from kiosk.sync.faults import UNREACHABLE
from kiosk.sync.link import Link
from kiosk.sync.retries import Chance
from kiosk.sync.session import Session
from kiosk.sync.status import Readdressed, Repaired

BEAT = 10_000
"""Milliseconds between two questions while all is well, plus up to a quarter at random."""


class Heartbeat:
    """`deadline` milliseconds are what a question may take: a server slower than that is not asked."""

    def __init__(self, session: Session, link: Link, chance: Chance, deadline: int) -> None:
        self._session, self._link, self._chance = session, link, chance
        self._deadline = deadline
        self._slow = 0

    async def beat(self) -> bool:
        """One question. Whether the server is back from having been away; raises what the client raises."""
        session, sent = self._session, self._session.now()
        try:
            me = await session.client.get("/api/devices/me")
        except Problem as problem:
            if problem.code == UNREACHABLE:
                self._link.lost(session.now())
            raise
        await session.measured(sent, wire.server_time(me))
        now = session.now()
        slow = now - sent > self._deadline
        self._slow = self._slow + 1 if slow else 0
        back = not slow and self._link.probed(now)
        await self._set_up(me)
        await leasing.top_up(session)
        await seating.top_up(session)
        return back

    def pause(self) -> int:
        """Milliseconds until the next question; sooner where the server may be asked again before that."""
        usual = int(BEAT * (1 + self._chance() / 4))
        if self._link.up:
            return usual
        again = sync.retry_delay(self._slow, self._chance())
        return min(usual, max(again, self._link.closed_for(self._session.now())))

    async def _set_up(self, me: dict[str, Any]) -> None:
        session, known = self._session, self._session.credentials
        told = _told(known, me)
        if told == known:
            return
        session.credentials = told
        await session.work(credentials_file.write, session.store.folder, told)
        if replace(told, public=known.public) == known:
            session.tell(Readdressed())
            return
        await session.work(retention.want_all, session)
        session.tell(Repaired())


def _told(known: Credentials, me: dict[str, Any]) -> Credentials:
    scopes = (scope(str(name)) for name in me.get("scopes") or ())
    return replace(
        known,
        name=str(me.get("name") or ""),
        mode=str(me.get("mode") or known.mode),
        organization=str(me.get("organization") or known.organization),
        scopes=tuple(each for each in scopes if each is not None),
        lists=tuple(ListId(str(id_)) for id_ in me.get("lists") or ()),
        gate=str(me.get("gate") or ""),
        sells=bool(me.get("sells")),
        public=str(me.get("server") or known.public),
    )
