"""The plan: what do we do now?"""

from mainstay.plan.plan import Plan, make_plan
from mainstay.plan.scenarios import ScenarioPlans, plan_scenarios

__all__ = ["Plan", "ScenarioPlans", "make_plan", "plan_scenarios"]
