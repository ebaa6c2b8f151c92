"""What drives the course: the table ``parameters`` over the defaults, and the transmission of a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl
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


def transmission_on(scenario: pl.DataFrame, days: Sequence[date]) -> NDArray[np.float64]:
    """Factor in force on each day (days,), by the rows of one scenario; 1 where none holds.

    A row holds from its day on, one without a day from the beginning, each until the next.

    >>> scenario = pl.DataFrame({"from": [None, date(2020, 2, 2)], "transmission": [0.8, 0.5]})
    >>> transmission_on(scenario, [date(2020, 2, 1), date(2020, 2, 2)]).tolist()
    [0.8, 0.5]
    """
    since = [(first or date.min, factor) for first, factor in scenario.select("from", "transmission").rows()]
    return np.array([max((row for row in since if row[0] <= day), default=(day, 1.0))[1] for day in days])
