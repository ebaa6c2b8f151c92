"""Which reported figures to ask about: named rules, each with its limit and the source of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from mainstay.survey.evidence import Evidence
from mainstay.survey.limits import Limits
from mainstay.survey.rules import RULES
from mainstay.tables.case import Case
from mainstay.tables.findings import Findings


def plausibility(
    reports: pl.DataFrame,
    case: Case,
    *,
    shipped: pl.DataFrame | None = None,
    limits: Limits | None = None,
) -> Findings:
    """What to ask about in reports of one reporter or many; nothing is changed or refused.

    Parameters
    ----------
    reports : rows as in the table ``reports``; findings count them from 2, or by ``_row`` where they have it
    case : its enterprises, lines, processes, recipes, stocks and availability are what they are held against
    shipped : place, item, date (of arrival), quantity [units]: what was sent there; empty: receipts are not judged
    limits : empty: those declared in ``Limits``
    """
    evidence = Evidence(reports, case, limits or Limits(), shipped)
    return Findings([finding for rule in RULES for finding in rule.find(evidence)])


def missing_days(reports: pl.DataFrame, reporters: Iterable[str], first: date, last: date) -> pl.DataFrame:
    """Days on which a reporter that should report has no report at all.

    Returns
    -------
    frame (reporter, date), from ``first`` to ``last``, both included
    """
    who = pl.DataFrame({"reporter": sorted(set(reporters))}, schema={"reporter": pl.String})
    days = pl.DataFrame({"date": pl.date_range(first, last, eager=True)})
    return who.join(days, how="cross").join(reports, on=["reporter", "date"], how="anti").sort("reporter", "date")
