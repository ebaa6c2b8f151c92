"""Ease: people at a place keep to a more sparing rule of use, so that the need there is less.

Reads ``step_downs`` of the planned scenario, up to the case's ``deepest_mode``. The task ``ease:<need>:<mode>`` takes
one unit of the need, at most what the mode saves in the period against the mode before. Rules ``modes_allowed``,
``modes_in_order``, ``modes_match_shortages``.

An eased unit is met under the rules of use: it counts in fairness and takes off deprivation as a served one does. It
weighs less than a lost unit, the shallower mode least (``STRAIN``), so a need is served, then stepped down to
contingency use, then to crisis use, and lost only then.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.calendar import Calendar
from mainstay.network.builder import Array, Builder
from mainstay.network.kinds.serve import NEED, due
from mainstay.network.profiles import per_period, rows_of, scatter
from mainstay.tables import Case
from mainstay.tables.demand_tables import MODES

STRAIN = {"contingency": 0.2, "crisis": 0.5}
"""Weight of a unit eased in each mode, against a lost unit of the first tranche: a judgement, not a measurement.

Contingency use may affect care a little, crisis use is below the accepted standard; to have nothing is worse than both.
"""


def steps(case: Case, calendar: Calendar) -> tuple[pl.DataFrame, Array]:
    """Step-downs that the plan may choose, and the most that each saves in each period (steps, periods) [units].

    The frame (need, item, place, tier, mode) has the shallower mode of a need first.
    """
    allowed = MODES[1 : MODES.index(case.deepest_mode) + 1]
    rows = (
        case["step_downs"]
        .filter((pl.col("scenario") == case.scenario) & pl.col("mode").is_in(allowed) & (pl.col("saved") > 0))
        .with_columns(
            need=NEED, mode=pl.col("mode").cast(pl.Enum(MODES)), day=(pl.col("date") - calendar.start).dt.total_days()
        )
        .filter(pl.col("day").is_between(0, calendar.num_days - 1))
        .with_columns(step=pl.format("{}:{}", "need", "mode"))
    )
    found = rows.select("step", "need", "item", "place", "tier", "mode").unique().sort("need", "mode")
    row = rows_of(found["step"], rows["step"])
    daily = scatter(row, rows["day"].to_numpy(), rows["saved"].to_numpy(), (found.height, calendar.num_days))
    return found.drop("step").with_columns(pl.col("mode").cast(pl.String)), per_period(daily, calendar, "sum")


def add(case: Case, builder: Builder) -> None:
    """Write what may be stepped down."""
    found, saved = steps(case, builder.calendar)
    needs, _, _ = due(case, builder.calendar)
    task = pl.format("ease:{}:{}", "need", "mode")
    tasks = found.join(needs.select("need", "weight"), on="need", how="left", maintain_order="left")
    builder.add_tasks(
        tasks.select(
            "item",
            "place",
            task=task,
            kind=pl.lit("ease"),
            subject="mode",
            other="tier",
            penalty=pl.col("weight") * pl.col("mode").replace_strict(STRAIN, return_dtype=pl.Float64),
            stage=pl.format("{} shortage", "tier"),
        ),
        upper=saved,
    )
    builder.add_effects(tasks.select(task=task, resource="need", amount=-1.0))


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``modes``. What a need is eased by in a period is put down to the shallowest modes that can save it.

    The best plan does so by itself; a plan that was stopped before its shortages were settled may not.
    """
    calendar = case.calendar
    eased = (
        runs.filter(pl.col("kind") == "ease")
        .group_by("date", "days", "item", "place", tier="other")
        .agg(pl.col("extent").sum())
    )
    found, saved = steps(case, calendar)
    needs, quantity, _ = due(case, calendar)
    possible = _by_date(found, saved, calendar, "possible")
    needed = _by_date(needs.select("need"), quantity, calendar, "quantity")
    key = ["date", "item", "place", "tier"]
    before = pl.col("possible").cum_sum().over(key) - pl.col("possible")
    return {
        "modes": possible.join(eased, on=key, how="inner", maintain_order="left")
        .join(needed, on=["need", "date"], how="left")
        .with_columns(need="quantity", saved=(pl.col("extent") - before).clip(0.0, pl.col("possible")))
        .filter(pl.col("saved") > 1e-9 * pl.col("possible"))
    }


def _by_date(frame: pl.DataFrame, values: Array, calendar: Calendar, name: str) -> pl.DataFrame:
    """Rows with one value for each period (rows, periods), as one row for each period."""
    rows = frame[np.repeat(np.arange(frame.height), len(calendar))]
    dates = pl.Series("date", [*calendar.dates] * frame.height, dtype=pl.Date)
    return rows.with_columns(dates, pl.Series(name, values.ravel()))
