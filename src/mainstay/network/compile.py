"""Compile a case: every kind of task writes its rows, what cannot help is pruned, the rest is one network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from mainstay.network.builder import Builder
from mainstay.network.kinds import kinds
from mainstay.network.kinds.serve import stages as need_stages
from mainstay.network.network import Network
from mainstay.network.prune import drop_idle, first_useful_stages, useful_starts
from mainstay.tables import Case

STAGES = ("rules", *need_stages(), "targets", "calm", "cost")
"""Stages of the objective, first improved first."""


def compile(case: Case, in_force: pl.DataFrame | None = None) -> Network:
    """The resource-task network of a checked case, over the periods of its horizon.

    ``in_force`` is the table ``decisions`` of the plan that is to be changed as little as possible.
    """
    builder = Builder(case, case.calendar, STAGES, in_force)
    for kind in kinds():
        kind.add(case, builder)
    draft = builder.assemble()
    draft = replace(draft, upper=useful_starts(draft))
    for kind in kinds():
        if hasattr(kind, "finish"):
            kind.finish(case, builder, draft)
    network = builder.assemble()
    upper = network.upper
    upper[: draft.tasks.height] = np.minimum(upper[: draft.tasks.height], draft.upper)
    network = drop_idle(replace(network, upper=upper))
    return replace(network, useful_from=first_useful_stages(network))
