"""What really happens: the case of a history, with its true needs, from its first day to its last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from mainstay.errors import UsageError
from mainstay.plan.needs import with_needs
from mainstay.tables import Case
from mainstay.tables.raw import nearest

_NEED = ["item", "place", "tier"]


@dataclass(frozen=True)
class History:
    """A history to live through.

    case : all that is ever known of it, each row with the day on which it becomes known
    true : the same with the needs that really come, by day, from the first day to the last
    truth : name of the scenario of those needs
    """

    case: Case
    true: Case
    truth: str

    @property
    def first(self) -> date:
        """The first day."""
        return self.true.start

    @property
    def num_days(self) -> int:
        """Days from the first to the last."""
        return self.true.calendar.num_days

    @property
    def is_foreseen(self) -> bool:
        """Whether the needs that are planned for are those that come."""
        return self.case.course == "needs" and self.truth == self.case.scenario


def history(case: Case, truth: str | None = None, first: date | None = None, last: date | None = None) -> History:
    """The history of a case.

    Parameters
    ----------
    case : as ``read`` gives it; what its tables say of later days is what really happens then
    truth : scenario of the needs that really come: of the table needs, or ``median`` or a path of what is derived on
        the first day; None: the scenario that the case plans on
    first, last : first and last day, both lived through; None: those of the case

    Raises
    ------
    UsageError : a day is outside the case, or there are no needs of the truth; DataError : the case has errors
    """
    begins, ends = _days(case, first, last)
    own = case["needs"]["scenario"].unique().sort().to_list()
    name = truth or ("median" if case.derives_needs else case.scenario)
    if truth is not None and truth not in own and case.course == "needs":
        known = nearest(truth, own) or f"Scenarios: {', '.join(own)}."
        raise UsageError(f'There are no needs of the scenario "{truth}". {known}')
    true, _ = with_needs(case.replace(course="needs", scenario=truth) if truth in own else case, truth)
    if true["step_downs"].filter(pl.col("scenario") == true.scenario).is_empty() and case.course != "needs":
        true = true.replace(step_downs=_steps(case, true))
    lived = from_day(true, begins).replace(horizon=f"{(ends - begins).days + 1}x1")
    return History(case, lived, name)


def from_day(case: Case, day: date) -> Case:
    """The case from another first day; reviews that run have run on, and are done when their days are over."""
    gone = (day - case.start).days
    left = pl.col("review_days") - gone
    runs = (pl.col("state") == "applied") & pl.col("review_days").is_not_null()
    licences = case["licences"].with_columns(
        state=pl.when(runs & (left <= 0)).then(pl.lit("held")).otherwise("state"),
        review_days=pl.when(runs).then(left.clip(0)).otherwise("review_days"),
    )
    return case.replace(start=day, licences=licences)


def _days(case: Case, first: date | None, last: date | None) -> tuple[date, date]:
    until = case.calendar.end - timedelta(days=1)
    begins, ends = first or case.start, last or until
    for day, word in ((begins, "first"), (ends, "last")):
        if not case.start <= day <= until:
            raise UsageError(
                f"The {word} day {day} is outside the case, which runs from {case.start} to {until}. Give days in it."
            )
    if begins > ends:
        raise UsageError(f"The first day {begins} is after the last day {ends}. Exchange them.")
    return begins, ends


def _steps(case: Case, true: Case) -> pl.DataFrame:
    """What more sparing use saves of the true needs: the same share as of the needs that are derived."""
    derived, demand = with_needs(case)
    if demand is None:
        return true["step_downs"]
    need = derived["needs"].filter(pl.col("scenario") == derived.scenario)
    total = need.group_by(_NEED).agg(pl.col("quantity").sum())
    saved = derived["step_downs"].filter(pl.col("scenario") == derived.scenario)
    share = (
        saved.group_by(*_NEED, "mode", maintain_order=True)
        .agg(pl.col("saved").sum())
        .join(total, on=_NEED)
        .select(*_NEED, "mode", share=pl.col("saved") / pl.col("quantity"))
    )
    came = true["needs"].filter(pl.col("scenario") == true.scenario)
    return came.join(share, on=_NEED).select(
        "scenario", *_NEED, "date", "mode", saved=pl.col("quantity") * pl.col("share")
    )
