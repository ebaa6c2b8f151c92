"""Compile a case: every kind of task writes its rows, what cannot help is pruned, the rest is one network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType

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


def compile(case: Case, in_force: pl.DataFrame | None = None, more: Sequence[ModuleType] = ()) -> Network:
    """The resource-task network of a checked case, over the periods of its horizon.

    ``in_force`` is the table ``decisions`` of the plan that is to be changed as little as possible; ``more`` are
    kinds of task beside those of a plan.
    """
    builder, draft = begin(case, in_force, more)
    network = complete(case, builder, replace(draft, upper=useful_starts(draft)))
    return replace(network, useful_from=first_useful_stages(network))


def begin(case: Case, in_force: pl.DataFrame | None = None, more: Sequence[ModuleType] = ()) -> tuple[Builder, Network]:
    """What every kind of task writes at first, and the network of it, unpruned."""
    builder = Builder(case, case.calendar, STAGES, in_force)
    for kind in (*kinds(), *more):
        kind.add(case, builder)
    return builder, builder.assemble()


def complete(case: Case, builder: Builder, draft: Network) -> Network:
    """The network with the accounts that depend on what can start in the draft, and without what cannot."""
    for kind in kinds():
        if hasattr(kind, "finish"):
            kind.finish(case, builder, draft)
    network = builder.assemble()
    upper = network.upper
    upper[: draft.tasks.height] = np.minimum(upper[: draft.tasks.height], draft.upper)
    return drop_idle(replace(network, upper=upper))
