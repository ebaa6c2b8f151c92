"""The planning calendar: a first day and periods of whole days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mainstay.errors import UsageError

DEFAULT_HORIZON = "14x1 6x7"


@dataclass(frozen=True)
class Calendar:
    """Periods of ``days[t]`` whole days each, the first starting on ``start``.

    >>> Calendar.parse("2x1 1x7", date(2020, 1, 24)).first_days.tolist()
    [0, 1, 2]
    """

    start: date
    days: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.days or any(d < 1 for d in self.days):
            raise UsageError(f"A horizon needs periods of one day or more; found {self.days}.")

    @classmethod
    def parse(cls, text: str, start: date) -> Calendar:
        """Read ``14x1 6x7`` (14 periods of one day, then 6 of a week); commas serve as spaces."""
        days: list[int] = []
        for part in re.split(r"[\s,]+", text.strip()):
            match = re.fullmatch(r"(\d+)(?:x(\d+))?", part)
            if not match or int(match[1]) == 0 or match[2] == "0":
                raise UsageError(
                    f'Horizon "{text}": cannot read "{part}". Write periods x days, as in 14x1 6x7 '
                    "(14 periods of one day, then 6 of a week)."
                )
            days += [int(match[2] or 1)] * int(match[1])
        return cls(start, tuple(days))

    def __len__(self) -> int:
        return len(self.days)

    @property
    def text(self) -> str:
        """The horizon as ``parse`` reads it."""
        runs: list[list[int]] = []
        for length in self.days:
            if runs and runs[-1][1] == length:
                runs[-1][0] += 1
            else:
                runs.append([1, length])
        return " ".join(f"{count}x{length}" for count, length in runs)

    @cached_property
    def first_days(self) -> NDArray[np.int64]:
        """First day of each period, counted from ``start`` (periods,) [days]."""
        return np.concatenate([[0], np.cumsum(self.days)[:-1]]).astype(np.int64)

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Length of each period (periods,) [days]."""
        return np.array(self.days, dtype=np.int64)

    @property
    def num_days(self) -> int:
        """Days in the whole horizon."""
        return int(sum(self.days))

    @property
    def end(self) -> date:
        """The first day after the horizon."""
        return self.start + timedelta(days=self.num_days)

    @cached_property
    def dates(self) -> list[date]:
        """First day of each period, as dates."""
        return [self.start + timedelta(days=int(d)) for d in self.first_days]

    @cached_property
    def period_of_day(self) -> NDArray[np.int64]:
        """Period of each day of the horizon (days,)."""
        return np.repeat(np.arange(len(self.days)), self.lengths)
