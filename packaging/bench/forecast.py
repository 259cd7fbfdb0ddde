"""How good forecasts of a wait are: a branch lives for some days, and each wait is foretold at the join.

Every method sees the same line. The rules of thumb have no range of their own, so that they get the one that
their errors on the first days ask for; the forecast corrects itself while the branch lives.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from time import process_time

from bench import worlds
from bench.branch import Branch, World
from bench.result import Result, Row
from domain.clock import MINUTE
from domain.forecast import foresee
from domain.forecast_situation import Situation
from domain.ids import EntryId
from domain.queue import Entry, call_order
from domain.wait_history import LEEWAY, QUANTILES

FORECAST, MEAN, LAST, POSITION = (
    "forecast",
    "mean of the last 20",
    "last to enter service",
    "position formula",
)
_METHODS = (FORECAST, MEAN, LAST, POSITION)

Quantiles = tuple[float, ...]


@dataclass
class _Told:
    """What each method said to one person."""

    id: EntryId
    day: int
    said: dict[str, Quantiles]
    seconds: float
    people: int


@dataclass
class _Score:
    pinball: float
    covered: tuple[float, ...]
    crossed: int


@dataclass
class _Watcher:
    """Asks every method at each join; on the days that only teach, at every third."""

    teaching: int
    day: int = 0
    joins: int = 0
    told: list[_Told] = field(default_factory=list)
    branch: Branch | None = None

    def __call__(self, now: Situation, joining: Entry) -> tuple[int, int, int] | None:
        self.joins += 1
        if self.day < self.teaching and self.joins % 3:
            return None
        began = process_time()
        forecast = foresee(now).waiting[joining.id]
        spent = process_time() - began
        said: dict[str, Quantiles] = {name: (value,) * 3 for name, value in self._thumbs(now, joining)}
        said[FORECAST] = (forecast.p50, forecast.p80, forecast.p90)
        self.told.append(_Told(joining.id, self.day, said, spent, len(now.people)))
        return forecast.model

    def _thumbs(self, now: Situation, joining: Entry) -> Iterator[tuple[str, float]]:
        assert self.branch is not None, "the branch that is watched"
        last = [one.waited for one in self.branch.gone[-60:] if one.waited is not None][-20:]
        yield MEAN, fmean(last) if last else 0.0
        called = [one.called for one in now.people if one.called]
        newest = max((one for one in now.people if one.called), key=lambda one: one.called or 0, default=None)
        yield LAST, float((newest.called or 0) - newest.joined) if newest and called else 0.0
        services = [one.served for one in self.branch.gone[-300:] if one.served is not None]
        mean = fmean(services) if services else float(now.rules.service)
        order = call_order(now.people, now.rules, now.at, now.turn)
        position = 1 + next(i for i, entry in enumerate(order) if entry.id == joining.id)
        yield POSITION, position * mean / max(1, now.open_counters)


@dataclass(frozen=True)
class Outcome:
    """What became of one branch: the scores of each method on the test days, and the times of forecasts."""

    world: World
    scores: dict[str, _Score]
    seconds: tuple[float, ...]
    waits: int
    mean_wait: float

    @property
    def ratio(self) -> float:
        return self.scores[FORECAST].pinball / self.scores[POSITION].pinball

    def goals(self) -> dict[str, bool]:
        forecast = self.scores[FORECAST]
        return {
            "pinball ≤ 0.75": self.ratio <= 0.75,
            "P80 77–84 %": 0.77 <= forecast.covered[1] <= 0.84,
            "P90 87–93 %": 0.87 <= forecast.covered[2] <= 0.93,
            "no crossing": forecast.crossed == 0,
            "≤ 5 ms": _median(self.seconds) <= 0.005,
        }


def play(world: World, teaching: int, testing: int, seed: int) -> Outcome:
    """A branch lives for some days; the waits of the last ones are the test."""
    watcher = _Watcher(teaching)
    branch = watcher.branch = Branch(world, seed, watcher)
    for day in range(teaching + testing):
        watcher.day = day
        branch.day(day)
    known = [(told, branch.waits[told.id]) for told in watcher.told if told.id in branch.waits]
    first = [(told, wait) for told, wait in known if told.day < teaching]
    test = [(told, wait) for told, wait in known if told.day >= teaching]
    scores = {}
    for name in _METHODS:
        factors = (1.0,) * 3 if name == FORECAST else _factors(name, first)
        scores[name] = _scored([(_scaled(told.said[name], factors), wait) for told, wait in test])
    seconds = tuple(sorted(told.seconds for told, _ in test))
    return Outcome(world, scores, seconds, len(test), fmean(wait for _, wait in test) / MINUTE)


def _factors(name: str, known: Sequence[tuple[_Told, int]]) -> Quantiles:
    """What the errors of the first days ask for, as the forecast corrects itself too."""
    ratios = sorted((wait + LEEWAY) / (told.said[name][0] + LEEWAY) for told, wait in known)
    return tuple(ratios[int(share * len(ratios))] for share in QUANTILES)


def _scaled(said: Quantiles, factors: Quantiles) -> Quantiles:
    return tuple(
        max(0.0, (one + LEEWAY) * factor - LEEWAY) if factor != 1 else one
        for one, factor in zip(said, factors, strict=True)
    )


def _scored(known: Sequence[tuple[Quantiles, int]]) -> _Score:
    losses = [
        max(share * (wait - one), (share - 1) * (wait - one))
        for said, wait in known
        for share, one in zip(QUANTILES, said, strict=True)
    ]
    covered = tuple(fmean(wait <= said[i] for said, wait in known) for i in range(3))
    return _Score(fmean(losses) / MINUTE, covered, sum(list(said) != sorted(said) for said, _ in known))


def _median(times: Sequence[float]) -> float:
    return times[len(times) // 2]


def run(teaching: int = 8, testing: int = 20, *, seed: int = 11, tuned: bool = False) -> Result:
    """Plays every branch of the test list, or of the one that it was `tuned` on.

    The waits of one day are alike: on fewer days than twenty, a share of them is off by points by chance.
    """
    chosen = worlds.TUNED if tuned else worlds.TEST
    outcomes = [play(world, teaching, testing, seed) for world in chosen]
    rows = [_row(outcome) for outcome in outcomes]
    return Result(
        f"waits foretold at the join, {len(chosen)} branches, {teaching} days to learn and {testing} to test",
        (*rows, *_means(outcomes)),
        (*_shares(outcomes), "pinball loss in minutes, the mean of those of P50, P80 and P90"),
    )


def _row(outcome: Outcome) -> Row:
    forecast = outcome.scores[FORECAST]
    return Row(
        outcome.world.name,
        {
            "waits": outcome.waits,
            "mean wait min": round(outcome.mean_wait, 1),
            **{f"{name}": round(outcome.scores[name].pinball, 2) for name in _METHODS},
            "of position": round(outcome.ratio, 2),
            "P50 %": round(100 * forecast.covered[0], 1),
            "P80 %": round(100 * forecast.covered[1], 1),
            "P90 %": round(100 * forecast.covered[2], 1),
            "p50 ms": round(1_000 * _median(outcome.seconds), 2),
            "goals": sum(outcome.goals().values()),
        },
    )


def _means(outcomes: Sequence[Outcome]) -> Iterator[Row]:
    for name in _METHODS:
        scores = [outcome.scores[name] for outcome in outcomes]
        shares = [o.scores[name].pinball / o.scores[POSITION].pinball for o in outcomes]
        covered = [round(100 * fmean(score.covered[i] for score in scores), 1) for i in range(3)]
        yield Row(
            f"mean: {name}",
            {
                "of position": round(fmean(shares), 2),
                "P50 %": covered[0],
                "P80 %": covered[1],
                "P90 %": covered[2],
            },
        )


def _shares(outcomes: Sequence[Outcome]) -> Iterable[str]:
    met = [outcome.goals() for outcome in outcomes]
    for goal in met[0]:
        yield f"{goal}: {sum(goals[goal] for goals in met)} of {len(met)} branches"
    yield f"all goals: {sum(all(goals.values()) for goals in met)} of {len(met)} branches"
