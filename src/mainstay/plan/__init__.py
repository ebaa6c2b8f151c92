"""The plan: what do we do now?"""

from mainstay.plan.plan import Plan, make_plan

__all__ = ["Plan", "make_plan"]
