"""Stretches of time, counted and cut: what is taken, what is full, what is left."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from domain.business_hours import merged

Stretch = tuple[int, int]
"""From a time to before another."""


class Counts:
    """How many of some stretches are on at once."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        steps: dict[int, int] = defaultdict(int)
        for since, until in stretches:
            steps[since] += 1
            steps[until] -= 1
        self._times, self._counts, count = sorted(steps), list[int](), 0
        for at in self._times:
            count += steps[at]
            self._counts.append(count)

    def full(self, capacity: int) -> list[Stretch]:
        """When so many or more are on."""
        on = zip(pairwise(self._times), self._counts, strict=False)
        return merged(stretch for stretch, count in on if count >= capacity)

    def most(self, since: int, until: int) -> int:
        """The most that are on at once between two times."""
        first, last = bisect_right(self._times, since) - 1, bisect_left(self._times, until)
        return max(self._counts[max(0, first) : last], default=0)


def without(stretches: Iterable[Stretch], blocked: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left of stretches without others; both in order, and none meets another of its kind."""
    place = 0
    for since, until in stretches:
        while place < len(blocked) and blocked[place][1] <= since:
            place += 1
        at, begins = place, since
        while at < len(blocked) and blocked[at][0] < until:
            if blocked[at][0] > begins:
                yield begins, blocked[at][0]
            begins = blocked[at][1]
            at += 1
        if begins < until:
            yield begins, until


def common(some: Sequence[Stretch], others: Sequence[Stretch]) -> Iterator[Stretch]:
    """The time that lies in both; each in order, and none meets another of its kind."""
    place = 0
    for since, until in some:
        while place < len(others) and others[place][1] <= since:
            place += 1
        for begins, ends in others[place:]:
            if begins >= until:
                break
            yield max(since, begins), min(until, ends)


def cut(stretches: Iterable[Stretch], edges: Sequence[int]) -> Iterator[Stretch]:
    """The same time, with a new stretch at each edge; edges in order."""
    for since, until in stretches:
        yield from pairwise([since, *edges[bisect_right(edges, since) : bisect_left(edges, until)], until])


def holds(stretches: Iterable[Stretch], at: int) -> bool:
    return any(since <= at < until for since, until in stretches)
