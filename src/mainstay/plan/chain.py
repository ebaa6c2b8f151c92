"""The industrial chain with the flows of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mainstay.chain import Chain, analyse
from mainstay.network import compile as compile_case

if TYPE_CHECKING:
    from mainstay.plan.plan import Plan
    from mainstay.plan.written import WrittenPlan


def chain_of(plan: Plan | WrittenPlan) -> Chain:
    """The chain of the case that was planned, with what the plan makes, uses and serves."""
    return analyse(plan.case, compile_case(plan.case), plan.tables)
