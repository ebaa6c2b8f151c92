"""Solve a case to the end, and compare plans stage by stage."""

from __future__ import annotations

from mainstay.network import compile
from mainstay.network.compile import STAGES
from mainstay.network.network import Network
from mainstay.solve import Options, Solution, solve
from mainstay.tables.case import Case

EXACT = Options(gap=0.0, threads=1)
TOLERANCE = 1e-5
"""How far values of a stage may differ, as a share of the value and at least of one."""


def solved(case: Case) -> Solution:
    """The solution of a case, proven to the end."""
    return solve_network(compile(case))


def solve_network(network: Network) -> Solution:
    """The solution of a network, proven to the end."""
    return solve(network, EXACT)


def values(solution: Solution) -> list[float]:
    """Value of each stage, in the order of ``STAGES``; a stage that nothing speaks of is 0."""
    reached = {proof.stage: proof.value for proof in solution.stages}
    return [reached.get(stage, 0.0) for stage in STAGES]


def close(one: float, other: float) -> bool:
    """Whether two values of a stage are the same within the tolerance."""
    return abs(one - other) <= TOLERANCE * max(1.0, abs(one), abs(other))


def same(one: list[float], other: list[float]) -> bool:
    """Whether two plans are equally good in every stage."""
    return all(map(close, one, other))


def no_worse(new: list[float], old: list[float]) -> bool:
    """Whether the first stage in which two plans differ is better in the new one."""
    for now, before in zip(new, old, strict=True):
        if not close(now, before):
            return now < before
    return True
