"""The needs that a plan is made for: those that the case brings, or those derived for the scenarios asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from mainstay.demand import Demand, derive
from mainstay.demand.derive import MEDIAN
from mainstay.errors import DataError, UsageError
from mainstay.tables import Case

_NEEDS = ("needs", "step_downs")


def with_needs(case: Case, scenario: str | None = None) -> tuple[Case, Demand | None]:
    """The case without errors and with its needs; and the demand, where they had to be derived.

    scenario : to plan on instead of the case's: of the table needs, of the course, or one that is derived

    Raises
    ------
    DataError : the case has errors, as it is or with the needs derived; its findings name each
    UsageError : needs are derived, and not for this scenario
    """
    is_derived = scenario is not None and _is_derived(case, scenario)
    case = checked(case if scenario is None or is_derived else case.replace(scenario=scenario))
    if not (case.derives_needs or is_derived):
        return case, None
    demand = derive(case)
    planned = demand.case.replace(scenario=_among(demand, scenario)) if scenario and is_derived else demand.case
    return checked(planned), demand


def with_needs_of(case: Case, names: Sequence[str]) -> tuple[Case, dict[str, Demand], dict[str, float]]:
    """The case with the needs of every named scenario; the demand of each that was derived; shares of joint paths.

    Raises
    ------
    DataError, UsageError : as for ``with_needs``
    """
    missing = [name for name in names if name not in case["needs"]["scenario"]]
    if case.course == "needs" or not missing:
        return case, {}, {}
    demands: dict[str, Demand] = {}
    shares: dict[str, float] = {}
    found = [case]
    joint = [name for name in missing if _is_derived(case, name)]
    for name in sorted({*missing} - {*joint}):
        planned, demand = with_needs(case, name)
        demands |= {name: demand} if demand else {}
        found.append(_median_as(planned, name))
    if joint:
        demand = derive(checked(case))
        demands |= {_among(demand, name): demand for name in joint}
        shares = {name: share for name, share in demand.scenarios.items() if name in joint}
        found.append(demand.case)
    tables = {table: pl.concat([each[table] for each in found]) for table in _NEEDS}
    return case.replace(course="needs", **tables), demands, shares


def checked(case: Case) -> Case:
    """The case, which must have no errors.

    Raises
    ------
    DataError : the case has errors; its findings name each
    """
    errors = case.check().errors
    if errors:
        raise DataError(
            f"The case has {len(errors)} {'error' if len(errors) == 1 else 'errors'}; the first: {errors[0]}", errors
        )
    return case


def _is_derived(case: Case, scenario: str) -> bool:
    """Whether the name is that of the median or of a joint path, and of no scenario that the case has itself."""
    own = {*case["needs"]["scenario"], *case["scenarios"]["scenario"], *case["people"]["scenario"]}
    return case.course != "needs" and scenario not in own and re.fullmatch(rf"{MEDIAN}|path\d+", scenario) is not None


def _among(demand: Demand, scenario: str) -> str:
    known = [MEDIAN, *demand.scenarios]
    if scenario not in known:
        raise UsageError(f'No needs are derived for the scenario "{scenario}". Name one of {", ".join(known)}.')
    return scenario


def _median_as(case: Case, name: str) -> Case:
    """The case with the needs of its median alone, under another name."""
    tables = {table: case[table].filter(scenario=MEDIAN).with_columns(scenario=pl.lit(name)) for table in _NEEDS}
    return case.replace(**tables)
