"""One stock against one uncertain need: the newsvendor, for its mean cost or for the cost of its worst cases."""

from __future__ import annotations

import numpy as np
from scipy import stats

from mainstay.errors import UsageError


def newsvendor(mean: float, sd: float, *, holding_cost: float, shortage_cost: float) -> tuple[float, float]:
    """Stock that costs least on average for a normal need, and what it costs.

    Parameters
    ----------
    mean, sd : of the need [units], sd > 0
    holding_cost, shortage_cost : of a unit left over, and of a unit missing [money per unit], > 0

    Source: L. V. Snyder and Z.-J. M. Shen, Fundamentals of Supply Chain Theory, 2nd ed. (2019), example 4.3.

    >>> [round(each, 4) for each in newsvendor(50, 8, holding_cost=0.18, shortage_cost=0.70)]
    [56.604, 1.9976]
    """
    return cvar_newsvendor(mean, sd, holding_cost=holding_cost, shortage_cost=shortage_cost, level=0.0)


def cvar_newsvendor(
    mean: float, sd: float, *, holding_cost: float, shortage_cost: float, level: float
) -> tuple[float, float]:
    """Stock for which the mean cost of the worst 1 - level of cases is least, and that mean [money].

    With h, p and level b: S = [h F(p (1 - b) / (h + p)) + p F((p + h b) / (h + p))] / (h + p), F the quantile function
    of the need. The worst cases are those below the first quantile, where too much is left, and above the second,
    where too much is missing. Level 0 is the newsvendor.

    Raises
    ------
    UsageError : a cost or the deviation is not above 0, or the level is not from 0 up to 1

    >>> [round(each, 3) for each in cvar_newsvendor(50, 8, holding_cost=0.18, shortage_cost=0.70, level=0.9)]
    [60.706, 4.895]
    """
    if min(sd, holding_cost, shortage_cost) <= 0 or not 0 <= level < 1:
        raise UsageError(
            "A newsvendor needs a deviation and costs above 0 and a level from 0 up to, not including, 1; found "
            f"{sd:g}, {holding_cost:g}, {shortage_cost:g} and {level:g}."
        )
    both = holding_cost + shortage_cost
    low = float(stats.norm.ppf(shortage_cost * (1 - level) / both))
    high = float(stats.norm.ppf((shortage_cost + holding_cost * level) / both))
    stock = (holding_cost * low + shortage_cost * high) / both
    left_over = stock * stats.norm.cdf(low) + stats.norm.pdf(low)
    missing = stats.norm.pdf(high) - stock * stats.norm.sf(high)
    cost = sd * (holding_cost * left_over + shortage_cost * missing) / (1 - level)
    return mean + sd * stock, float(cost)


def poisson_newsvendor(mean: float, *, holding_cost: float, shortage_cost: float) -> tuple[int, float]:
    """The same for a need that is counted and Poisson distributed: a whole stock, and its mean cost.

    Source: Snyder and Shen (2019), section 4.3.2.

    >>> stock, cost = poisson_newsvendor(50, holding_cost=0.18, shortage_cost=0.70)
    >>> stock, round(cost, 5)
    (56, 1.79724)
    """
    stock = int(stats.poisson.ppf(shortage_cost / (holding_cost + shortage_cost), mean))
    counts = np.arange(int(mean + 20 * np.sqrt(mean) + 20))
    chance = stats.poisson.pmf(counts, mean)
    left_over = float(chance @ np.maximum(stock - counts, 0))
    missing = mean - stock + left_over
    return stock, holding_cost * left_over + shortage_cost * missing


def disrupted_newsvendor(
    demand: float, *, holding_cost: float, shortage_cost: float, fails: float, recovers: float
) -> tuple[float, float]:
    """Stock against a supply that stands still now and then while the need of a period is known, and its mean cost.

    The supply fails with the chance ``fails`` in a period and comes back with ``recovers``. The stock covers so many
    whole periods that the share of time in which the supply has been out for no longer reaches p / (p + h).

    Source: Snyder and Shen (2019), section 9.3, after M. Tomlin, Management Science 52 (2006) 639-657.

    >>> stock, cost = disrupted_newsvendor(2000, holding_cost=0.25, shortage_cost=3, fails=0.04, recovers=0.25)
    >>> stock, round(cost, 2)
    (8000, 2737.07)
    """
    up = recovers / (fails + recovers)
    reached, periods = up, 0
    while reached < shortage_cost / (shortage_cost + holding_cost):
        periods += 1
        reached += up * fails * (1 - recovers) ** (periods - 1)
    stock = (periods + 1) * demand
    cost, out, n = holding_cost * up * (stock - demand), up * fails, 1
    while out > 1e-15:
        level = stock - (n + 1) * demand
        cost += out * (holding_cost * max(level, 0) + shortage_cost * max(-level, 0))
        out, n = out * (1 - recovers), n + 1
    return stock, cost
