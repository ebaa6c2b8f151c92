"""From the network's two tables to the sparse matrix, by array operations.

Columns are the extents of the tasks that can start (task by task, period by period) and the levels of the
stocks that some task touches. Rows are the balances. Both are scaled by the typical sizes the network names,
so that millions of masks and one ventilator live in one matrix; whole-number tasks keep their unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from mainstay.network.network import Network
from mainstay.solve.solution import Array

Index = NDArray[np.int32]

BLOCK = 1 << 22
"""Entries expanded at once: bounds the memory that is needed beside the matrix."""


@dataclass(frozen=True)
class Program:
    """One linear programme: minimise objective(stage) subject to row_lower <= A x <= row_upper, 0 <= x <= upper.

    All columns and rows are scaled: quantity = x * column_scale, quantity of a row = row * row_scale.

    task_column : (K, T) column of each extent, -1: the task cannot start then
    level_column : (R, T) column of each level, -1: not a stock, or a stock that no task touches
    row_of : (R, T) row of each balance, -1: it cannot bind; of a total resource in its first column
    known_level : (R, T) [units] levels of the stocks that no task touches
    upper, is_whole, column_scale : (columns,)
    row_lower, row_upper, row_scale : (rows,)
    start, index, value : the matrix column by column (columns + 1,), (nonzeros,), (nonzeros,)
    cost : (columns,) of the last stage [money]
    penalty, penalty_stage : (columns,) of the other stages; -1: none
    useful_from : (columns,) first stage that the column can help; 0 for levels
    constants : (stages,) what the known levels add to each stage
    """

    task_column: Index
    level_column: Index
    row_of: Index
    known_level: Array
    upper: Array
    is_whole: NDArray[np.bool_]
    column_scale: Array
    row_lower: Array
    row_upper: Array
    row_scale: Array
    start: Index
    index: Index
    value: Array
    cost: Array
    penalty: Array
    penalty_stage: NDArray[np.int16]
    useful_from: NDArray[np.int16]
    constants: Array

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.upper)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    @property
    def nonzeros(self) -> int:
        """Number of entries of the matrix."""
        return len(self.value)

    def objective(self, stage: int) -> Array:
        """Coefficients of a stage (columns,), per scaled column."""
        penalty = np.where(self.penalty_stage == stage, self.penalty, 0.0)
        return penalty + self.cost if stage == len(self.constants) - 1 else penalty

    def matrix(self) -> sparse.csc_array:
        """The scaled matrix (rows, columns)."""
        return sparse.csc_array((self.value, self.index, self.start), shape=(self.rows, self.columns))


def build(network: Network, *, every_row: bool = False) -> Program:
    """Assemble the matrix of a network.

    Rows, for each resource and period p (levels S stand at the ends of periods):

    - stock: S[p] - S[p-1] - effects = supply[p]; >= where ``surplus``
    - flow: -supply[p] <= sum of share * days[p] * S[p] over feeds + effects <= store[p] - supply[p]
    - total: one row over the horizon; every effect counts whole, and those of several days by the days
      inside the horizon

    Stocks without effects have known levels and go to the right-hand side; rows that cannot bind are left out, unless
    ``every_row`` : they may come to bind, as supplies and limits are going to be changed.
    """
    kind = network.resources["kind"].to_numpy()
    is_stock, is_flow, is_total = kind == "stock", kind == "flow", kind == "total"
    effects = _Effects.of(network)
    touched = np.zeros(len(kind), dtype=bool)
    touched[effects.resource] = True
    touched &= is_stock
    shape = network.supply.shape

    task_column = _numbered(network.upper > 0)
    num_extents = int(task_column.max(initial=-1)) + 1
    level_column = _numbered(np.broadcast_to(touched[:, None], shape), first=num_extents)
    known_level = known_levels(network, is_stock & ~touched)

    has_row = np.broadcast_to((touched | is_flow)[:, None], shape).copy()
    has_row[is_total, 0] = True
    row_of = _numbered(has_row)

    scale = _column_scales(network, task_column, level_column)
    upper = np.concatenate([network.upper[task_column >= 0], network.store[level_column >= 0]]) / scale
    row_lower, row_upper = (side[has_row] for side in sides(network, known_level))
    row_scale = np.broadcast_to(network.resource_scale[:, None], shape)[has_row]
    row, column, value = _entries(network, effects, touched, task_column, level_column, row_of)
    value *= scale[column]
    value /= row_scale[row]
    row_lower /= row_scale
    row_upper /= row_scale

    binds = _can_bind(row, column, value, upper, row_lower, row_upper)
    if not every_row and not binds.all():
        keep = binds[row]
        renumbered = np.cumsum(binds, dtype=np.int32) - np.int32(1)
        row, column, value = renumbered[row[keep]], column[keep], value[keep]
        row_of[has_row] = np.where(binds, renumbered, -1)
        row_lower, row_upper, row_scale = row_lower[binds], row_upper[binds], row_scale[binds]
    matrix = sparse.coo_array((value, (row, column)), shape=(len(row_lower), len(upper))).tocsc()
    matrix.eliminate_zeros()
    cost, penalty, penalty_stage = _objectives(network, task_column, level_column, scale)
    return Program(
        task_column=task_column,
        level_column=level_column,
        row_of=row_of,
        known_level=known_level,
        upper=upper,
        is_whole=_whole(network, task_column, len(upper)),
        column_scale=scale,
        row_lower=row_lower,
        row_upper=row_upper,
        row_scale=row_scale,
        start=matrix.indptr.astype(np.int32, copy=False),
        index=matrix.indices.astype(np.int32, copy=False),
        value=matrix.data,
        cost=cost,
        penalty=penalty,
        penalty_stage=penalty_stage,
        useful_from=_useful_from(network, task_column, len(upper)),
        constants=constants(network, known_level),
    )


@dataclass(frozen=True)
class _Effects:
    """The effects in arrays (E,)."""

    task: NDArray[np.int64]
    resource: NDArray[np.int64]
    offset: NDArray[np.int64]
    duration: NDArray[np.int64]
    amount: Array

    @classmethod
    def of(cls, network: Network) -> _Effects:
        frame = network.effects

        def whole(name: str) -> NDArray[np.int64]:
            return frame[name].cast(pl.Int64).to_numpy()

        return cls(
            task=whole("task"),
            resource=whole("resource"),
            offset=whole("offset"),
            duration=whole("duration"),
            amount=frame["amount"].cast(pl.Float64).to_numpy(),
        )

    def take(self, which: NDArray[np.bool_]) -> _Effects:
        return _Effects(
            self.task[which],
            self.resource[which],
            self.offset[which],
            self.duration[which],
            self.amount[which],
        )


@dataclass(frozen=True)
class _Kernel:
    """What one unit started evenly in period s gives to period p, for each pair of offset and duration.

    first : (pairs + 1,) where each pair begins in the other arrays; started, given : periods s and p;
    weight : [days] overlap, a mean over the days of s
    """

    first: NDArray[np.int64]
    started: Index
    given: Index
    weight: Array


def overlaps(days: NDArray[np.int64], offset: NDArray[np.int64], duration: NDArray[np.int64]) -> Array:
    """Days that an effect spends in each period, for a start spread evenly over a period.

    Parameters
    ----------
    days : (T,) [days] lengths of the periods
    offset, duration : (N,) [days]

    Returns
    -------
    (N, T, T) [days] mean over the days u of period s of the days in [u + offset, u + offset + duration) that
    fall in period p. The pairs of days (u, v) with v - u < z are counted by triangular numbers.

    >>> overlaps(np.array([1, 1, 7]), np.array([2]), np.array([1]))[0].round(3).tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.714]]
    """
    end = np.cumsum(days)
    begin = end - days

    def pairs_below(z: NDArray[np.int64]) -> Array:
        gap = z[:, None, None] - 1

        def triangle(started: NDArray[np.int64], given: NDArray[np.int64]) -> Array:
            side = np.maximum(started[None, :, None] - given[None, None, :] + gap, 0).astype(float)
            return np.asarray(side * (side + 1) / 2)

        return np.asarray(triangle(end, begin) - triangle(begin, begin) - triangle(end, end) + triangle(begin, end))

    return np.asarray((pairs_below(offset + duration) - pairs_below(offset)) / days[:, None])


def _kernel(days: NDArray[np.int64], effects: _Effects) -> tuple[_Kernel, NDArray[np.int64]]:
    """The kernel of every pair of offset and duration that occurs, and each effect's pair."""
    horizon = int(days.sum())
    offset = np.minimum(effects.offset, horizon)
    duration = np.minimum(effects.duration, horizon)
    unique, pair = np.unique(offset * (horizon + 1) + duration, return_inverse=True)
    block = max(1, BLOCK // len(days) ** 2)
    parts: list[tuple[NDArray[np.int64], ...]] = []
    weights: list[Array] = []
    for first in range(0, len(unique), block):
        keys = unique[first : first + block]
        weight = overlaps(days, keys // (horizon + 1), keys % (horizon + 1))
        which = np.nonzero(weight)
        parts.append((which[0] + first, which[1], which[2]))
        weights.append(weight[which])
    if not parts:
        empty = np.zeros(0, np.int32)
        return _Kernel(np.zeros(1, np.int64), empty, empty, np.zeros(0)), pair
    number, started, given = (np.concatenate(each) for each in zip(*parts, strict=True))
    count = np.bincount(number, minlength=len(unique))
    first_of = np.concatenate([[0], np.cumsum(count)])
    kernel = _Kernel(first_of, started.astype(np.int32), given.astype(np.int32), np.concatenate(weights))
    return kernel, pair


def _entries(
    network: Network,
    effects: _Effects,
    touched: NDArray[np.bool_],
    task_column: Index,
    level_column: Index,
    row_of: Index,
) -> tuple[Index, Index, Array]:
    """Unscaled entries (row, column, value) of the matrix; several may share a place and add up."""
    is_total = network.resources["kind"].to_numpy() == "total"
    sign = np.where(touched, -1.0, 1.0)
    parts = list(_level_entries(network, touched, level_column, row_of))
    over_time = effects.take(~is_total[effects.resource])
    parts += _effect_entries(network, over_time, sign, task_column, row_of)
    in_all = effects.take(is_total[effects.resource])
    parts += _total_entries(network, in_all, task_column, row_of)
    rows, columns, values = (np.concatenate(each) for each in zip(*parts, strict=True))
    given = values != 0
    return (rows, columns, values) if given.all() else (rows[given], columns[given], values[given])


def _level_entries(
    network: Network, touched: NDArray[np.bool_], level_column: Index, row_of: Index
) -> Iterator[tuple[Index, Index, Array]]:
    """Levels in their own balances, and in the flows they feed."""
    level, row = level_column[touched], row_of[touched]
    yield row.ravel(), level.ravel(), np.ones(level.size)
    yield row[:, 1:].ravel(), level[:, :-1].ravel(), np.full(level[:, 1:].size, -1.0)
    stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
    chosen = touched[stock]
    share = network.feed_share[chosen] * network.calendar.lengths
    given = share != 0
    yield row_of[flow[chosen]][given], level_column[stock[chosen]][given], share[given]


def _effect_entries(
    network: Network, effects: _Effects, sign: Array, task_column: Index, row_of: Index
) -> Iterator[tuple[Index, Index, Array]]:
    """Effects on stocks and flows, each split over the periods it falls in; in blocks of bounded size."""
    kernel, pair = _kernel(network.calendar.lengths, effects)
    begin = kernel.first[pair]
    count = kernel.first[pair + 1] - begin
    total = np.cumsum(count)
    cuts = np.unique(np.searchsorted(total, np.arange(BLOCK, total[-1] if len(total) else 0, BLOCK)))
    for first, last in zip(np.append(0, cuts), np.append(cuts, len(count)), strict=True):
        length = count[first:last]
        effect = np.repeat(np.arange(first, last, dtype=np.int32), length)
        place = np.arange(len(effect)) + np.repeat(begin[first:last] - np.cumsum(length) + length, length)
        column = task_column[effects.task[effect], kernel.started[place]]
        can_start = column >= 0
        effect, place, column = effect[can_start], place[can_start], column[can_start]
        resource = effects.resource[effect]
        value = effects.amount[effect] * kernel.weight[place] * sign[resource]
        yield row_of[resource, kernel.given[place]], column, value


def _total_entries(
    network: Network, effects: _Effects, task_column: Index, row_of: Index
) -> Iterator[tuple[Index, Index, Array]]:
    """Effects on totals: whole, or by the days inside the horizon when they last several days."""
    calendar = network.calendar
    horizon = calendar.num_days
    first_days, days = calendar.first_days, calendar.lengths
    last_days = effects.duration > 1
    begin = effects.offset[:, None] + first_days
    # mean over the days u of a period of min(duration, horizon - u - offset), at least 0
    longest = np.minimum(effects.duration, horizon)[:, None]
    weight = _mean_days_left(horizon - begin, days, longest)
    weight = np.where(last_days[:, None], weight, 1.0)
    column = task_column[effects.task]
    can_start = column >= 0
    row = np.broadcast_to(row_of[effects.resource, 0][:, None], column.shape)
    yield row[can_start], column[can_start], (effects.amount[:, None] * weight)[can_start]


def _mean_days_left(left: NDArray[np.int64], days: NDArray[np.int64], longest: NDArray[np.int64]) -> Array:
    """Mean over i = 0 .. days-1 of min(longest, max(left - i, 0))."""

    def triangle(side: NDArray[np.int64]) -> Array:
        side = np.maximum(side, 0)
        return np.asarray(side * (side + 1) / 2)

    def sum_left(most: NDArray[np.int64]) -> Array:
        return np.asarray(triangle(most) - triangle(most - days))

    return np.asarray((sum_left(left) - sum_left(left - longest)) / days)


def known_levels(network: Network, is_known: NDArray[np.bool_]) -> Array:
    """Levels [units] of the stocks that no task touches (R, T); 0 for all other resources."""
    return np.asarray(np.where(is_known[:, None], np.cumsum(network.supply, axis=1), 0.0))


def sides(network: Network, known_level: Array) -> tuple[Array, Array]:
    """Unscaled left and right sides of all balances (R, T), known levels taken to the right."""
    is_stock = (network.resources["kind"] == "stock").to_numpy()
    given = network.supply.copy()
    stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
    np.add.at(given, flow, network.feed_share * network.calendar.lengths * known_level[stock])
    lower = np.where(is_stock[:, None], network.supply, -given)
    upper = np.where(is_stock[:, None], network.supply, network.store - given)
    upper[is_stock & network.surplus] = np.inf
    return lower, upper


def scaled_sides(program: Program, asked: Network, is_known: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Lower and upper limits (rows,) that a built programme would have if its network were as asked, scaled."""
    lower, upper = sides(asked, known_levels(asked, is_known))
    has_row = program.row_of >= 0
    return lower[has_row] / program.row_scale, upper[has_row] / program.row_scale


def _can_bind(
    row: Index, column: Index, value: Array, upper: Array, row_lower: Array, row_upper: Array
) -> NDArray[np.bool_]:
    """Whether a row can be broken by columns within their own limits."""
    most = np.abs(value) * upper[column]
    num_rows = len(row_lower)
    falls = value < 0
    least_activity = -np.bincount(row[falls], most[falls], num_rows)
    most_activity = np.bincount(row[~falls], most[~falls], num_rows)
    return np.asarray((least_activity < row_lower) | (most_activity > row_upper))


def _objectives(
    network: Network, task_column: Index, level_column: Index, scale: Array
) -> tuple[Array, Array, NDArray[np.int16]]:
    """Cost, penalty and the stage of the penalty of every column."""
    task = np.nonzero(task_column >= 0)[0]
    resource, period = np.nonzero(level_column >= 0)
    days = network.calendar.lengths[period]
    cost = np.concatenate([network.cost[task], network.holding_cost[resource] * days]) * scale
    penalty = np.concatenate([network.penalty[task], network.holding_penalty[resource] * days]) * scale
    stage = np.concatenate([network.stage[task], network.holding_stage[resource]]).astype(np.int16)
    return cost, penalty, stage


def constants(network: Network, known_level: Array) -> Array:
    """What the holding of known levels adds to each stage (stages,)."""
    added = np.zeros(len(network.stages))
    held = known_level @ network.calendar.lengths
    counted = network.holding_stage >= 0
    np.add.at(added, network.holding_stage[counted], (network.holding_penalty * held)[counted])
    added[-1] += float(network.holding_cost @ held)
    return added


def _column_scales(network: Network, task_column: Index, level_column: Index) -> Array:
    task_scale = np.where(network.tasks["is_whole"].to_numpy(), 1.0, network.task_scale)
    task = np.nonzero(task_column >= 0)[0]
    resource = np.nonzero(level_column >= 0)[0]
    return np.concatenate([task_scale[task], network.resource_scale[resource]])


def _useful_from(network: Network, task_column: Index, num_columns: int) -> NDArray[np.int16]:
    first = np.zeros(num_columns, dtype=np.int16)
    task = np.nonzero(task_column >= 0)[0]
    first[: len(task)] = network.useful_from[task]
    return first


def _whole(network: Network, task_column: Index, num_columns: int) -> NDArray[np.bool_]:
    whole = np.zeros(num_columns, dtype=bool)
    task = np.nonzero(task_column >= 0)[0]
    whole[: len(task)] = network.tasks["is_whole"].to_numpy()[task]
    return whole


def _numbered(which: NDArray[np.bool_], first: int = 0) -> Index:
    """Numbers from ``first`` on where ``which`` holds, row by row; -1 elsewhere."""
    numbers = np.full(which.shape, -1, dtype=np.int32)
    numbers[which] = np.arange(first, first + np.count_nonzero(which), dtype=np.int32)
    return numbers
