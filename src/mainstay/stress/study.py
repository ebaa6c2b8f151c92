"""A study: every exposure, the smallest blow and what helps against it, as tables and as one answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl

from mainstay.stress import results
from mainstay.stress.disruption import Disruption, Target
from mainstay.stress.harden import Hardening
from mainstay.stress.reverse import Blow
from mainstay.stress.run import Stress
from mainstay.tables import Case


@dataclass(frozen=True)
class Study:
    """What stress found of a case.

    exposures : of every disruption tried; blow : None where it was not asked for; hardening : None without a blow
    weights : of the things that may be lost in the blow; None: 1 each
    """

    exposures: Stress
    blow: Blow | None = None
    hardening: Hardening | None = None
    weights: Mapping[Target, float] | None = None

    @property
    def case(self) -> Case:
        """The case as it was stressed, with its needs."""
        return self.exposures.model.case

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables of stress, as declared."""
        return {
            "exposures": results.exposures(self.exposures),
            "stress_losses": results.losses(self.exposures),
            "blow": results.blow_table(self.case, self.blow, self.weights),
            "hardening": results.hardening_table(self.case, self.hardening),
        }

    def to_json(self) -> dict[str, Any]:
        """What was asked and found, in one object."""
        return results.summary(self.exposures, self.blow, self.hardening)

    def write(self, folder: str | Path) -> Path:
        """Write the tables as CSV and the answer as ``stress.json``; say where."""
        return results.write(self.tables, self.to_json(), Path(folder))


def pairs(found: Stress, most: int) -> list[Disruption]:
    """Every two of the ``most`` heaviest single disruptions, lost at once."""
    singles: Sequence[Disruption] = [each.disruption for each in found.exposures if len(each.disruption.targets) == 1]
    return [
        Disruption((*one.targets, *other.targets), one.days, one.share, one.first_day, one.ramp)
        for one, other in combinations(singles[:most], 2)
    ]
