"""A course of the epidemic as sample paths: what every way of making one gives, and what needs are derived from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mainstay.errors import UsageError
from mainstay.tables.case import Case
from mainstay.tables.demand_tables import MEASURES_OF_COURSE

Paths = NDArray[np.float32]


@dataclass(frozen=True)
class Note:
    """Something that was done to the figures and that the reader must know, in both languages."""

    en: str
    zh: str


def place_names(case: Case) -> dict[str, Note]:
    """What each place is called in both languages; a place without a name is called by its code."""
    rows = case["places"].select("place", "name", "name_zh").rows()
    return {code: Note(name or code, name_zh or name or code) for code, name, name_zh in rows}


def listed(names: Sequence[Note], most: int | None = None) -> Note:
    """Names in one line, the first ``most`` of them.

    >>> listed([Note("Hubei", "湖北"), Note("Henan", "河南")], most=1).en
    'Hubei ...'
    """
    more = " ..." if most is not None and len(names) > most else ""
    return Note(", ".join(n.en for n in names[:most]) + more, "、".join(n.zh for n in names[:most]) + more)


@dataclass(frozen=True)
class Course:
    """Sample paths of the epidemic over consecutive days; one path is one joint future of all places and measures.

    Attributes
    ----------
    places : (P,) codes of the places
    dates : (D,) consecutive days
    measures : measure -> (N, P, D) [persons]: new cases on the day, people present at its end; a measure that
        nobody knows is absent, not zero
    before : measure -> (P,) [persons] on the day before the first; absent: not known
    weights : (N,) probability of each path, summing to 1
    notes : what was done to the figures, in words
    """

    places: tuple[str, ...]
    dates: tuple[date, ...]
    measures: Mapping[str, Paths]
    before: Mapping[str, NDArray[np.float64]]
    weights: NDArray[np.float64]
    notes: tuple[Note, ...] = field(default=())

    def __post_init__(self) -> None:
        shape = (len(self.weights), len(self.places), len(self.dates))
        for name, values in self.measures.items():
            if name not in MEASURES_OF_COURSE:
                raise UsageError(f'"{name}" is no measure of a course. Measures: {", ".join(MEASURES_OF_COURSE)}.')
            if values.shape != shape:
                raise UsageError(f"{name} has the shape {values.shape}; paths, places and days are {shape}.")
        if abs(self.weights.sum() - 1) > 1e-6:
            raise UsageError(f"The weights of the paths sum to {self.weights.sum():.6g}; they must sum to 1.")

    @property
    def num_paths(self) -> int:
        """Number of sample paths."""
        return len(self.weights)
