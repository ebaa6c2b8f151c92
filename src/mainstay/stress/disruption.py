"""What is lost, how much of it, from when, for how long, and how it comes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mainstay.errors import UsageError
from mainstay.tables import Case
from mainstay.tables.event_tables import LOSABLE
from mainstay.tables.raw import nearest

if TYPE_CHECKING:
    from mainstay.calendar import Calendar
    from mainstay.solve.solution import Array

KINDS = LOSABLE
"""Kinds of things that can be lost, and the table and column that know their names; a port is a region.

``owner`` is known where the table enterprises says who owns them.
"""


@dataclass(frozen=True, order=True)
class Target:
    """One thing that can be lost: ``Target("enterprise", "lianhe")``."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True)
class Disruption:
    """Targets that are lost at once: ``share`` of them, from ``first_day`` for ``days`` days, back over ``ramp`` days.

    targets : what is lost, in the order of their names
    days : [days] of full loss, any number above 0
    share : 0 to 1, of all that the targets give
    first_day : first day of the loss, counted from the first of the horizon
    ramp : [days] over which the loss shrinks evenly to nothing afterwards; 0: all is back at once
    """

    targets: tuple[Target, ...]
    days: float
    share: float = 1.0
    first_day: int = 0
    ramp: float = 0.0

    def __post_init__(self) -> None:
        if not self.targets:
            raise UsageError("Nothing is lost in this disruption. Name an enterprise, a region, a lane or an item.")
        if not 0 < self.share <= 1:
            raise UsageError(f"The share that is lost is above 0 and at most 1; found {self.share:g}.")
        if self.days <= 0 or self.first_day < 0 or self.ramp < 0:
            raise UsageError(
                f"A disruption lasts more than 0 days, begins on day 0 or later and comes back over 0 days or more; "
                f"found {self.days:g} days from day {self.first_day}, back over {self.ramp:g}."
            )
        object.__setattr__(self, "targets", tuple(sorted(set(self.targets))))

    @property
    def name(self) -> str:
        """Its targets, as in ``enterprise:lianhe+region:hubei``."""
        return "+".join(str(target) for target in self.targets)

    def lasting(self, days: float) -> Disruption:
        """The same loss for another number of days."""
        return replace(self, days=days)

    def lost(self, calendar: Calendar) -> Array:
        """Share that is lost in each period, a mean over its days (T,)."""
        ends = np.concatenate([calendar.first_days, [calendar.num_days]]).astype(np.float64) - self.first_day
        gone = np.clip(ends, 0.0, self.days)
        if self.ramp:
            back = np.clip(ends - self.days, 0.0, self.ramp)
            gone = gone + back - back**2 / (2 * self.ramp)
        return np.asarray(self.share * np.diff(gone) / calendar.lengths)

    def check(self, calendar: Calendar) -> None:
        """Refuse what lasts beyond the horizon.

        Raises
        ------
        UsageError : says how many days there are
        """
        left = calendar.num_days - self.first_day
        if self.days > left:
            raise UsageError(
                f"{self.name} is lost for {self.days:g} days from day {self.first_day}, but the horizon ends after "
                f"{calendar.num_days}. Give at most {max(left, 0)} days, or a longer horizon."
            )


def names(case: Case, kind: str) -> list[str]:
    """All names of a kind that a case knows, in order.

    Raises
    ------
    UsageError : there is no such kind; suggests one
    """
    if kind == "owner":
        enterprises = case["enterprises"]
        return sorted(enterprises["owner"].drop_nulls().unique()) if "owner" in enterprises.columns else []
    if kind not in KINDS:
        known = [*KINDS, "owner"]
        raise UsageError(f'"{kind}" cannot be lost. {nearest(kind, known) or "Known: " + ", ".join(known) + "."}')
    table, column = KINDS[kind]
    return sorted(case[table][column].unique())


def find_targets(case: Case, kind: str, wanted: Iterable[str]) -> list[Target]:
    """The targets of these names.

    Raises
    ------
    UsageError : the case has no such name; suggests the nearest
    """
    known = names(case, kind)
    found = []
    for name in wanted:
        if name not in known:
            some = f"Known: {', '.join(known[:8])}{', ...' if len(known) > 8 else ''}." if known else "It has none."
            raise UsageError(f'The case has no {kind} "{name}". {nearest(name, known) or some}')
        found.append(Target(kind, name))
    return found


def all_disruptions(
    case: Case, days: float, kinds: Sequence[str] = ("enterprise", "region", "lane", "source"), **how: float
) -> list[Disruption]:
    """Every single loss of the kinds named: enterprises, regions and ports, lanes, import sources.

    ``how`` : share, first_day, ramp, as of each disruption. Where the case knows owners, kind ``owner`` may be named.
    """
    return [
        Disruption((Target(kind, name),), days, **how)  # type: ignore[arg-type]
        for kind in kinds
        for name in names(case, kind)
    ]
