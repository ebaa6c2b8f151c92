"""The two-stage programme of a case: what is made ready once, and the best that each future then allows.

One network is compiled for all futures: with the options as tasks, and with every need that any future has. Futures
change what is needed and what is lost, which are sides and limits of one programme; so it is built once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from mainstay.errors import UsageError
from mainstay.network.compile import compile
from mainstay.network.kinds.serve import DEPRIVATION, NEED, due
from mainstay.network.network import Network
from mainstay.network.profiles import rows_of
from mainstay.plan.needs import checked
from mainstay.prepare import tasks
from mainstay.prepare.future import Future
from mainstay.prepare.sides import Sides
from mainstay.solve import Outcomes, Program, Risk, TwoStage, build
from mainstay.solve.risk import MEAN
from mainstay.solve.solution import Array
from mainstay.stress.model import ACCOUNTS, TIER_WEIGHTS, only_loss, with_standing
from mainstay.tables import Case

NEED_COLUMNS = ("item", "place", "tier", "date", "quantity", "patience_days")
ANY = "any future"
"""Scenario under which the needs of all futures stand together."""
WEIGHT_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Preparation:
    """A case, its options and its futures as one two-stage programme.

    options : (n rows) option, form, item, place, most, cost_a_year, is_whole of what can help at all
    needs : item, place, tier, weight (what losing one unit counts), mean (of the futures prepared for)
    problem : over the futures prepared for, with money as its unit; worth : [money] per weighted share lost
    fresh : outcomes of further futures, to try designs on
    unit : (n,) units of the option per unit of the programme's columns
    needed, fresh_needed : (futures, needs) [units of the item] that each needs in all
    """

    case: Case
    network: Network
    options: pl.DataFrame
    needs: pl.DataFrame
    names: tuple[str, ...]
    problem: TwoStage
    worth: float
    fresh: Outcomes
    unit: Array
    needed: Array
    fresh_needed: Array

    def with_budget(self, budget: float | None) -> TwoStage:
        """The programme in which all that stands ready may cost so much a year; None: whatever it does."""
        problem = self.problem
        if budget is None:
            return problem
        return replace(
            problem,
            rows=sparse.vstack([problem.rows, sparse.csr_array(problem.cost[None, :])], format="csc"),
            row_lower=np.append(problem.row_lower, -np.inf),
            row_upper=np.append(problem.row_upper, budget),
        )

    @cached_property
    def everything(self) -> float:
        """What all options together cost a year."""
        return float(self.problem.cost @ self.problem.most)


def make_preparation(
    case: Case,
    futures: Sequence[Future],
    *,
    fresh: Sequence[Future] = (),
    worth: float | None = None,
    risk: Risk = MEAN,
    deprivation: float = DEPRIVATION,
    weights: Mapping[str, float] = TIER_WEIGHTS,
) -> Preparation:
    """Compile a case for its futures.

    Parameters
    ----------
    futures : to prepare for; their weights sum to 1
    fresh : further futures, to try designs on; their weights sum to 1
    worth : [money] what losing all vital need of an item of weight 1 counts, of an average future; None: ten times
        what all options cost a year, so that need decides
    deprivation : weight of a unit that a place is behind, per day, against a unit lost; 0: a unit lost counts once
    weights : of each tier

    Raises
    ------
    DataError : the case has errors
    UsageError : no future, no option, weights that do not sum to 1, or a future without needs
    """
    _check(case, futures, "futures")
    if fresh:
        _check(case, fresh, "fresh futures")
    together = _together(case, [*futures, *fresh])
    compiled = compile(together, more=(tasks,))
    needs, _, _ = due(together, together.calendar)
    needed, fresh_needed = _needed(together, needs, futures), _needed(together, needs, fresh)
    mean = np.array([future.weight for future in futures]) @ needed
    needs = _weighed(needs, mean, weights)
    network = _priced(_with_ready_standing(with_standing(together, compiled)), needs, deprivation, weights)
    program = build(network, every_row=True)
    options, column = _first_stage(together, network, program)
    scale = program.column_scale[column]
    cost = options["cost_a_year"].to_numpy() * scale
    if worth is None:
        worth = 10.0 * float(cost @ program.upper[column])
    sides = Sides(together, network, program, column)
    core, outcomes = sides.programme(futures, fresh, _price(program, worth), _parts(network, program, needs))
    problem = TwoStage(
        cost=cost,
        most=program.upper[column],
        is_whole=options["is_whole"].to_numpy(),
        **sides.first_stage(),
        core=core,
        outcomes=outcomes.take(np.arange(len(futures))),
        risk=risk,
    )
    return Preparation(
        case=case,
        network=network,
        options=options,
        needs=needs,
        names=tuple(future.name for future in futures),
        problem=problem,
        worth=worth,
        fresh=outcomes.take(np.arange(len(futures), len(outcomes))),
        unit=scale,
        needed=needed,
        fresh_needed=fresh_needed,
    )


def _check(case: Case, futures: Sequence[Future], what: str) -> None:
    if not futures:
        raise UsageError("There is no future to prepare for. Give the table futures, or make some.")
    if case["options"].is_empty():
        raise UsageError(
            "The table options is empty: nothing can be made ready. Say in it what may be, and at what cost."
        )
    total = sum(future.weight for future in futures)
    if abs(total - 1) > WEIGHT_TOLERANCE or min(future.weight for future in futures) <= 0:
        raise UsageError(
            f"The weights of the {what} sum to {total:g}. Give each a weight above 0, all of which sum to 1."
        )
    for future in futures:
        inside = pl.col("date").is_between(case.start, case.calendar.end, closed="left")
        if future.needs.filter(inside & (pl.col("quantity") > 0)).is_empty():
            raise UsageError(
                f"The future {future.name} has no needs from {case.start} up to {case.calendar.end}, the days of the "
                "case. Give it some there, or leave it out."
            )
        for disruption in future.disruptions:
            disruption.check(case.calendar)


def _together(case: Case, futures: Sequence[Future]) -> Case:
    """The checked case with every need that any future has, each at its largest, as one scenario."""
    needs = (
        pl.concat([future.needs.select(NEED_COLUMNS) for future in futures])
        .group_by("item", "place", "tier", "date")
        .agg(pl.col("quantity").max(), pl.col("patience_days").max())
        .with_columns(pl.col("patience_days").max().over("item", "place", "tier"), scenario=pl.lit(ANY))
        .sort("item", "place", "tier", "date")
    )
    nothing = {name: case[name].head(0) for name in ("step_downs", "futures", "future_losses")}
    return checked(case.replace(course="needs", scenario=ANY, needs=needs, frozen_days=0, **nothing))


def _with_ready_standing(network: Network) -> Network:
    """What gives capacity by being ready also adds to what stands there at most."""
    names = network.resources["resource"]
    row = {name: number for number, name in enumerate(names)}
    standing = {
        number: row[f"standing:{name.removeprefix('capacity:')}"]
        for name, number in row.items()
        if name.startswith("capacity:") and f"standing:{name.removeprefix('capacity:')}" in row
    }
    giving = network.tasks["kind"].is_in([tasks.PREPARE, tasks.USE])
    more = network.effects.filter(
        giving.gather(network.effects["task"]) & (pl.col("amount") > 0) & pl.col("resource").is_in(list(standing))
    ).with_columns(pl.col("resource").replace_strict(standing, return_dtype=network.effects.schema["resource"]))
    return replace(network, effects=pl.concat([network.effects, more]))


def _needed(case: Case, needs: pl.DataFrame, futures: Sequence[Future]) -> Array:
    """What each future needs in all (futures, needs) [units of the item]."""
    total = np.zeros((len(futures), needs.height))
    for number, future in enumerate(futures):
        inside = future.needs.filter(pl.col("date").is_between(case.start, case.calendar.end, closed="left"))
        each = inside.group_by(need=NEED).agg(pl.col("quantity").sum())
        total[number, rows_of(needs["need"], each["need"])] = each["quantity"].to_numpy()
    return total


def _weighed(needs: pl.DataFrame, mean: Array, weights: Mapping[str, float]) -> pl.DataFrame:
    """The needs with what losing a unit counts: the item's weight x the tier's, over all its mean need in the tier."""
    of_tier = pl.col("tier").replace_strict(dict(weights), default=0.0, return_dtype=pl.Float64)
    shared = needs.with_columns(mean=pl.Series(mean)).with_columns(all_mean=pl.col("mean").sum().over("item", "tier"))
    weight = pl.when(pl.col("all_mean") > 0).then(pl.col("item_weight") * of_tier / pl.col("all_mean")).otherwise(0.0)
    return shared.select("need", "item", "place", "tier", "mean", weight=weight)


def _priced(network: Network, needs: pl.DataFrame, deprivation: float, weights: Mapping[str, float]) -> Network:
    """The network with two stages: need lost, weighted; and the money that the case says its tasks cost."""
    accounts = [each for each in ACCOUNTS if each != "deprivation" or not deprivation]
    bare = only_loss(network, weights, accounts)
    row = rows_of(network.tasks["task"], bare.tasks["task"])
    is_lose = (bare.tasks["kind"] == "lose").to_numpy()
    lost, behind = _weight_of(bare.tasks, needs), _weight_of(bare.resources, needs)
    is_account = (bare.resources["what"] == "deprivation").to_numpy()
    is_first = (bare.tasks["kind"] == tasks.PREPARE).to_numpy()
    return replace(
        bare,
        tasks=bare.tasks.with_columns(is_whole=pl.Series(is_first & network.tasks["is_whole"].to_numpy()[row])),
        cost=network.cost[row],
        penalty=np.where(is_lose, lost, bare.penalty),
        stage=np.where(is_lose, 0, bare.stage),
        holding_penalty=np.where(is_account, deprivation * behind, 0.0),
        holding_stage=np.where(is_account, 0, -1),
    )


def _first_stage(case: Case, network: Network, program: Program) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """The options that can help, and the column of each."""
    first = network.tasks.with_row_index("row").filter(pl.col("kind") == tasks.PREPARE)
    column = program.task_column[first["row"].to_numpy(), 0].astype(np.int64)
    known = case["options"].select("option", "form", "most", "cost_a_year", "lead_days", "line", "offer", "site")
    options = first.select("item", "place", "is_whole", option="subject").join(
        known, on="option", how="left", maintain_order="left"
    )
    return options, column


def _weight_of(rows: pl.DataFrame, needs: pl.DataFrame) -> Array:
    """What losing a unit counts, of each row that speaks of a need; 0 for others."""
    weight = needs.select("item", "place", "weight", subject="tier")
    found = rows.join(weight, on=["item", "place", "subject"], how="left", maintain_order="left")["weight"]
    return found.fill_null(0.0).to_numpy()


def _price(program: Program, worth: float) -> Array:
    """Money that each column counts: what is lost at its worth, and what the tasks cost (columns,)."""
    return worth * program.objective(0) + program.objective(1)


def _parts(network: Network, program: Program, needs: pl.DataFrame) -> Any:
    """Figures told of a solution: weighted loss, money spent, and units lost of each need (2 + needs, columns)."""
    lose = network.tasks.with_row_index("row").filter(pl.col("kind") == "lose")
    names = lose.select(need=pl.format("need:{}@{}/{}", "item", "place", "subject"))["need"]
    column = program.task_column[lose["row"].to_numpy()]
    can = column >= 0
    row = np.broadcast_to(rows_of(needs["need"], names)[:, None], column.shape)[can]
    column = column[can]
    lost = sparse.coo_array((program.column_scale[column], (row, column)), shape=(needs.height, program.columns))
    return sparse.vstack([program.objective(0)[None, :], program.objective(1)[None, :], lost], format="csc")
