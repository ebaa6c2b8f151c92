"""The model that is stressed: the network of the plan with one objective, the need that is lost, and what is whose.

A disruption changes right-hand sides and limits only. Where what is lost is a product of two decisions (a line that
was converted, times the share of it that runs), a row is added that holds what runs on it: its right-hand side is what
could run there at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.network.compile import compile
from mainstay.network.lines import most_usable
from mainstay.network.network import Network
from mainstay.network.prune import drop_idle
from mainstay.plan.needs import with_needs
from mainstay.solve.solution import Array
from mainstay.stress.disruption import Disruption, Target
from mainstay.tables import Case

TIER_WEIGHTS = {"vital": 1.0, "essential": 0.1, "desirable": 0.01}
"""What a share of need lost counts in each tier: a judgement, steep enough that vital needs decide."""

RULES_WEIGHT = 10.0
"""What breaking a floor over the whole horizon counts, against losing all vital need of one item."""

ACCOUNTS = ("deprivation", "depth", "fill", "plan in force", "target")
"""Resources that only serve objectives other than loss."""

LOSS, USE = "loss", "use"
"""Stages of the model: need lost; and all that is started, in typical sizes, so that nothing is used idly."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Model:
    """A case as it is stressed.

    network : with the stages ``loss`` and ``use``; needs, materials, lines, lanes and stocks as in the plan
    weights : of each tier; needed : (tier -> weighted need) loss when all of a tier's need is lost
    """

    case: Case
    network: Network
    weights: Mapping[str, float]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.network.resources["resource"])}

    @cached_property
    def lose(self) -> pl.DataFrame:
        """Tasks that lose a need: task (row), item, place, tier."""
        return (
            self.network.tasks.with_row_index("row")
            .filter(pl.col("kind") == "lose")
            .select(pl.col("row").cast(pl.Int64), "item", "place", tier="subject")
        )

    @cached_property
    def need(self) -> pl.DataFrame:
        """All that is needed within the horizon: item, place, tier, need, and what losing it counts."""
        resources = self.network.resources
        is_need = (resources["what"] == "need").to_numpy()
        total = self.network.supply[is_need].sum(axis=1)
        rows = resources.filter(pl.Series(is_need)).select("item", "place", tier="subject", need=pl.Series(total))
        weight = self.lose.with_columns(weight=pl.Series(self.network.penalty[self.lose["row"].to_numpy()]))
        return rows.join(weight.drop("row"), on=["item", "place", "tier"], how="left", maintain_order="left")

    @property
    def all_lost(self) -> float:
        """The loss when every need is lost."""
        return float((self.need["need"] * self.need["weight"].fill_null(0.0)).sum())

    def supply_under(self, *disruptions: Disruption) -> tuple[Array, Array]:
        """Supply (R, T) and limits of tasks (K, T) of the network under one or several disruptions."""
        supply, upper = self.network.supply.copy(), self.network.upper.copy()
        for disruption in disruptions:
            self._take(disruption, supply, upper)
        return supply, upper

    def _take(self, disruption: Disruption, supply: Array, upper: Array) -> None:
        """Take away what is lost."""
        left = 1.0 - disruption.lost(self.network.calendar)
        resources, tasks = self.touched(disruption.targets)
        supply[resources] = np.where(supply[resources] > 0, supply[resources] * left, supply[resources])
        with np.errstate(invalid="ignore"):
            less = np.where(left > 0, upper[tasks] * left, 0.0)
        upper[tasks] = less
        for row, most in self._of_items(disruption.targets):
            upper[row] = np.where(left < 1, np.minimum(upper[row], most * left), upper[row])

    def touched(self, targets: tuple[Target, ...]) -> tuple[Rows, Rows]:
        """Resources that there is less of when the targets are lost, and tasks that no such resource holds back."""
        if targets not in self._known:
            self._known[targets] = self._find_touched(targets)
        return self._known[targets]

    @cached_property
    def _known(self) -> dict[tuple[Target, ...], tuple[Rows, Rows]]:
        return {}

    def _find_touched(self, targets: tuple[Target, ...]) -> tuple[Rows, Rows]:
        lines: set[str] = set()
        lanes: set[str] = set()
        sources: set[str] = set()
        others: set[str] = set()
        for target in targets:
            lines |= self._lines_of(target)
            lanes |= self._lanes_of(target)
            sources |= self._sources_of(target)
            if target.kind == "pool":
                others.add(f"pool:{target.name}")
        names = (
            {f"{what}:{line}" for line in lines for what in ("capacity", "standing")}
            | {f"room:{lane}" for lane in lanes}
            | {f"{what}:{source}" for source in sources for what in ("offer", "window")}
            | others
        )
        resources = np.array(sorted(self._rows[name] for name in names if name in self._rows), dtype=np.int64)
        tasks = self.network.tasks.with_row_index("row").filter(
            (pl.col("kind").is_in(["ship", "charter"]) & pl.col("subject").is_in(sorted(lanes)))
            | ((pl.col("kind") == "import") & pl.col("subject").is_in(sorted(sources)))
        )
        return resources, np.setdiff1d(tasks["row"].cast(pl.Int64).to_numpy(), self._held_by(resources))

    def _held_by(self, resources: Rows) -> Rows:
        """Tasks that take one of these resources, of which there is no more than is supplied."""
        effects = self.network.effects
        given = effects.filter(pl.col("amount") > 0)["resource"]
        scarce = np.setdiff1d(resources, [*given, *self.network.feeds["flow"]])
        held = effects.filter((pl.col("amount") < 0) & pl.col("resource").is_in(scarce))
        return held["task"].unique().cast(pl.Int64).to_numpy()

    @cached_property
    def _all_lines(self) -> pl.DataFrame:
        return most_usable(self.case, self.network.calendar)[0]

    @cached_property
    def _inside(self) -> dict[str, set[str]]:
        """Every place, and all that lies in it."""
        parent = dict(self.case["places"].select("place", "parent").iter_rows())
        inside: dict[str, set[str]] = {place: set() for place in parent}
        for place in parent:
            above: str | None = place
            while above is not None and place not in inside.get(above, {place}):
                inside[above].add(place)
                above = parent.get(above)
        return inside

    def _lines_of(self, target: Target) -> set[str]:
        lines = self._all_lines
        if target.kind == "enterprise":
            found = lines.filter(pl.col("enterprise") == target.name)
        elif target.kind == "owner":
            owned = self.case["enterprises"].filter(pl.col("owner") == target.name)["enterprise"]
            found = lines.filter(pl.col("enterprise").is_in(owned.implode()))
        elif target.kind == "region":
            found = lines.filter(pl.col("place").is_in(sorted(self._inside[target.name])))
        elif target.kind == "line":
            found = lines.filter((pl.col("line") == target.name) | pl.col("line").str.starts_with(f"{target.name}>"))
        else:
            return set()
        return set(found["line"])

    def _lanes_of(self, target: Target) -> set[str]:
        """A lane itself; of a region the lanes that leave it. What comes to its people may come."""
        lanes = self.case["lanes"]
        if target.kind == "lane":
            return {target.name}
        if target.kind != "region":
            return set()
        inside = sorted(self._inside[target.name])
        leaving = lanes.filter(pl.col("origin").is_in(inside) & ~pl.col("destination").is_in(inside))
        return set(leaving["lane"])

    def _sources_of(self, target: Target) -> set[str]:
        imports = self.case["imports"]
        if target.kind == "source":
            return {target.name}
        if target.kind == "region":
            return set(imports.filter(pl.col("port").is_in(sorted(self._inside[target.name])))["source"])
        if target.kind == "item":
            return set(imports.filter(pl.col("item") == target.name)["source"])
        return set()

    def _of_items(self, targets: tuple[Target, ...]) -> list[tuple[int, Array]]:
        """Tasks that make an item that is lost, and the most of them that their lines could run (T,)."""
        items = [target.name for target in targets if target.kind == "item"]
        if not items:
            return []
        makes = self.network.tasks.with_row_index("row").filter(
            pl.col("kind").is_in(["make", "release"]) & pl.col("item").is_in(items)
        )
        groups, usable = most_usable(self.case, self.network.calendar)
        number = {line: row for row, line in enumerate(groups["line"])}
        rate = dict(self.case["processes"].select("process", "rate_per_day").iter_rows())
        days = self.network.calendar.lengths
        return [
            (int(row), usable[number[line]] * days * rate[process])
            for row, line, process in makes.select("row", "subject", "other").iter_rows()
        ]


def make_model(
    case: Case,
    *,
    scenario: str | None = None,
    horizon: str | None = None,
    weights: Mapping[str, float] = TIER_WEIGHTS,
) -> Model:
    """The model of a case: checked, its needs derived where it does not bring them, whole numbers let go.

    The loss of a need is weight x tier's weight x share of all that is needed of the item in the tier; a need stepped
    down counts its strain, a floor broken ``RULES_WEIGHT``. A tier without a weight does not count.

    Raises
    ------
    DataError : the case has errors; UsageError : needs are derived, and not for this scenario
    """
    case, _ = with_needs(case if horizon is None else case.replace(horizon=horizon), scenario)
    return Model(case, only_loss(with_standing(case, compile(case)), weights), weights)


def only_loss(network: Network, weights: Mapping[str, float], accounts: Sequence[str] = ACCOUNTS) -> Network:
    """The network with the stages loss and use, and without what serves other objectives only, the accounts."""
    resources, tasks = network.resources, network.tasks
    gone = resources["what"].is_in(accounts).to_numpy()
    touches_others = np.zeros(tasks.height, dtype=bool)
    effects = network.effects.filter(~pl.Series(gone).gather(network.effects["resource"]))
    touches_others[effects["task"].to_numpy()] = True
    feeds = ~gone[network.feeds["flow"].to_numpy()]
    penalty = np.zeros(tasks.height)
    loses = (tasks["kind"] == "lose").to_numpy()
    penalty[loses] = _worth(network, weights)[loses]
    eases = (tasks["kind"] == "ease").to_numpy()
    of_tier = tasks["other"].replace_strict(dict(weights), default=0.0, return_dtype=pl.Float64).fill_null(0.0)
    penalty[eases] = (network.penalty * of_tier.to_numpy())[eases]
    dips = (tasks["kind"] == "dip").to_numpy()
    penalty[dips] = network.penalty[dips] * RULES_WEIGHT
    return drop_idle(
        replace(
            network,
            stages=(LOSS, USE),
            supply=np.where(gone[:, None], 0.0, network.supply),
            holding_cost=np.zeros(resources.height),
            holding_penalty=np.zeros(resources.height),
            holding_stage=np.full(resources.height, -1, dtype=np.int64),
            tasks=tasks.with_columns(is_whole=pl.lit(False)),
            upper=np.where(touches_others[:, None], network.upper, 0.0),
            cost=1.0 / network.task_scale,
            penalty=penalty,
            stage=np.where(penalty > 0, 0, -1),
            effects=effects,
            feeds=network.feeds.filter(pl.Series(feeds)),
            feed_share=network.feed_share[feeds],
            useful_from=np.zeros(0, dtype=np.int64),
        )
    )


def _worth(network: Network, weights: Mapping[str, float]) -> Array:
    """What a unit lost counts, of each task that loses a need (K,); 0 for others.

    The network says it by the first tranche of a shortage, which counts a lost unit once.
    """
    first = network.tasks.with_columns(penalty=pl.Series(network.penalty)).filter(
        (pl.col("kind") == "depth") & pl.col("task").str.ends_with(":1")
    )
    known = network.tasks.join(
        first.select("item", "place", "subject", "penalty"),
        on=["item", "place", "subject"],
        how="left",
        maintain_order="left",
    )
    of_tier = network.tasks["subject"].replace_strict(dict(weights), default=0.0, return_dtype=pl.Float64)
    return np.asarray((known["penalty"].fill_null(0.0) * of_tier.fill_null(0.0)).to_numpy())


def with_standing(case: Case, network: Network) -> Network:
    """The network with a row more for each group of lines whose capacity is decided: what could run on it at most.

    Every plan keeps within these rows; only when the line is lost do they bind.
    """
    groups, usable = most_usable(case, network.calendar)
    row_of = {name: row for row, name in enumerate(network.resources["resource"])}
    effects, fed = network.effects, set(network.feeds["flow"].to_list())
    given = set(effects.filter(pl.col("amount") > 0)["resource"].unique().to_list())
    decided = [
        (line, row_of[f"capacity:{line}"], most * network.calendar.lengths)
        for line, most in zip(groups["line"], usable, strict=True)
        if row_of.get(f"capacity:{line}") in fed | given
    ]
    if not decided:
        return network
    height, num = network.resources.height, len(decided)
    at = np.array([row for _, row, _ in decided])
    more = network.resources[at].with_columns(
        resource=pl.Series([f"standing:{line}" for line, _, _ in decided]), what=pl.lit("standing lines")
    )
    to = pl.DataFrame({"resource": at, "standing": np.arange(height, height + num)})
    runs = effects.filter(pl.col("amount") < 0).join(
        to.cast({"resource": effects.schema["resource"]}), on="resource", how="inner", maintain_order="left"
    )
    runs = runs.with_columns(resource=pl.col("standing").cast(effects.schema["resource"])).select(effects.columns)
    shape = (num, len(network.calendar))

    def longer(values: Array, rest: Array) -> Array:
        return np.concatenate([values, rest])

    return replace(
        network,
        resources=pl.concat([network.resources, more]),
        supply=longer(network.supply, np.array([most for _, _, most in decided])),
        store=longer(network.store, np.full(shape, np.inf)),
        surplus=np.concatenate([network.surplus, np.zeros(num, dtype=bool)]),
        holding_cost=longer(network.holding_cost, np.zeros(num)),
        holding_penalty=longer(network.holding_penalty, np.zeros(num)),
        holding_stage=np.concatenate([network.holding_stage, np.full(num, -1, dtype=np.int64)]),
        resource_scale=longer(network.resource_scale, network.resource_scale[at]),
        effects=pl.concat([effects, runs]),
    )
