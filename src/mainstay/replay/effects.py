"""Effects that come about some days after a task is started."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Matrix = Any
"""A sparse matrix of resources by tasks."""


@dataclass(frozen=True)
class Later:
    """What is given ``offset`` days after the start: ``amount`` (resources, tasks).

    until : of what is given every day from then on, the day after the last one; of what has a last day, the day on
    which it arrives
    """

    offset: int
    amount: Matrix
    until: int | None = None

    @cached_property
    def rows(self) -> Rows:
        """Resources that are given or taken."""
        return np.flatnonzero(np.diff(self.amount.indptr))

    @cached_property
    def part(self) -> Matrix:
        """The amounts of those alone."""
        return self.amount[self.rows]
