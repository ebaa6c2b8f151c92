"""What happens in the story, as data: its days, who fails when, how plans are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from mainstay.calendar import Calendar as Horizon
from mainstay.errors import UsageError
from mainstay_web.directives.models import Blocker

FAILS = {"hubei-2020": "shanghai_kit"}
"""Who fails in a bundled case: a maker of what is vital and short, so that its failure is felt."""


@dataclass(frozen=True)
class Story:
    """One story.

    days : that are lived through; horizon, gap : of its plans, daily as far as directives are issued
    issue_days : days of directives that are issued at once
    fails_on, back_on : days, counted from 1, on which a large maker fails and on which it can go on
    blocker, share : what it lacks then, and the share of its orders that it can still do, 0 to 1
    boast : share by which one maker claims more than it makes
    maker : code of the enterprise that fails; empty: the one with the largest part in making what is vital
    seed : of the synthetic reports, and of who is late and who boasts
    """

    days: int = 10
    horizon: str = "12x1 1x9"
    gap: float = 0.05
    issue_days: int = 3
    fails_on: int = 4
    back_on: int = 10
    blocker: str = Blocker.EQUIPMENT
    share: float = 0.1
    boast: float = 0.1
    maker: str = ""
    seed: int = 2020

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 10:
            raise UsageError(f"A story of {self.days} days is not written. Give 1 to 10 days.")
        if not 1 < self.fails_on < self.back_on:
            raise UsageError(f"The maker fails on day {self.fails_on} and is back on day {self.back_on}: not in order.")
        told = self.days + self.issue_days - 1
        lengths = Horizon.parse(self.horizon, date(2020, 1, 1)).lengths[:told]
        if len(lengths) < told or (lengths != 1).any():
            raise UsageError(
                f"The horizon {self.horizon} is not of single days for {told} days, as orders are. Give {told}x1."
            )

    def issues_on(self, number: int) -> bool:
        """Whether the plan in force is issued on a day, counted from 1."""
        return (number - 1) % self.issue_days == 0


@dataclass(frozen=True)
class Calendar:
    """When the days of the story are: the last was yesterday, so that who looks around begins the next morning."""

    last: date
    days: int

    @classmethod
    def until_now(cls, days: int) -> Calendar:
        """The days that are over now."""
        return cls(timezone.localdate(timezone=timezone.get_default_timezone()) - timedelta(1), days)

    def day(self, number: int) -> date:
        """The day of that number, counted from 1."""
        return self.last - timedelta(self.days - number)

    def moment(self, number: int, hour: int) -> datetime:
        """An hour of that day, in the time zone of the platform."""
        return datetime.combine(self.day(number), time(hour), tzinfo=timezone.get_default_timezone())
