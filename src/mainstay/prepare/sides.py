"""What futures change: the sides of the balances, the limits of the columns, and how much of what is ready is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from mainstay.network.kinds.serve import due
from mainstay.network.network import Network
from mainstay.network.profiles import rows_of
from mainstay.prepare.future import Future
from mainstay.prepare.tasks import PREPARE, USE
from mainstay.solve import Core, Outcomes, Program
from mainstay.solve.matrix import scaled_sides
from mainstay.solve.solution import Array
from mainstay.stress.disruption import Disruption
from mainstay.stress.model import Model
from mainstay.tables import Case


@dataclass(frozen=True)
class _Change:
    """What one future changes: sides of some rows by so much, limits of some columns to so much."""

    rows: NDArray[np.int64]
    shift: Array
    columns: NDArray[np.int64]
    most: Array


class Sides:
    """A built programme cut into two stages, and what each future makes of its sides.

    column : (n,) columns of the first stage
    """

    def __init__(self, case: Case, network: Network, program: Program, column: NDArray[np.int64]) -> None:
        self._case, self._network, self._program = case, network, program
        self._model = Model(case, network, {})
        self._is_known = (network.resources["kind"] == "stock").to_numpy() & (program.level_column[:, 0] < 0)
        self._need_rows = np.flatnonzero((network.resources["what"] == "need").to_numpy())
        self._waits = (network.resources["kind"] == "stock").to_numpy()
        self._can_start = program.task_column >= 0
        self._has_level = program.level_column >= 0
        matrix = program.matrix()
        is_first = np.zeros(program.columns, dtype=bool)
        is_first[column] = True
        self._later = np.flatnonzero(~is_first)
        second, now = matrix[:, self._later].tocsr(), matrix[:, column].tocsr()
        in_second = np.diff(second.indptr) > 0
        self._second = np.flatnonzero(in_second)
        self._first = np.flatnonzero(~in_second & (np.diff(now.indptr) > 0))
        self._matrix, self._now = second[self._second].tocsc(), now
        self._ready = self._find_ready()

    def first_stage(self) -> dict[str, Any]:
        """Rows that touch what is made ready alone."""
        return {
            "rows": self._now[self._first].tocsc(),
            "row_lower": self._program.row_lower[self._first],
            "row_upper": self._program.row_upper[self._first],
        }

    def programme(
        self, futures: Sequence[Future], fresh: Sequence[Future], price: Array, parts: Any
    ) -> tuple[Core, Outcomes]:
        """The second stage of all futures, and what differs between them, fresh ones last."""
        every = [*futures, *fresh]
        changes = [self._change(future) for future in every]
        rows = np.unique(np.concatenate([each.rows for each in changes]))
        columns = np.unique(np.concatenate([each.columns for each in changes]))
        shift = np.zeros((len(every), len(rows)))
        most = np.tile(self._program.upper[self._later][columns], (len(every), 1))
        for number, each in enumerate(changes):
            shift[number, np.searchsorted(rows, each.rows)] = each.shift
            most[number, np.searchsorted(columns, each.columns)] = each.most
        kinds: dict[tuple[Disruption, ...], int] = {}
        technology = np.array([kinds.setdefault(self._touching(each), len(kinds)) for each in every])
        core = Core(
            price=price[self._later],
            matrix=self._matrix,
            lower=self._program.row_lower[self._second],
            upper=self._program.row_upper[self._second],
            most=self._program.upper[self._later],
            rows=rows,
            columns=columns,
            technology=tuple(self._technology(kind) for kind in kinds),
            parts=parts[:, self._later].tocsr(),
        )
        weights = np.array([future.weight for future in every])
        return core, Outcomes(weights, shift, most, technology)

    def _change(self, future: Future) -> _Change:
        program, network = self._program, self._network
        supply, upper = self._model.supply_under(*future.disruptions)
        store = network.store.copy()
        waiting_rows = self._need_rows[self._waits[self._need_rows]]
        supply[self._need_rows] = 0.0
        store[waiting_rows] = 0.0
        own = future.needs.with_columns(scenario=pl.lit(future.name))
        alone = replace(self._case, scenario=future.name, tables={"needs": own, "items": self._case["items"]})
        needs, quantity, waiting = due(alone, network.calendar)
        at = rows_of(network.resources["resource"], needs["need"])
        supply[at] = quantity
        waits = self._waits[at]
        store[at[waits]] = waiting[waits]
        lower, side = scaled_sides(program, replace(network, supply=supply, store=store), self._is_known)
        lower, side = lower[self._second], side[self._second]
        old_lower, old_side = program.row_lower[self._second], program.row_upper[self._second]
        with np.errstate(invalid="ignore"):
            shift = np.where(np.isfinite(old_lower), lower - old_lower, side - old_side)
        most = program.upper.copy()
        most[program.task_column[self._can_start]] = upper[self._can_start]
        most[program.level_column[self._has_level]] = store[self._has_level]
        changed = np.concatenate([program.task_column[self._can_start], program.level_column[self._has_level]])
        most[changed] /= program.column_scale[changed]
        most = most[self._later]
        rows, columns = np.flatnonzero(shift), np.flatnonzero(most != program.upper[self._later])
        return _Change(rows, shift[rows], columns, most[columns])

    def _find_ready(self) -> dict[int, list[int]]:
        """For each resource that something ready gives to by being used: the rows of what stands ready."""
        network = self._network
        of_use = network.effects.filter((network.tasks["kind"] == USE).gather(network.effects["task"]))
        what = network.resources["what"]
        gives = of_use.filter(pl.col("amount") > 0).select("task", target="resource")
        takes = of_use.filter((pl.col("amount") < 0) & (what.gather(of_use["resource"]) == "ready"))
        ready: dict[int, list[int]] = {}
        for target, row in (
            gives.join(takes.select("task", ready="resource"), on="task").select("target", "ready").rows()
        ):
            ready.setdefault(target, []).append(row)
        return ready

    def _touching(self, future: Future) -> tuple[Disruption, ...]:
        """The losses of a future that take from what stands ready."""
        given = set(self._given_by_options())
        return tuple(each for each in future.disruptions if given & set(self._lost_with(each).tolist()))

    def _given_by_options(self) -> NDArray[np.int64]:
        first = (self._network.tasks["kind"] == PREPARE).to_numpy()
        effects = self._network.effects
        given = first[effects["task"].to_numpy()] & (effects["amount"] > 0).to_numpy()
        return np.asarray(effects["resource"].to_numpy()[given], dtype=np.int64)

    def _lost_with(self, disruption: Disruption) -> NDArray[np.int64]:
        """Resources that there is less of, what stands ready for them among them."""
        resources, _ = self._model.touched(disruption.targets)
        ready = [row for resource in resources for row in self._ready.get(int(resource), [])]
        return np.concatenate([resources, np.array(ready, dtype=np.int64)])

    def _technology(self, disruptions: tuple[Disruption, ...]) -> Any:
        """What one unit of each option gives to each row, less what is lost of it."""
        left = np.ones(self._network.supply.shape)
        for disruption in disruptions:
            rows = np.unique(self._lost_with(disruption))
            left[rows] *= 1.0 - disruption.lost(self._network.calendar)
        has_row = self._program.row_of >= 0
        of_row = np.ones(self._program.rows)
        of_row[self._program.row_of[has_row]] = left[has_row]
        kept = sparse.diags_array(of_row[self._second]) @ self._now[self._second]
        return sparse.csc_array(kept)
