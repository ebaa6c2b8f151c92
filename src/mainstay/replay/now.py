"""A state of the world on a morning, and how its days are told in the tables of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from mainstay.replay.effects import Array
from mainstay.replay.rules import Rules
from mainstay.replay.world import State
from mainstay.tables import Case

LEAST = 1e-9
"""Share of a typical quantity below which nothing is there."""


@dataclass(frozen=True)
class Now:
    """Where the world stands on the morning of ``day``, on its first path.

    done : (K, P) units started on each day so far
    """

    rules: Rules
    state: State
    done: list[Array]
    day: date

    def begun(self) -> pl.DataFrame:
        """Whole-number tasks started so far: columns of tasks, day [counted from the first], number."""
        whole = self.rules.is_whole
        rows = [
            (day, int(whole[row]), float(done[whole[row], 0]))
            for day, done in enumerate(self.done)
            for row in np.flatnonzero(done[whole, 0])
        ]
        begun = pl.DataFrame(rows, {"day": pl.Int64, "row": pl.Int64, "number": pl.Float64}, orient="row")
        return begun.join(self.rules.tasks, on="row", maintain_order="left")

    def date(self, day: int) -> date:
        """The date of a day that is counted from the first."""
        return self.day + timedelta(days=day - self.state.day)

    def days(self, case: Case) -> range:
        """Days of the case, counted from the world's first."""
        return range(self.state.day, self.state.day + case.calendar.num_days)

    def windows(self, kind: str, subject: str, share: Array) -> pl.DataFrame:
        """Rows of availability for a share by day of the case; the last one has no end."""
        changes = [0, *(np.flatnonzero(np.diff(share)) + 1)]
        ends = [self.day + timedelta(days=int(day) - 1) for day in changes[1:]]
        return pl.DataFrame(
            {
                "subject_kind": [kind] * len(changes),
                "subject": [subject] * len(changes),
                "from": [self.day + timedelta(days=int(day)) for day in changes],
                "to": pl.Series([*ends, None], dtype=pl.Date),
                "share": np.clip(share[changes], 0.0, 1.0),
            }
        )
