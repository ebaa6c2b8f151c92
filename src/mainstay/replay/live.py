"""Live through a history by one policy, day by day, and keep what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from time import perf_counter

import numpy as np
import polars as pl

from mainstay.errors import SolveError, UsageError
from mainstay.network.profiles import rows_of
from mainstay.plan import Plan
from mainstay.replay.effects import Array
from mainstay.replay.known import Known, look
from mainstay.replay.policies import COLUMNS, Policy, decisions_of
from mainstay.replay.rules import Rules
from mainstay.replay.share_out import DAYS_AHEAD, Desk, ShareOut
from mainstay.replay.truth import History
from mainstay.replay.world import Day, State, World
from mainstay.stress.model import RULES_WEIGHT, TIER_WEIGHTS

Tell = Callable[[str, int, int], None]
"""Told the policy, the day from 1, and how many days there are."""

CHANGED = 0.01
"""Share of a typical quantity by which a decision must differ to count as changed."""


@dataclass(frozen=True)
class Moment:
    """What was decided on one morning.

    made_on : the day; decisions : for that day and later, in the names of the world; forecast : of the needs, as known
    then (item, tier, date, quantity); in_force : table ``decisions`` of the plan; seconds : to decide
    failed : why no plan was found, so that the plan in force is kept to; empty: one was
    """

    made_on: date
    decisions: pl.DataFrame
    forecast: pl.DataFrame
    in_force: pl.DataFrame | None
    seconds: float
    failed: str = ""


@dataclass(frozen=True)
class Life:
    """A history lived through by one policy, on its first path.

    days : what happened; wanted : (K,) ordered on each day; costs : money spent on each day; dips : share of each floor
    that was missing on each day, summed; moments : mornings of decisions
    """

    name: str
    history: History
    rules: Rules
    days: tuple[Day, ...]
    wanted: tuple[Array, ...]
    costs: Array
    dips: Array
    moments: tuple[Moment, ...] = field(default=())
    seconds: float = 0.0

    @cached_property
    def dates(self) -> list[date]:
        """The days lived through."""
        return [self.history.first + timedelta(days=day) for day in range(len(self.days))]

    @cached_property
    def losses(self) -> Array:
        """What was lost on each day: weighted shares of need, as stress counts them (T,)."""
        weight = unit_losses(self.rules)
        ease = ease_losses(self.rules)
        return np.array([weight @ d.lost[:, 0] + ease @ d.done[:, 0] for d in self.days]) + RULES_WEIGHT * self.dips

    @property
    def loss(self) -> float:
        """The same of all days: 1 is all vital need of one item of weight 1."""
        return float(self.losses.sum())


def unit_losses(rules: Rules) -> Array:
    """What losing a unit of each need counts (N,)."""
    tier = rules.needs["tier"].replace_strict(TIER_WEIGHTS, return_dtype=pl.Float64).to_numpy()
    return np.asarray(rules.needs["weight"].to_numpy() * tier)


def ease_losses(rules: Rules) -> Array:
    """What stepping a unit of need down counts, of each task (K,): its strain."""
    tasks = rules.tasks
    of_tier = tasks["other"].replace_strict(TIER_WEIGHTS, default=0.0, return_dtype=pl.Float64).fill_null(0.0)
    return np.where((tasks["kind"] == "ease").to_numpy(), rules.network.penalty * of_tier.to_numpy(), 0.0)


def live(
    history: History,
    policy: Policy | ShareOut,
    *,
    rules: Rules | None = None,
    every: int = 1,
    horizon: str | None = None,
    progress: Tell | None = None,
) -> Life:
    """Live through a history by one policy.

    Parameters
    ----------
    rules : of the history's true case, where they are at hand
    every : days from one morning of decisions to the next
    horizon : periods of the plans; None: the case's

    Raises
    ------
    UsageError : a policy answers what is no decision, or names a task that the world does not have
    """
    rules = rules or Rules.of(history.true)
    horizon = horizon or history.case.horizon
    begin = perf_counter()
    if isinstance(policy, ShareOut):
        life = _by_rule(history, policy, rules, every, horizon, progress)
    else:
        life = _by_decisions(history, policy, rules, every, horizon, progress)
    return Life(**{**life.__dict__, "seconds": perf_counter() - begin})


def _by_decisions(
    history: History, policy: Policy, rules: Rules, every: int, horizon: str, progress: Tell | None
) -> Life:
    world = World(rules)
    state = world.begin()
    foresees = bool(getattr(policy, "foresees", False))
    book = Book(world)
    moments: list[Moment] = []
    for day in range(history.num_days):
        if progress:
            progress(policy.name, day + 1, history.num_days)
        if day == 0 or (day % every == 0 and not foresees):
            in_force = moments[-1].in_force if moments else None
            if foresees:
                known = Known(history.first, history.true, None, None, history.num_days)
            else:
                known = look(history, rules, state, book.done, horizon=horizon, in_force=in_force, days=every)
            moments.append(_decide_or_keep(policy, known, rules, moments))
        orders = orders_of(moments[-1].decisions, rules, world.needs[:, day, 0], book.dates(history)[-1])
        book.live(state, orders[:, None])
    return book.life(policy.name, history, tuple(moments))


def _decide_or_keep(policy: Policy, known: Known, rules: Rules, before: list[Moment]) -> Moment:
    """What is decided; where no plan is found, what the plan in force says of the days to come."""
    try:
        return _decide(policy, known, rules)
    except SolveError as error:
        if not before:
            raise
        return replace(before[-1], made_on=known.day, forecast=_forecast(known), failed=str(error))


def _decide(policy: Policy, known: Known, rules: Rules) -> Moment:
    clock = perf_counter()
    answer = policy.decide(known)
    decisions = decisions_of(answer, known)
    is_known = pl.col("task").is_in(rules.tasks["task"].implode())
    # What was foreseen to be needed and is not has nothing to serve; what a plan begins that would be ready only after
    # the last day is no task of the world.
    never_comes = ~is_known & (isinstance(answer, Plan) | pl.col("task").str.contains("^(serve|ease):need:"))
    decisions = decisions.filter(~never_comes)
    unknown = decisions.filter(~is_known)
    if unknown.height:
        raise UsageError(
            f'The policy {policy.name} starts "{unknown["task"][0]}", which the case does not have. Name tasks as the '
            "table decisions of a plan does."
        )
    in_force = answer.tables["decisions"] if isinstance(answer, Plan) else None
    return Moment(known.day, decisions, _forecast(known), in_force, perf_counter() - clock)


def _forecast(known: Known) -> pl.DataFrame:
    """Needs as they are foreseen: item, tier, date, quantity; those that wait are not counted again."""
    needs = known.case["needs"].filter((pl.col("scenario") == known.case.scenario) & pl.col("since").is_null())
    return (
        needs.filter(pl.col("date") >= known.day)
        .group_by("item", "tier", "date")
        .agg(pl.col("quantity").sum())
        .sort("item", "tier", "date")
    )


def orders_of(decisions: pl.DataFrame, rules: Rules, need: Array, today: date) -> Array:
    """Units of each task to start today (K,); of what falls due today, ``need`` (N,), the share that was decided."""
    last = pl.col("date") + pl.duration(days=pl.col("days") - 1)
    rows = decisions.filter((pl.col("date") <= today) & (last >= today))
    task = rows_of(rules.tasks["task"], rows["task"])
    extent = (rows["extent"] / rows["days"]).to_numpy()
    waiting = rows["waiting"].fill_null(0.0).to_numpy()
    foreseen = (rows["foreseen"] / rows["days"]).fill_null(0.0).to_numpy() + waiting
    asked = need[np.maximum(rules.meets[task], 0)] + waiting
    scale = np.divide(asked, foreseen, out=np.ones_like(extent), where=foreseen > 0)
    orders = np.zeros(rules.tasks.height)
    np.add.at(orders, task, extent * scale)
    return orders


def _by_rule(history: History, rule: ShareOut, rules: Rules, every: int, horizon: str, progress: Tell | None) -> Life:
    world = World(rules)
    state, desk, book = world.begin(), Desk(world, rule), Book(world)
    moments: list[Moment] = []
    projected: Array | None = None
    for day in range(history.num_days):
        if progress:
            progress(rule.name, day + 1, history.num_days)
        if day % every == 0:
            known = look(history, rules, state, book.done, horizon=horizon, in_force=None, days=every)
            projected = daily_projection(known, rules)
            nothing = pl.DataFrame(schema=COLUMNS)
            moments.append(Moment(known.day, nothing, _forecast(known), None, 0.0))
        book.live(state, desk.orders(state, projected))
    return book.life(rule.name, history, tuple(moments))


def daily_projection(known: Known, rules: Rules) -> Array:
    """Mean daily need of the next days, as it is projected (N,)."""
    key = ["item", "place", "tier"]
    ahead = known.case["needs"].filter(
        (pl.col("scenario") == known.case.scenario)
        & pl.col("since").is_null()
        & pl.col("date").is_between(known.day, known.day + timedelta(days=DAYS_AHEAD - 1))
    )
    mean = ahead.group_by(key).agg(pl.col("quantity").sum() / DAYS_AHEAD)
    return rules.needs.join(mean, on=key, how="left", maintain_order="left")["quantity"].fill_null(0.0).to_numpy()


class Book:
    """Keeps what happens on the days of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.done: list[Array] = []
        self.days: list[Day] = []
        self.wanted: list[Array] = []
        self._costs: list[float] = []
        self._dips: list[float] = []

    def dates(self, history: History) -> list[date]:
        """The days so far, and today."""
        return [history.first + timedelta(days=day) for day in range(len(self.days) + 1)]

    def live(self, state: State, orders: Array) -> None:
        """Live through today."""
        day = self.world.live(state, orders)
        self.done.append(day.done)
        self.days.append(day)
        self.wanted.append(orders[:, 0])
        self._costs.append(float(self.world.cost(day)[0]))
        self._dips.append(self.world.dip(state))

    def life(self, name: str, history: History, moments: tuple[Moment, ...]) -> Life:
        """All of it."""
        return Life(
            name,
            history,
            self.world.rules,
            tuple(self.days),
            tuple(self.wanted),
            np.array(self._costs),
            np.array(self._dips),
            moments,
        )
