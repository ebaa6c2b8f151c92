"""The plan: what do we do now?"""

from mainstay.plan.plan import Plan, make_plan
from mainstay.plan.scenarios import ScenarioPlans, plan_scenarios
from mainstay.plan.written import WrittenPlan, read_plan

__all__ = ["Plan", "ScenarioPlans", "WrittenPlan", "make_plan", "plan_scenarios", "read_plan"]
