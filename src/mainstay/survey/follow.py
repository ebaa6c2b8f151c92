"""A case whose lines can be used as far as their makers report."""

from __future__ import annotations

from datetime import date

import polars as pl

from mainstay.survey.capacity import usable_capacity
from mainstay.tables.case import Case


def with_survey(case: Case, as_of: date | None = None) -> Case:
    """The case whose availability follows the reports known on a day."""
    survey = usable_capacity(case, as_of)
    return case.replace(availability=pl.concat([case["availability"], survey.availability]))
