"""Simple rules that a design has to beat: nothing, days of cover everywhere, proportional to population.

Each rule says in which proportion goods are held; it buys as much as the design's money, the limits and the sites
allow. So rules are judged for where they put their money, not for how much they have.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from mainstay.prepare.model import Preparation
from mainstay.solve.solution import Array
from mainstay.tables.prepare_tables import GOODS_FORMS

HALVINGS = 40
"""Halvings in the search for the largest scale that the money allows."""


def nothing(preparation: Preparation, _budget: float) -> Array:
    """Nothing is made ready."""
    return np.zeros(len(preparation.unit))


def days_of_cover(preparation: Preparation, budget: float) -> Array:
    """The same number of days of mean need, of every item wherever it can be held."""
    return _scaled(preparation, budget, _mean_need(preparation))


def by_population(preparation: Preparation, budget: float) -> Array:
    """All items in proportion to what is needed in all, places in proportion to their people."""
    goods = _goods(preparation)
    people = preparation.case["places"].select("place", "population")
    known = goods.join(people, on="place", how="left", maintain_order="left")["population"].fill_null(0.0)
    in_all = preparation.needs.group_by("item").agg(pl.col("mean").sum())
    wanted = goods.join(in_all, on="item", how="left", maintain_order="left")["mean"].fill_null(0.0)
    return _scaled(preparation, budget, np.where(_is_goods(preparation), known.to_numpy() * wanted.to_numpy(), 0.0))


RULES: dict[str, Callable[[Preparation, float], Array]] = {
    "nothing": nothing,
    "days of cover": days_of_cover,
    "by population": by_population,
}
"""The rules by name; each gives the programme's columns for a yearly budget."""


def _is_goods(preparation: Preparation) -> np.ndarray:
    return preparation.options["form"].is_in(GOODS_FORMS).to_numpy()


def _goods(preparation: Preparation) -> pl.DataFrame:
    return preparation.options.select("item", "place")


def _mean_need(preparation: Preparation) -> Array:
    """Mean need of each option's item at its place; where nothing is needed there, an even share of it."""
    here = preparation.needs.group_by("item", "place").agg(pl.col("mean").sum())
    in_all = preparation.needs.group_by("item").agg(whole=pl.col("mean").sum())
    options = (
        _goods(preparation)
        .join(here, on=["item", "place"], how="left", maintain_order="left")
        .join(in_all, on="item", how="left", maintain_order="left")
        .with_columns(number=pl.len().over("item"))
        .select(mean=pl.coalesce("mean", pl.col("whole") / pl.col("number")).fill_null(0.0))
    )
    return np.where(_is_goods(preparation), options["mean"].to_numpy(), 0.0)


def _scaled(preparation: Preparation, budget: float, shares: Array) -> Array:
    """As much of these shares [units] as the budget and all limits allow, with the sites that they need."""
    least, most = 0.0, 1.0
    while _fits(preparation, budget, _bought(preparation, shares * most)) and most < 1e9:
        least, most = most, most * 2
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        if _fits(preparation, budget, _bought(preparation, shares * middle)):
            least = middle
        else:
            most = middle
    return _bought(preparation, shares * least)


def _bought(preparation: Preparation, quantities: Array) -> Array:
    """The programme's columns: within their limits, whole where they must be, sites opened where needed."""
    problem, options = preparation.problem, preparation.options
    x = np.minimum(quantities / preparation.unit, problem.most)
    x = np.where(problem.is_whole, np.floor(x + 1e-9), x)
    row = {option: number for number, option in enumerate(options["option"])}
    for number, site in enumerate(options["site"]):
        if site is not None and x[number] > 0 and site in row:
            open_to = x[number] / max(problem.most[number], 1e-300)
            x[row[site]] = max(x[row[site]], np.ceil(open_to) if problem.is_whole[row[site]] else open_to)
    return x


def _fits(preparation: Preparation, budget: float, x: Array) -> bool:
    problem = preparation.problem
    rows = problem.rows @ x
    slack = 1e-9 * np.maximum(np.abs(rows), 1.0)
    inside = np.all(rows <= problem.row_upper + slack) and np.all(rows >= problem.row_lower - slack)
    return bool(inside and problem.cost @ x <= budget * (1 + 1e-9))
