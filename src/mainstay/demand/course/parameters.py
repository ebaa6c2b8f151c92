"""The parameters of the course at each place: the table ``parameters`` over the defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mainstay.tables.case import Case
from mainstay.tables.parameters import COURSE_PARAMETERS

Values = Mapping[str, NDArray[np.float64]]
"""Parameter -> (P,) value at each place, in the unit of the parameter."""


def parameter_values(case: Case, places: Sequence[str]) -> Values:
    """Each parameter at each place: the place's own row, else the row for everywhere, else the default.

    >>> from datetime import date; import polars as pl
    >>> from mainstay.tables import make_case
    >>> rows = pl.DataFrame({"parameter": ["window", "window"], "place": [None, "east"], "value": [10.0, 5.0]})
    >>> case = make_case(date(2020, 2, 1), {"parameters": rows})
    >>> parameter_values(case, ["east", "west"])["window"].tolist()
    [5.0, 10.0]
    """
    given = {
        (name, place): value for name, place, value in case["parameters"].select("parameter", "place", "value").rows()
    }
    return {
        name: np.array(
            [given.get((name, place), given.get((name, None), each.default)) for place in places], dtype=float
        )
        for name, each in COURSE_PARAMETERS.items()
    }
