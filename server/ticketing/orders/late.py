"""Who comes too late: what was found sold out a moment ago is not counted anew for each who still asks."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from domain.clock import Instant
from domain.errors import Conflict
from server.db.database import Database
from server.events.service import scope
from server.kept_answers import FRESH
from server.ticketing.orders.placing import sale
from server.ticketing.orders.values import Wanted

_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class _Found:
    problem: Conflict
    mark: tuple[int, ...]
    since: Instant


class SoldOut:
    """For any thread. What was found holds until a commit touches the event or its sale, and never longer
    than `FRESH`: places come back with time too.
    """

    def __init__(self, database: Database) -> None:
        self._found: dict[tuple[str, str, int], _Found] = {}
        self._changes: dict[str, int] = {}
        self._numbers = count(1)
        database.on_commit(self._on_commit, at_once=True)

    @contextmanager
    def known(self, org: str, event: str, wanted: Sequence[Wanted], now: Instant) -> Iterator[None]:
        """Around the placing of an order: raises `Conflict` for so many tickets of a type as there were not
        a moment ago, and keeps in mind what is found within.
        """
        mark = self._mark(scope(org, event)), self._mark(sale(org, event))
        for each in wanted:
            found = self._found.get((sale(org, event), each.type, each.quantity))
            if found and found.mark == mark and found.since <= now < found.since + FRESH:
                known = found.problem
                raise Conflict(known.detail, code=known.code, more=known.more)
        try:
            yield
        except Conflict as problem:
            # Under the mark of before: what was committed since then is not in it.
            for each in wanted:
                if problem.code == "sold_out" and problem.more.get("type") == each.type:
                    self._found[(sale(org, event), each.type, each.quantity)] = _Found(problem, mark, now)
            raise

    def _mark(self, scope_: str) -> int:
        """A number that is another one after each change. Of what nobody can buy there may be any number of
        names, so that all is forgotten now and then; a mark from before never comes again."""
        if len(self._changes) >= _KEPT:
            self._changes.clear()
            self._found.clear()
        return self._changes.setdefault(scope_, next(self._numbers))

    def _on_commit(self, touched: frozenset[str]) -> None:
        for changed in list(self._changes) if "*" in touched else touched:
            if changed in self._changes:
                self._changes[changed] = next(self._numbers)
