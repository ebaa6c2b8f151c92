"""Calm: inside the frozen days, change as little of the plan in force as the stages before allow.

Reads the table ``decisions`` of the plan in force and the case's ``frozen_days``. For each decision of a frozen
period the flow ``planned:<task>`` balances exactly: extent + less - more = extent in force. ``less`` and ``more`` are
penalised in the stage ``calm``, in units of the task's typical size. Periods that differ from those of the plan in
force are not frozen.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder
from mainstay.network.network import Network
from mainstay.network.profiles import rows_of
from mainstay.tables import Case

DECISIONS = ("make", "release", "convert", "license", "measure", "import", "ship", "charter", "reserve", "ease")
"""Kinds of task that somebody has been told to do."""


def add(case: Case, builder: Builder) -> None:
    """Nothing yet: which tasks can start is known only once the network is pruned."""


def finish(case: Case, builder: Builder, network: Network) -> None:
    """Write how far the plan departs from the plan in force."""
    calendar = network.calendar
    if builder.in_force is None or case.frozen_days == 0:
        return
    periods = pl.DataFrame({"date": calendar.dates, "days": calendar.lengths}).with_row_index("period")
    inside = periods["period"].to_numpy()[calendar.first_days + calendar.lengths <= case.frozen_days]
    planned_before = network.tasks["task"].is_in(builder.in_force["task"].implode()).to_numpy()
    chosen = network.tasks["kind"].is_in(DECISIONS).to_numpy()
    chosen &= planned_before | (network.upper[:, inside] > 0).any(axis=1)
    tasks = network.tasks.filter(chosen)
    planned = builder.in_force.join(periods, on=["date", "days"], how="inner").filter(
        pl.col("period").is_in(inside) & pl.col("task").is_in(tasks["task"].implode())
    )
    extent = np.zeros((tasks.height, len(calendar)))
    extent[rows_of(tasks["task"], planned["task"]), planned["period"].to_numpy()] = planned["extent"].to_numpy()
    compared = np.zeros(len(calendar), dtype=bool)
    compared[inside] = np.isin(inside, periods.join(builder.in_force, on=["date", "days"], how="semi")["period"])
    resource = pl.format("planned:{}", "task")
    builder.add_resources(
        tasks.select(
            "item", "place", resource=resource, kind=pl.lit("flow"), what=pl.lit("plan in force"), subject="task"
        ),
        supply=-extent * compared,
        store=np.where(compared, 0.0, np.inf),
    )
    builder.add_effects(tasks.select("task", resource=resource, amount=1.0))
    scale = pl.Series(network.task_scale[chosen])
    for kind, amount in (("less", 1.0), ("more", -1.0)):
        changes = tasks.with_columns(change=pl.format(kind + ":{}", "task"), planned=resource)
        builder.add_tasks(
            changes.select(
                "item",
                "place",
                task="change",
                kind=pl.lit(kind),
                subject="task",
                penalty=1 / scale,
                stage=pl.lit("calm"),
            ),
            upper=np.where(compared, np.inf, 0.0),
        )
        builder.add_effects(changes.select(task="change", resource="planned", amount=amount))


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``decisions``: every decision by the name of its task, for the next plan to compare with."""
    return {"decisions": runs.filter(pl.col("kind").is_in(DECISIONS))}
