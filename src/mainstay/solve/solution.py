"""What is asked of the solver, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mainstay.errors import UsageError

Array = NDArray[np.float64]

Progress = Callable[[str, int, int, str], None]
"""Called with the stage's name, its number from 1, the number of stages, and a note such as the iteration."""


@dataclass(frozen=True)
class Options:
    """How hard to try.

    gap : relative gap per stage at which whole-number search stops, 0 to 1
    time_limit : seconds for all stages together; None: no limit
    seed : of the solver's random numbers; the same seed gives the same plan
    threads : of the solver
    exact : whether whole numbers may be searched exactly, in a small case or with a time limit; else they are only
        rounded and exchanged, which many plans one after the other can afford
    """

    gap: float = 0.01
    time_limit: float | None = None
    seed: int = 0
    threads: int = 2
    exact: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.gap <= 1:
            raise UsageError(f"gap is a share from 0 to 1; found {self.gap}.")
        if self.time_limit is not None and self.time_limit <= 0:
            raise UsageError(f"time limit is a number of seconds above 0; found {self.time_limit}.")


@dataclass(frozen=True)
class StageProof:
    """What was reached in one stage, and what nobody could beat.

    value : of this plan; bound : no plan that does as well in all earlier stages has a smaller value; where whole
    numbers leave a gap open, the value of the relaxed plan: none is better than those bounds taken in order;
    gap : (value - bound) / max(|value|, tiny), 0 when they agree; reached : False when time or the user
    stopped the work before this stage (then value is what the plan happens to have, bound is -inf)
    """

    stage: str
    value: float
    bound: float
    gap: float
    seconds: float
    columns_fixed: int
    reached: bool = True


@dataclass(frozen=True)
class Solution:
    """Extents and levels of one plan, with its proof.

    extents : (K, T) units of each task started in each period
    levels : (R, T) level of each stock resource at the end of each period; 0 for others
    prices : stage -> (R, T): how much one more unit of supply would lower the stage's value (>= 0 is good);
        of a total resource in its first column
    status : "gap open" when whole numbers were rounded, all stages were reached, and some gap is larger than asked
    """

    status: Literal["optimal", "within gap", "gap open", "time limit", "interrupted"]
    extents: Array
    levels: Array
    prices: dict[str, Array]
    stages: tuple[StageProof, ...]
    columns: int
    rows: int
    nonzeros: int
    seconds: dict[str, float] = field(default_factory=dict)
