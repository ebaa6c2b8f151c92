"""A plan may be asked to keep to the plan in force."""

from __future__ import annotations

import polars as pl
import pytest
from tests.network.conftest import by_day, needs

from mainstay.network import compile


def value(plan, stage: str) -> float:
    return next(each.value for each in plan.stages if each.stage == stage)


def test_a_plan_that_is_in_force_is_kept_as_it_is(tiny, sound):
    case = tiny.replace(frozen_days=5)
    former = sound(case)

    again = sound(case, in_force=former.decisions)

    assert value(again, "calm") == 0
    assert again.decisions.equals(former.decisions)


def test_a_costlier_plan_in_force_is_kept_too(bare, sound):
    """Money does not change what people were told; needs do."""
    case = bare.replace(needs=needs("mask", "east", 60, 60), frozen_days=2)
    former = sound(case).decisions.with_columns(extent=pl.lit(75.0))

    plan = sound(case, in_force=former)

    assert by_day(plan, "production", "started")[:2] == [75, 75]
    assert value(plan, "calm") == 0


def test_a_change_counts_in_typical_sizes_of_the_task(bare, sound):
    case = bare.replace(needs=needs("mask", "east", 60, 60), frozen_days=1)
    former = sound(case).decisions.with_columns(extent=pl.lit(20.0))
    scale = compile(case).task_scale[0]

    plan = sound(case, in_force=former)

    assert by_day(plan, "production", "started")[0] == 60
    assert value(plan, "calm") == pytest.approx(40 / scale)


def test_only_whole_periods_inside_the_frozen_days_are_frozen(bare, sound):
    case = bare.replace(needs=needs("mask", "east", *[60] * 5), horizon="1x1 2x2", frozen_days=2)
    former = sound(case).decisions.with_columns(extent=pl.lit(70.0))

    plan = sound(case, in_force=former)

    assert by_day(plan, "production", "started")[0] == 70
    assert sum(by_day(plan, "production", "started")) == 300


def test_a_plan_in_force_of_other_periods_binds_nothing(bare, sound):
    case = bare.replace(needs=needs("mask", "east", *[60] * 4), frozen_days=5)
    former = sound(case.replace(horizon="1x4")).decisions

    plan = sound(case.replace(horizon="4x1"), in_force=former)

    assert value(plan, "calm") == 0


def test_a_decision_in_force_that_is_no_more_possible_is_a_change(bare, sound):
    case = bare.replace(needs=needs("mask", "east", 60), frozen_days=1)
    former = sound(case).decisions
    gone = case.replace(lines=bare["lines"].filter(pl.col("line") != "L1"))

    plan = sound(gone, in_force=former)

    assert plan.production.is_empty()
    assert by_day(plan, "shortages", "lost")[0] == 60


def test_without_frozen_days_the_plan_in_force_is_not_asked(bare, sound):
    case = bare.replace(needs=needs("mask", "east", 60))
    former = sound(case).decisions.with_columns(extent=pl.lit(75.0))

    assert by_day(sound(case, in_force=former), "production", "started")[0] == 60
