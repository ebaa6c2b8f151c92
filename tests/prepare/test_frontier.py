"""Designs of several budgets: each is whole, and tried beside rules of its own money."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from tests.prepare.cases import STOCK_WORTH, stock_check

from mainstay.prepare import Design, Policy, make_design, plan_rotation


@pytest.fixture(scope="module")
def design() -> Design:
    case, futures = stock_check()
    policy = Policy(budget=2000.0, worth=STOCK_WORTH, caution=0.0, deprivation=0.0)
    return make_design(case, futures, policy, fresh=futures, frontier=[300.0, 0.0])


def test_the_frontier_has_the_budgets_that_were_asked_for_and_ones_own(design):
    assert [point.budget for point in design.frontier] == [0.0, 300.0, 2000.0]
    assert [point.cost for point in design.frontier] == pytest.approx([0, 300, 500])
    assert design.asked == 2


def test_the_design_of_ones_own_budget_is_the_one_among_them(design):
    assert design.at(2) is design


def test_each_design_is_whole_and_tried_beside_rules_of_its_own_money(design):
    other = design.at(1)
    assert other.tables["designs"]["quantity"].to_list() == pytest.approx([300])
    assert other.policy.budget == 300
    trials = other.tables["trials"]
    assert trials["rule"].to_list() == ["design", "nothing", "days of cover", "by population"]
    assert trials["cost"].max() == pytest.approx(300)
    assert other.stochastic is None
    assert other.information is None
    assert trials["mean"][0] == pytest.approx(other.here.mean)


def test_a_calendar_may_begin_on_any_day():
    case, _futures = stock_check()
    items = case["items"].with_columns(shelf_life_days=pl.lit(100))
    rotations = pl.DataFrame({"item": ["mask"], "place": ["here"], "usage_per_day": [2.0], "every_days": [10]})
    case = case.replace(items=items, rotations=rotations)
    begin = case.start + timedelta(days=1000)
    calendar = plan_rotation(case, {("mask", "here"): 50.0}, years=1, start=begin).calendar
    assert calendar["date"].min() == begin
    assert calendar["date"].max() < date.fromordinal(begin.toordinal() + 365)
