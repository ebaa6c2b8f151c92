"""Policies: who decides on a morning, from what is known then.

A policy is anything with ``decide(known)``, or just such a function, that gives a plan or a table of decisions. In a
file of one's own:

    def cautious(known):
        return mainstay.make_plan(known.case, in_force=known.in_force, horizon="7x1 2x7")

and then ``mainstay replay CASE --policy mine.py:cautious --out DIR``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import polars as pl

from mainstay.errors import UsageError
from mainstay.plan import Plan, make_plan, plan_scenarios
from mainstay.plan.results import run_rows
from mainstay.replay.effects import Array
from mainstay.replay.known import Known
from mainstay.replay.rules import DONE
from mainstay.replay.share_out import RULES, ShareOut
from mainstay.solve import Options
from mainstay.tables.raw import nearest

Decisions = pl.DataFrame
"""What is decided: task (its name in the network), date, days, extent (units started in the period, spread evenly over
its days); of what meets a need also foreseen and waiting: what was foreseen to fall due, and to wait from before. The
same share is then met of what really falls due; null: the quantity is meant."""

COLUMNS = {
    "task": pl.String,
    "date": pl.Date,
    "days": pl.Int64,
    "extent": pl.Float64,
    "foreseen": pl.Float64,
    "waiting": pl.Float64,
}

USUAL = Options(gap=0.02)
"""How hard the rolling plans try on each day."""


@runtime_checkable
class Policy(Protocol):
    """Decides on a morning; the same knowledge gives the same decisions."""

    @property
    def name(self) -> str:
        """What it is called."""

    def decide(self, known: Known) -> Plan | Decisions:
        """What to start from that day on; what is decided for later than the next morning of decisions is a draft."""


@dataclass(frozen=True)
class Rolling:
    """The plan, made anew on each morning of decisions.

    scenarios : 0: on the median; n: on n joint paths of the needs at once, with common decisions until the next morning
    worst : weight of the path on which most is needed, 0 to 1, the others share the rest; None: each path by its share.
    Above its share it is averse to risk
    """

    name: str = "rolling"
    scenarios: int = 0
    worst: float | None = None
    options: Options = USUAL

    def decide(self, known: Known) -> Plan:
        """Plan on what is known, changing as little as need be of the plan in force."""
        if not self.scenarios or known.demand is None:
            return make_plan(known.case, in_force=known.in_force, options=self.options)
        weights = self._weights(known)
        plans = plan_scenarios(
            known.case, weights, common_days=known.days, in_force=known.in_force, options=self.options
        )
        return next(iter(plans.plans.values()))

    def _weights(self, known: Known) -> dict[str, float]:
        assert known.demand is not None
        weights = dict(list(known.demand.scenarios.items())[: self.scenarios])
        if self.worst is None:
            return weights
        needs = known.case["needs"].filter(pl.col("scenario").is_in(list(weights)))
        total = needs.group_by("scenario").agg(
            (pl.col("quantity") / pl.col("quantity").sum().over("item", "tier")).sum().alias("burden")
        )
        heaviest = total.sort("burden", "scenario")["scenario"][-1]
        rest = sum(weight for name, weight in weights.items() if name != heaviest)
        return {
            name: self.worst if name == heaviest else (1 - self.worst) * weight / rest
            for name, weight in weights.items()
        }


@dataclass(frozen=True)
class Foresight:
    """Perfect foresight: one plan, made on the first morning, of all that will really come."""

    name: str = "foresight"
    options: Options = USUAL
    foresees = True

    def decide(self, known: Known) -> Plan:
        """Plan on the truth."""
        return make_plan(known.case, options=self.options)


@dataclass(frozen=True)
class Written:
    """A policy that is a function of one's own."""

    name: str
    function: Callable[[Known], Plan | Decisions]

    def decide(self, known: Known) -> Plan | Decisions:
        """Ask the function."""
        return self.function(known)


POLICIES: Mapping[str, Policy | ShareOut] = {
    "rolling": Rolling(),
    "rolling-paths": Rolling("rolling-paths", scenarios=3),
    "rolling-averse": Rolling("rolling-averse", scenarios=3, worst=0.7),
    **RULES,
    "foresight": Foresight(),
}
"""Policies by name."""


def find_policy(text: str) -> Policy | ShareOut:
    """The policy of that name, or ``file.py:name`` of one's own.

    Raises
    ------
    UsageError : there is no such policy, or the file has nothing of that name that can decide
    """
    if ":" in text:
        return _from_file(*text.rsplit(":", 1))
    if text not in POLICIES:
        hint = nearest(text, POLICIES)
        raise UsageError(
            f'There is no policy "{text}". {hint} Policies: {", ".join(POLICIES)}; or file.py:name.'.replace("  ", " ")
        )
    return POLICIES[text]


def _from_file(file: str, name: str) -> Policy | ShareOut:
    path = Path(file)
    if not path.is_file():
        raise UsageError(f"{file} is not there. Name a Python file and what decides in it, as in mine.py:cautious.")
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{file} is not a Python file. Name one that ends in .py.")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(f"{file} cannot be run: {type(error).__name__}: {error}.") from error
    found: Any = getattr(module, name, None)
    if isinstance(found, type):
        found = found()
    if isinstance(found, ShareOut) or (found is not None and isinstance(found, Policy)):
        return found
    if callable(found):
        return Written(name, found)
    names = [each for each, value in vars(module).items() if callable(value) and not each.startswith("_")]
    hint = nearest(name, names) or f"It has {', '.join(names) or 'nothing that can decide'}."
    raise UsageError(f'{file} has no "{name}" that can decide. {hint}')


def decisions_of(answer: Plan | Decisions, known: Known) -> Decisions:
    """What a policy answered, as decisions in the names of the world.

    Raises
    ------
    UsageError : the answer is neither a plan nor a table of decisions
    """
    if isinstance(answer, Plan):
        return _in_the_world(_of_plan(answer), known)
    if not isinstance(answer, pl.DataFrame) or not {"task", "date", "extent"} <= {*answer.columns}:
        raise UsageError(
            f"A policy gives a plan, or a table with the columns task, date, extent (and days); found "
            f"{type(answer).__name__}."
        )
    missing = [pl.lit(1 if name == "days" else None).alias(name) for name in COLUMNS if name not in answer.columns]
    return answer.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())


def _of_plan(plan: Plan) -> pl.DataFrame:
    """Every task that the plan starts, with what it foresees of the need that it meets."""
    network, solution = plan.network, plan.solution
    size = np.where(solution.extents > 1e-8 * network.task_scale[:, None], solution.extents, 0.0)
    rows = run_rows(network, size).filter(pl.col("kind").is_in(DONE))
    needs = network.resources.select("what", "item", "place", resource=pl.int_range(pl.len()), tier="subject").filter(
        pl.col("what") == "need"
    )
    meets = network.effects.join(needs.cast({"resource": network.effects.schema["resource"]}), on="resource")
    meets = meets.filter(pl.col("amount") < 0).select(
        "resource", task=network.tasks["task"].gather(meets.filter(pl.col("amount") < 0)["task"])
    )
    before = np.concatenate([np.zeros((len(solution.levels), 1)), solution.levels[:, :-1]], axis=1)
    late = _late(plan, needs)
    due = network.supply[needs["resource"].to_numpy()]
    waiting = before[needs["resource"].to_numpy()]
    due[:, 0], waiting[:, 0] = due[:, 0] - late, waiting[:, 0] + late
    asked = pl.DataFrame(
        {
            "resource": np.repeat(needs["resource"].to_numpy(), len(network.calendar)),
            "date": pl.Series(list(network.calendar.dates) * needs.height, dtype=pl.Date),
            "foreseen": due.ravel(),
            "waiting": waiting.ravel(),
        }
    ).join(meets.cast({"resource": pl.Int64}), on="resource")
    columns = ["task", "date", "foreseen", "waiting"]
    return rows.join(asked.select(columns), on=["task", "date"], how="left", maintain_order="left")


def _late(plan: Plan, needs: pl.DataFrame) -> Array:
    """What waits of each need since before the plan began (needs,) [units]."""
    key = ["item", "place", "tier"]
    waits = (pl.col("scenario") == plan.case.scenario) & pl.col("since").is_not_null()
    late = plan.case["needs"].filter(waits).group_by(key).agg(pl.col("quantity").sum())
    found = needs.join(late, on=key, how="left", maintain_order="left")["quantity"]
    return np.asarray(found.fill_null(0.0).to_numpy(), dtype=np.float64)


def _in_the_world(rows: pl.DataFrame, known: Known) -> Decisions:
    """The decisions by the names that tasks have in the world, where several ids here may be parts of one."""
    named = rows.with_columns(pl.Series("task", [_named(row, known.names) for row in rows.to_dicts()], dtype=pl.String))
    return (
        named.group_by("task", "date", "days", maintain_order=True)
        .agg(pl.col("extent").sum(), pl.col("foreseen", "waiting").first())
        .select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
    )


def _named(row: Mapping[str, str], names: Mapping[str, str]) -> str:
    if row["kind"] == "license":
        return f"license:{row['subject']}:{row['item']}:{row['other']}"
    subject = row["subject"]
    return row["task"].replace(subject, names[subject]) if subject in names else row["task"]
