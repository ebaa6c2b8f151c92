"""Whole numbers: round what the relaxed stages chose, so that sums over time stay near.

A task's extents are rounded by their running sums: what was started up to any period differs from the relaxed
plan by less than one, so capacity comes neither much too early nor much too late.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mainstay.solve.matrix import Program
from mainstay.solve.solution import Array

WHOLE_TOLERANCE = 1e-6
"""Nearer than this to a whole number is whole."""

ROUNDINGS: dict[str, float] = {"nearest": 0.5, "up": 1 - WHOLE_TOLERANCE, "down": WHOLE_TOLERANCE}
"""Ways to round a running sum: floor(sum + share)."""


def fractional(program: Program, columns: Array) -> NDArray[np.bool_]:
    """Which whole-number columns are not whole."""
    off = np.abs(columns - np.round(columns)) > WHOLE_TOLERANCE
    return np.asarray(program.is_whole & off)


def rounded(program: Program, columns: Array, share: float) -> Array:
    """Whole values of the whole-number columns: steps of floor(running sum + share), within the limits.

    >>> np.diff(np.floor(np.cumsum([0.4, 0.4, 0.4]) + 0.5), prepend=0).tolist()
    [0.0, 1.0, 0.0]
    """
    which = np.flatnonzero(program.is_whole)
    if not len(which):
        return np.zeros(0)
    task = np.nonzero(program.task_column >= 0)[0][which]
    value = np.maximum(columns[which], 0.0)
    begins = np.flatnonzero(np.append(True, task[1:] != task[:-1]))
    length = np.diff(np.append(begins, len(which)))
    total = np.cumsum(value)
    before = np.repeat(total[begins] - value[begins], length)
    steps = np.floor(total - before + share)
    steps_before = np.roll(steps, 1)
    steps_before[begins] = 0.0
    return np.asarray(np.clip(steps - steps_before, 0.0, np.floor(program.upper[which] + WHOLE_TOLERANCE)))
