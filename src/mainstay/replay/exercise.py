"""An exercise: a history in which people decide, day by day; the world is recomputed from what they decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from mainstay.errors import UsageError
from mainstay.network.profiles import rows_of
from mainstay.plan import Plan
from mainstay.replay.effects import Array
from mainstay.replay.known import Known, look
from mainstay.replay.live import Book, Life, Moment, daily_projection, orders_of
from mainstay.replay.policies import COLUMNS, Decisions, decisions_of
from mainstay.replay.rules import Rules
from mainstay.replay.share_out import RULES, Desk
from mainstay.replay.truth import History
from mainstay.replay.world import Day, World

Orders = Mapping[str, float]
"""What is started on a day: units by task of the network."""

TEAM = "team"
"""Name of the people who decide in an exercise, among the policies."""


@dataclass(frozen=True)
class Decided:
    """The policy of people: on each day what they decided, as it was kept."""

    orders: Mapping[date, Orders]
    name: str = TEAM

    def decide(self, known: Known) -> Decisions:
        """What was decided on that day."""
        return as_decisions(self.orders[known.day], known.day)


def as_decisions(orders: Orders, day: date) -> Decisions:
    """Orders of one day as a table of decisions: task, date, days, extent."""
    rows = [(task, day, 1, extent, None, None) for task, extent in orders.items()]
    return pl.DataFrame(rows, COLUMNS, orient="row")


class Exercise:
    """Where an exercise stands: the same decisions on the same history lead to the same world.

    history : what really happens; rules : of its true case, where they are at hand
    decided : what was started on each day so far, the first day first
    """

    def __init__(self, history: History, decided: Sequence[Orders] = (), *, rules: Rules | None = None) -> None:
        self.history = history
        self.rules = rules or Rules.of(history.true)
        self.world = World(self.rules)
        self.state = self.world.begin()
        self._book = Book(self.world)
        self._moments: list[Moment] = []
        for orders in decided:
            self.live(orders)

    @property
    def today(self) -> date:
        """The day that is to be decided on; when all is lived through, the day after the last."""
        return self.history.first + timedelta(days=self.state.day)

    @property
    def is_over(self) -> bool:
        """Whether every day was lived through."""
        return self.state.day >= self.history.num_days

    @property
    def days(self) -> list[Day]:
        """What happened on each day so far."""
        return self._book.days

    @property
    def wanted(self) -> list[Array]:
        """What was ordered on each day so far, each (K,)."""
        return self._book.wanted

    def live(self, orders: Orders) -> Day:
        """Live through today.

        Raises
        ------
        UsageError : all days are lived through, or a task is not of the case
        """
        if self.is_over:
            raise UsageError(f"The last day, {self.today - timedelta(days=1)}, is lived through. End the exercise.")
        vector = self._vector(orders)
        nothing = pl.DataFrame(schema={"item": pl.String, "tier": pl.String, "date": pl.Date, "quantity": pl.Float64})
        self._moments.append(Moment(self.today, as_decisions(orders, self.today), nothing, None, 0.0))
        self._book.live(self.state, vector[:, None])
        return self._book.days[-1]

    def life(self, name: str = TEAM) -> Life:
        """What happened so far."""
        return self._book.life(name, self.history, tuple(self._moments))

    def known(self, horizon: str | None = None) -> Known:
        """What is known this morning; ``horizon``: periods of the case that is given, None: those of the history's."""
        periods = horizon or self.history.case.horizon
        return look(self.history, self.rules, self.state, self._book.done, horizon=periods, in_force=None, days=1)

    def asked(self) -> pl.DataFrame:
        """What is asked for this morning: item, place, tier, quantity [units], what waits from before included."""
        due = self.world.due_now(self.world.peek(self.state))[:, 0]
        return self.rules.needs.select("item", "place", "tier", quantity=pl.Series(due)).filter(pl.col("quantity") > 0)

    def proposal(self, rule: str, known: Known) -> dict[str, float]:
        """What a rule of thumb would start today, of what is known to be there.

        Raises
        ------
        UsageError : there is no such rule
        """
        if rule not in RULES:
            raise UsageError(f'There is no rule of thumb "{rule}". Rules: {", ".join(RULES)}.')
        orders = Desk(self.world, RULES[rule]).orders(self.state, daily_projection(known, self.rules))
        return self._named(np.where(self.is_known(known), orders[:, 0], 0.0))

    def of_plan(self, plan: Plan | Decisions, known: Known) -> dict[str, float]:
        """What a plan made on what is known this morning starts today, in the names of the world."""
        decisions = decisions_of(plan, known)
        in_world = decisions.filter(pl.col("task").is_in(self.rules.tasks["task"].implode()))
        need = self.world.needs[:, self.state.day, 0]
        return self._named(orders_of(in_world, self.rules, need, self.today))

    def is_known(self, known: Known) -> np.ndarray:
        """Tasks whose lane, offer, licence, conversion or measure is known this morning (K,)."""
        case, tasks = known.case, self.rules.tasks
        codes = {
            "ship": case["lanes"]["lane"],
            "charter": case["lanes"]["lane"],
            "import": case["imports"]["source"],
            "convert": case["lines"]["line"],
            "license": case["licences"]["enterprise"],
            "measure": case["measures"]["measure"],
        }
        allowed = [
            pl.when(pl.col("kind") == kind).then(pl.col("subject").is_in(found.implode()))
            for kind, found in codes.items()
        ]
        return tasks.select(pl.coalesce(*allowed, pl.lit(True))).to_series().to_numpy()

    def _vector(self, orders: Orders) -> Array:
        tasks = self.rules.tasks["task"]
        unknown = set(orders) - set(tasks)
        if unknown:
            raise UsageError(
                f'The case has no task "{min(unknown)}". Name tasks as the table decisions of a plan does.'
            )
        vector = np.zeros(len(tasks))
        vector[rows_of(tasks, pl.Series(list(orders), dtype=pl.String))] = list(orders.values())
        return vector

    def _named(self, orders: Array) -> dict[str, float]:
        tasks = self.rules.tasks["task"]
        return {tasks[int(row)]: float(orders[row]) for row in np.flatnonzero(orders > 0)}
