"""Lines and their history, for the tests of what is foretold."""

from dataclasses import replace
from random import Random

from domain.clock import HOUR, MINUTE, SECOND, Instant, parse
from domain.forecast_situation import Desk, Situation
from domain.ids import EntryId, ServicePointId
from domain.queue import Entry, Rules, State
from domain.wait_history import Gone, History, learn

NOON = parse("2026-05-10T12:00:00Z")
PLAIN = Rules(quota=(), service=10 * MINUTE)


def later(minutes: float) -> Instant:
    return Instant(NOON + int(minutes * MINUTE))


def waiting(number: int, *, joined: Instant = NOON, priority: str = "normal") -> Entry:
    id_ = EntryId(f"w{number:03}")
    return Entry(id_, ServicePointId("desk"), str(id_), "general", joined, number, joined, priority)


def serving(counter: str, since: Instant, category: str = "general") -> Entry:
    entry = replace(waiting(0, joined=since), id=EntryId(f"s-{counter}"), category=category)
    return replace(entry, state=State.SERVING, called=since, changed=since, counter=counter)


def people(count: int) -> tuple[Entry, ...]:
    return tuple(waiting(number) for number in range(1, count + 1))


def desks(count: int, state: str = "open") -> tuple[Desk, ...]:
    return tuple(Desk(str(number), state) for number in range(count))


def served(
    number: int, minutes: float = 10, *, counter: str = "0", state: State = State.COMPLETED, **more: object
) -> Gone:
    """Somebody who was called at once, one each quarter of an hour before noon, and served so long."""
    called = later(-15 * number)
    took = int(minutes * MINUTE)
    gone = Gone(
        category="general",
        priority="normal",
        state=state,
        joined=called,
        ended=Instant(called + took),
        minute=(720 - 15 * number) % 1440,
        called=called,
        counter=counter,
        served=took if state is State.COMPLETED else None,
        waited=0,
    )
    return replace(gone, **more)  # type: ignore[arg-type]


def history(count: int = 200, mean: float = 10, spread: float = 0.5, seed: int = 1) -> History:
    """So many services of about so many minutes."""
    rng = Random(seed)
    spans = tuple(int(rng.lognormvariate(0, spread) * mean * MINUTE) for _ in range(count))
    return History(services={"general": spans}, breaks=(10 * SECOND,) * 20)


def situation(count: int, counters: int = 2, *, of: History | None = None, **more: object) -> Situation:
    now = Situation(NOON, PLAIN, people(count), desks(counters), history=history() if of is None else of)
    return replace(now, **more)  # type: ignore[arg-type]


def taught(gone: list[Gone]) -> History:
    return learn(gone, later(HOUR // MINUTE))
