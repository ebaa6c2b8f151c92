"""Random cases with dates, licences and long periods: what pruning and calm promise holds for them too."""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.laws.random_cases import cases

from mainstay.network import compile
from mainstay.plan import make_plan
from mainstay.solve import Options, solve
from mainstay.tables import Case

START = date(2020, 2, 1)
EXACT = Options(gap=0.0, threads=1)
HORIZONS = ("3x1", "1x5", "2x1 2x2", "1x2 1x3", "1x1 1x7", "6x1", "1x3 2x1")
STOCKS = (("mask", "east", "reserve"), ("mask", "west", "facility"), ("mask", "west", "enterprise"))

few = settings(
    max_examples=10,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # a failing case is small already, and shrinking it takes minutes
    suppress_health_check=list(HealthCheck),
)


def wider(case: Case, seed: int) -> Case:
    """The case over another horizon, with lots and goods that expire, a target, floors and fast reviews."""
    dice = random.Random(seed)

    def day(first: int, last: int) -> date:
        return START + timedelta(days=dice.randint(first, last))

    lots = pl.DataFrame(
        [
            {"item": item, "place": place, "owner": owner, "lot": "dated", "quantity": float(dice.randint(1, 60))}
            | {"expires": day(-1, 7)}
            for item, place, owner in STOCKS
        ]
    )
    target = pl.DataFrame(
        [{"place": "east", "item": "mask", "date": day(0, 7), "quantity": float(dice.randint(1, 60))}]
    )
    fast = pl.when(pl.col("state") != "held")
    return case.replace(
        horizon=dice.choice(HORIZONS),
        frozen_days=dice.choice((0, 2, 3)),
        stocks=pl.concat([case["stocks"], lots], how="diagonal"),
        items=case["items"].with_columns(
            shelf_life_days=pl.when(item="mask").then(dice.choice((None, 1, 2, 3))).otherwise("shelf_life_days")
        ),
        targets=target,
        licences=case["licences"].with_columns(
            fast_review_days=fast.then(dice.randint(0, 4)),
            reviewer_pool=fast.then(pl.lit("reviewers")),
            review_effort=fast.then(1.0),
            expires=pl.when(state="held").then(case.calendar.start + timedelta(days=dice.randint(-1, 9))),
        ),
    )


@few
@given(cases(), st.integers(0, 10**6))
def test_a_plan_of_any_case_passes_the_check_and_is_kept_when_in_force(case: Case, seed: int):
    wide = wider(case, seed)

    plan = make_plan(wide, options=EXACT)
    again = make_plan(wide, in_force=plan.decisions, options=EXACT)

    assert [v.text for v in plan.check.violations + again.check.violations] == []
    assert sum(stage.value for stage in again.stages if stage.stage == "calm") < 1e-5


@few
@given(cases(), st.integers(0, 10**6))
def test_pruning_changes_no_stage_but_the_cost_of_wasting(case: Case, seed: int):
    """Without pruning materials may be used up for nobody, where that is cheaper than writing them off."""
    wide = wider(case, seed)
    compiling = sys.modules[compile.__module__]
    prune = compiling.useful_starts

    pruned = solve(compile(wide), EXACT)
    compiling.useful_starts = lambda network: network.upper
    try:
        whole = solve(compile(wide), EXACT)
    finally:
        compiling.useful_starts = prune

    for one, other in zip(pruned.stages, whole.stages, strict=True):
        assert abs(one.value - other.value) <= 1e-5 * max(1, abs(one.value)) or one.stage == "cost", one.stage
