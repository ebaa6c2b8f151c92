"""A chain of stocks one behind the other: how much each should hold when demand is uncertain, lead times fixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.signal import fftconvolve

from mainstay.errors import UsageError

STEP = 1 / 400
"""Width of the grid, in standard deviations of a period's demand."""
REACH = 8.0
"""Standard deviations of lead-time demand that the grid holds."""


@dataclass(frozen=True)
class SerialStocks:
    """The best order-up-to levels.

    levels : echelon order-up-to level of each stage, the one that serves first [units]
    cost : mean cost of a period, of goods on their way between stages too [money]
    """

    levels: tuple[float, ...]
    cost: float


def serial_stocks(
    mean: float, sd: float, *, lead_times: Sequence[float], holding_costs: Sequence[float], shortage_cost: float
) -> SerialStocks:
    """Echelon levels that cost least, for normal demand, stage by stage from the one that serves.

    C_j(y) = E[h_j (y - D_j) + C_(j-1)(min(S_(j-1), y - D_j))], S_j where C_j is least, D_j the demand over the lead
    time of stage j, and C_0(x) = (p + sum of h) max(-x, 0).

    Parameters
    ----------
    mean, sd : of the demand of a period [units]
    lead_times, holding_costs : [periods], [money per unit and period] of the echelon, the stage that serves first
    shortage_cost : of a unit short for a period [money]

    Source: A. J. Clark and H. Scarf, Management Science 6 (1960) 475-490; Snyder and Shen (2019), section 6.2.

    >>> found = serial_stocks(5, 1, lead_times=(1, 1, 2), holding_costs=(3, 2, 2), shortage_cost=37.12)
    >>> [round(level, 2) for level in found.levels], round(found.cost, 2)
    ([6.49, 12.02, 22.7], 47.66)
    """
    if len(lead_times) != len(holding_costs) or not lead_times or min(sd, shortage_cost, *lead_times) <= 0:
        raise UsageError(
            "Give each stage a lead time above 0 and a holding cost, and a deviation and shortage cost above 0."
        )
    step, total = STEP * sd, float(sum(lead_times))
    spread = REACH * sd * np.sqrt(total) + mean * total
    x = np.arange(-2 * spread, 2 * spread, step)
    cost = (shortage_cost + sum(holding_costs)) * np.maximum(-x, 0.0)
    levels = []
    for lead_time, holding_cost in zip(lead_times, holding_costs, strict=True):
        after = _expected(holding_cost * x + cost, mean * lead_time, sd * np.sqrt(lead_time), step)
        inside = slice(len(x) // 4, 3 * len(x) // 4)  # where no edge is felt
        best = inside.start + int(after[inside].argmin())
        levels.append(float(x[best]))
        cost = np.where(x < x[best], after, after[best])
    return SerialStocks(tuple(levels), float(cost[-1]))


def _expected(values: np.ndarray, mean: float, sd: float, step: float) -> np.ndarray:
    """E[f(y - D)] on the grid; beyond it f goes on as a straight line."""
    number = int(np.ceil(REACH * sd / step))
    edges = (np.arange(-number, number + 2) - 0.5) * step
    chance = np.diff(stats.norm.cdf(edges, scale=sd))
    shift = mean / step
    whole = int(np.floor(shift))
    pad = number + whole + 2
    before = values[0] + (values[0] - values[1]) * np.arange(pad, 0, -1)
    beyond = values[-1] + (values[-1] - values[-2]) * np.arange(1, pad + 1)
    smooth = fftconvolve(np.concatenate([before, values, beyond]), chance / chance.sum(), mode="same")
    at = np.arange(len(values)) + pad - shift
    return np.asarray(np.interp(at, np.arange(len(smooth)), smooth))
