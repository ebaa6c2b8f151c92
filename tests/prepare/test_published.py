"""Designs whose values are published, or follow from a formula."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from tests.prepare.cases import STOCK_WORTH, stock_check, stock_or_standby

from mainstay.prepare import Policy, make_design
from mainstay.solve import Core, Options, Outcomes, TwoStage, cvar, decompose, solve_extensive
from mainstay.solve.highs import Clock
from mainstay.solve.recourse import Crew
from mainstay.solve.values import value_of_information, value_of_stochastic

EXACT = Options(gap=1e-7, threads=1)


@pytest.mark.parametrize(("level", "at_risk", "worst"), [(0.5, 0, 30), (0.8, 20, 55), (0.9, 50, 75), (0.95, 50, 100)])
def test_value_at_risk_and_cvar_of_the_printed_losses(level, at_risk, worst):
    losses, weights = np.array([0.0, 10, 20, 50, 100]), np.array([0.5, 0.2, 0.15, 0.1, 0.05])

    assert cvar(losses, weights, level) == pytest.approx((at_risk, worst))


@pytest.mark.parametrize("method", ["whole", "decomposed"])
@pytest.mark.parametrize(
    ("caution", "level", "stock", "value"),
    [(0.0, 0.9, 500, 1500), (0.2, 0.9, 2500, 2612), (0.5, 0.9, 2500, 2720), (0.9, 0.95, 3000, 3000)],
)
def test_caution_moves_the_stock_sixfold(caution, level, stock, value, method):
    case, futures = stock_check()
    policy = Policy(worth=STOCK_WORTH, caution=caution, level=level, deprivation=0.0, method=method)

    design = make_design(case, futures, policy, options=EXACT)

    assert design.quantities == pytest.approx([stock], abs=0.01)
    assert design.found.value == pytest.approx(value, rel=1e-5)
    assert design.found.gap <= 1e-6


@pytest.mark.parametrize(("keeping", "stock", "lines", "cost"), [(15, 1000, 100, 2500), (25, 3000, 0, 3000)])
def test_a_standby_line_pays_while_it_costs_less_than_the_stock_it_saves(keeping, stock, lines, cost):
    """The switch is where keeping one unit a day ready costs (30 - 10) days of stock: 20."""
    case, futures = stock_or_standby(keeping)

    design = make_design(case, futures, Policy(worth=1e6), options=EXACT)

    had = dict(zip(design.preparation.options["option"], design.quantities, strict=True))
    assert had == pytest.approx({"store": stock, "line": lines}, abs=1e-3)
    assert design.cost == pytest.approx(cost)
    assert design.here.mean == pytest.approx(0, abs=1e-6)


def farmer() -> TwoStage:
    """Wheat, corn, sugar beets on 500 acres, with yields of 120, 100 and 80 % of the usual."""
    yields = np.array([2.5, 3.0, 20.0])
    core = Core(
        price=np.array([238.0, 210, -170, -150, -36, -10]),
        matrix=sparse.csc_array(np.array([[1, 0, -1, 0, 0, 0], [0, 1, 0, -1, 0, 0], [0, 0, 0, 0, -1, -1.0]])),
        lower=np.array([200.0, 240, 0]),
        upper=np.full(3, np.inf),
        most=np.array([np.inf, np.inf, np.inf, np.inf, 6000, np.inf]),
        rows=np.zeros(0, np.int64),
        columns=np.zeros(0, np.int64),
        technology=tuple(sparse.csc_array(np.diag(yields * share)) for share in (1.2, 1.0, 0.8)),
        parts=sparse.csr_array((0, 6)),
    )
    outcomes = Outcomes(np.full(3, 1 / 3), np.zeros((3, 0)), np.zeros((3, 0)), np.arange(3))
    return TwoStage(
        cost=np.array([150.0, 230, 260]),
        most=np.full(3, 500.0),
        is_whole=np.zeros(3, dtype=bool),
        rows=sparse.csc_array(np.ones((1, 3))),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([500.0]),
        core=core,
        outcomes=outcomes,
        floor=-1e6,
    )


@pytest.mark.parametrize("solve", [solve_extensive, decompose])
def test_the_farmer_of_birge_and_louveaux(solve):
    problem = farmer()

    found = solve(problem, EXACT)

    assert found.x == pytest.approx([170, 80, 250], abs=0.01)
    assert -found.value == pytest.approx(108_390, abs=0.1)
    crew = Crew(problem.core, EXACT, Clock(None), "farmer")
    assert value_of_stochastic(problem, found, crew, EXACT) == pytest.approx(1150, abs=0.1)
    assert value_of_information(problem, found, EXACT) == pytest.approx(7015.56, abs=0.1)
