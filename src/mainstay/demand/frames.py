"""Arrays to long tables: one row for each cell in which there is anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

DIGITS = 6
"""Figures kept of a number: what sums of single precision can be relied on for."""


def axis(**columns: Sequence[object]) -> pl.DataFrame:
    """What the positions along one dimension of an array are called: a column or several."""
    return pl.DataFrame(columns)


def long(axes: Sequence[pl.DataFrame], columns: Mapping[str, NDArray[Any]]) -> pl.DataFrame:
    """Arrays of one shape as a table; cells that are zero in all of them have no row.

    >>> long([axis(place=["east", "west"])], {"quantity": np.array([0.0, 2.5])}).rows()
    [('west', 2.5)]
    """
    there = np.any([values != 0 for values in columns.values()], axis=0).nonzero()
    labels = [names[positions] for names, positions in zip(axes, there, strict=True)]
    numbers = pl.DataFrame({name: values[there].astype(float) for name, values in columns.items()})
    found: pl.DataFrame = pl.concat([*labels, numbers.select(pl.all().round_sig_figs(DIGITS))], how="horizontal")
    return found
