"""Mainstay: guarantee emergency supplies in an epidemic.

>>> import mainstay as ms
>>> case = ms.read(ms.examples.path("tiny"))
>>> case.scenario
'base'

Names are loaded when first used, so that ``import mainstay`` alone costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from mainstay import examples, report, tables
    from mainstay.calendar import Calendar
    from mainstay.chain import Chain, analyse
    from mainstay.demand import Demand, derive
    from mainstay.errors import Cancelled, DataError, MainstayError, SolveError, UsageError
    from mainstay.network import Network, compile
    from mainstay.plan import Plan, ScenarioPlans, WrittenPlan, make_plan, plan_scenarios, read_plan
    from mainstay.prepare import (
        Design,
        Future,
        Policy,
        Siting,
        SitingRules,
        make_design,
        peacetime_use,
        plan_rotation,
        reduce_futures,
        sample_futures,
        score_items,
        site,
    )
    from mainstay.solve import Options
    from mainstay.survey import Survey, usable_capacity, with_survey
    from mainstay.tables import Case, Finding, Findings, as_known, check, make_case, read, write

_HOMES = {
    "Calendar": "mainstay.calendar",
    "Cancelled": "mainstay.errors",
    "Chain": "mainstay.chain",
    "Case": "mainstay.tables",
    "DataError": "mainstay.errors",
    "Demand": "mainstay.demand",
    "Design": "mainstay.prepare",
    "Finding": "mainstay.tables",
    "Findings": "mainstay.tables",
    "Future": "mainstay.prepare",
    "MainstayError": "mainstay.errors",
    "Network": "mainstay.network",
    "Options": "mainstay.solve",
    "Plan": "mainstay.plan",
    "Policy": "mainstay.prepare",
    "ScenarioPlans": "mainstay.plan",
    "Siting": "mainstay.prepare",
    "SitingRules": "mainstay.prepare",
    "SolveError": "mainstay.errors",
    "Survey": "mainstay.survey",
    "UsageError": "mainstay.errors",
    "WrittenPlan": "mainstay.plan",
    "analyse": "mainstay.chain",
    "as_known": "mainstay.tables",
    "check": "mainstay.tables",
    "compile": "mainstay.network",
    "derive": "mainstay.demand",
    "make_case": "mainstay.tables",
    "make_design": "mainstay.prepare",
    "make_plan": "mainstay.plan",
    "peacetime_use": "mainstay.prepare",
    "plan_rotation": "mainstay.prepare",
    "plan_scenarios": "mainstay.plan",
    "read": "mainstay.tables",
    "read_plan": "mainstay.plan",
    "reduce_futures": "mainstay.prepare",
    "sample_futures": "mainstay.prepare",
    "score_items": "mainstay.prepare",
    "site": "mainstay.prepare",
    "usable_capacity": "mainstay.survey",
    "with_survey": "mainstay.survey",
    "write": "mainstay.tables",
}
_MODULES = ("examples", "report", "tables")

__all__ = [
    "Calendar",
    "Cancelled",
    "Case",
    "Chain",
    "DataError",
    "Demand",
    "Design",
    "Finding",
    "Findings",
    "Future",
    "MainstayError",
    "Network",
    "Options",
    "Plan",
    "Policy",
    "ScenarioPlans",
    "Siting",
    "SitingRules",
    "SolveError",
    "Survey",
    "UsageError",
    "WrittenPlan",
    "__version__",
    "analyse",
    "as_known",
    "check",
    "compile",
    "derive",
    "examples",
    "make_case",
    "make_design",
    "make_plan",
    "peacetime_use",
    "plan_rotation",
    "plan_scenarios",
    "read",
    "read_plan",
    "reduce_futures",
    "report",
    "sample_futures",
    "score_items",
    "site",
    "tables",
    "usable_capacity",
    "with_survey",
    "write",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"mainstay.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'mainstay' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
