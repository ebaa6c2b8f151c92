"""What is refused, and in which words; futures that a case brings."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.prepare.cases import all_forms, brought, needs, stock_check

from mainstay.errors import UsageError
from mainstay.prepare import Future, Policy, futures_of, held_out, make_design, make_preparation
from mainstay.prepare.design import knee
from mainstay.solve import Risk
from mainstay.stress import Disruption, Target


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"budget": -5.0}, "The budget is money a year, 0 or more; found -5"),
        ({"worth": 0.0}, "money above 0"),
        ({"caution": 1.5}, "caution is a share"),
        ({"level": 1.0}, "level of CVaR"),
        ({"deprivation": -1.0}, "weight of deprivation"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong, words):
    with pytest.raises(UsageError, match=words):
        Policy(**wrong)


def test_weights_that_do_not_sum_to_one_are_refused():
    case, futures = stock_check()
    with pytest.raises(UsageError, match=r"sum to 0\.1"):
        make_preparation(case, futures[1:])


def test_a_future_without_needs_is_refused_by_name():
    case, futures = stock_check()
    empty = replace(futures[0], needs=futures[0].needs.head(0))
    with pytest.raises(UsageError, match="The future quiet has no needs"):
        make_preparation(case, [empty, *futures[1:]])


def test_a_future_whose_needs_all_lie_outside_the_days_of_the_case_is_refused():
    case, futures = stock_check()
    late = replace(futures[0], needs=needs(("mask", "here", 400, 10.0)))
    with pytest.raises(UsageError, match="The future quiet has no needs from 2"):
        make_preparation(case, [late, *futures[1:]])


def test_a_case_without_options_or_futures_is_told_what_it_lacks():
    case, futures = stock_check()
    with pytest.raises(UsageError, match="no future"):
        make_preparation(case, [])
    with pytest.raises(UsageError, match="options is empty"):
        make_preparation(case.replace(options=case["options"].head(0)), futures)


def test_futures_of_the_tables_are_those_that_were_written():
    case, futures = stock_check()
    loss = {
        "future": "mild",
        "kind": "source",
        "name": "abroad",
        "days": 1.0,
        "share": 0.5,
        "first_day": 0,
        "ramp": 0.0,
    }
    written = brought(case, futures).replace(future_losses=pl.DataFrame([loss]))

    read = futures_of(written)

    assert [(each.name, each.weight) for each in read] == [(each.name, each.weight) for each in futures]
    assert [each.needs["quantity"].sum() for each in read] == [each.needs["quantity"].sum() for each in futures]
    assert read[1].disruptions == (Disruption((Target("source", "abroad"),), 1.0, 0.5),)


def test_what_is_held_out_is_a_seeded_draw_and_each_side_sums_to_one():
    _, futures = stock_check()
    here, fresh = held_out(futures, 0.34, seed=3)

    assert sorted(each.name for each in [*here, *fresh]) == ["mild", "quiet", "severe"]
    assert sum(each.weight for each in here) == pytest.approx(1)
    assert sum(each.weight for each in fresh) == pytest.approx(1)
    assert held_out(futures, 0.34, seed=3) == (here, fresh)
    with pytest.raises(UsageError, match="cannot be held out"):
        held_out(futures, 0.01)


def test_a_design_is_tried_on_fresh_futures_beside_rules_of_the_same_money():
    case, futures = stock_check()
    design = make_design(case, futures, Policy(budget=1000.0, worth=2800.0), fresh=futures, frontier=True)

    trials = design.tables["trials"]
    assert trials["rule"].to_list() == ["design", "nothing", "days of cover", "by population"]
    assert (trials["cost"] <= 1000 + 1e-6).all()
    assert (trials["mean_low"] <= trials["mean"]).all()
    assert (trials["mean"] <= trials["mean_high"]).all()
    means = design.tables["frontier"]["mean"].to_list()
    assert means == sorted(means, reverse=True)


def test_the_knee_is_where_the_curve_bends_most():
    assert knee([0, 1, 2, 10], [10, 2, 1.5, 1]) == 1
    assert knee([0, 1, 2], [2, 1, 0]) is None
    assert knee([0, 1], [2, 1]) is None


def test_a_risk_of_the_mean_alone_is_the_mean():
    import numpy as np

    assert Risk(0.0).of(np.array([1.0, 3.0]), np.array([0.5, 0.5])) == 2.0


def test_what_is_rotated_has_a_calendar_in_which_nothing_expires():
    case = all_forms()
    items = case["items"].with_columns(shelf_life_days=pl.when(pl.col("item") == "mask").then(60))
    rotations = pl.DataFrame({"item": ["mask"], "place": ["east"], "usage_per_day": [4.0], "every_days": [10]})
    case = case.replace(items=items, rotations=rotations, options=case["options"].filter(option="users"))
    future = Future("surge", 1.0, needs(("mask", "east", 0, 100.0)))

    design = make_design(case, [future], Policy(worth=1e6))

    plan = design.tables["rotation_plan"].row(0, named=True)
    assert plan["held"] == pytest.approx(100)
    assert plan["held"] <= plan["limit"]
    assert plan["scrapped"] == 0
    assert set(design.tables["rotation_calendar"]["action"]) == {"buy", "issue"}
