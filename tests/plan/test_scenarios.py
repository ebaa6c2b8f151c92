"""Plans for several scenarios: one decision now, and what comes of it in each."""

from __future__ import annotations

import json

import polars as pl
import pytest
from tests.network.conftest import by_day, needs, table

from mainstay.errors import DataError, UsageError
from mainstay.network import compile
from mainstay.network.scenarios import combine
from mainstay.plan import make_plan, plan_scenarios
from mainstay.plan.scenarios import scenario_weights


@pytest.fixture
def fork(bare):
    """Forty masks in the east, a day from the west; tomorrow forty are needed in one of the two."""
    west, east = (
        needs("mask", place, 0, 40).with_columns(scenario=pl.lit(f"{place}_hit")) for place in ("west", "east")
    )
    stocks = table("place,item,owner,lot,quantity\neast,mask,enterprise,M,40")
    return bare.replace(stocks=stocks, needs=pl.concat([west, east]), scenario="west_hit", horizon="3x1")


def sent(plans) -> list[float]:
    return [sum(by_day(plan, "shipments", "quantity")) for plan in plans.plans.values()]


def test_a_plan_for_one_scenario_sends_all_or_nothing(fork):
    assert sum(by_day(make_plan(fork), "shipments", "quantity")) == 40
    assert make_plan(fork.replace(scenario="east_hit")).shipments.is_empty()


def test_what_is_sent_today_is_the_same_whatever_comes(fork):
    plans = plan_scenarios(fork, {"west_hit": 0.7, "east_hit": 0.3})

    assert plans.ok
    assert sent(plans) == [30, 30]  # the lightest quarters to lose: 0.3 x (1, 1.5, 2.4) in the east, 0.7 in the west
    assert [by_day(plan, "shortages", "lost")[1] for plan in plans.plans.values()] == [10, 30]
    assert plans.now.select("task", "extent").rows() == [("ship:east_west:mask", 30)]


def test_without_common_days_each_scenario_does_what_is_best_for_it(fork):
    plans = plan_scenarios(fork, ["west_hit", "east_hit"], common_days=0)

    assert sent(plans) == [40, 0]
    assert plans.now.is_empty()


def test_rules_of_use_follow_what_comes_even_on_the_common_days(fork):
    steps = fork["needs"].select("scenario", "item", "place", "tier", "date", saved=pl.col("quantity") / 2)
    case = fork.replace(step_downs=steps.with_columns(mode=pl.lit("contingency")), deepest_mode="contingency")

    plans = plan_scenarios(case, ["west_hit", "east_hit"], common_days=2)

    assert sent(plans) == [20, 20]
    assert [by_day(plan, "shortages", "eased")[1] for plan in plans.plans.values()] == [20, 20]
    assert plans.fill_rates["fill_rate"].to_list() == [1, 1]


def test_weights_come_from_the_table_of_scenarios_and_are_one_elsewhere(fork):
    case = fork.replace(scenarios=table("scenario,transmission,weight\neast_hit,1,0.5"))

    assert scenario_weights(case, ["west_hit", "east_hit"]) == {"west_hit": 1.0, "east_hit": 0.5}


def test_a_scenario_with_two_weights_is_refused(fork):
    two = table("scenario,from,transmission,weight\neast_hit,,1,0.5\neast_hit,2020-02-02,1,0.7")
    with pytest.raises(UsageError, match="several weights"):
        plan_scenarios(fork.replace(scenarios=two), ["west_hit", "east_hit"])


@pytest.mark.parametrize(
    ("scenarios", "rest", "says"),
    [
        ({"west_hit": 0.0, "east_hit": 1.0}, {}, "a number above 0"),
        ({}, {}, "Name at least one"),
        (["west_hit", "west_hit"], {}, "named twice"),
        (["west_hit"], {"horizon": "1x2 1x1", "common_days": 1}, "hold no whole period"),
    ],
)
def test_what_cannot_be_planned_on_is_refused_with_a_remedy(fork, scenarios, rest, says):
    with pytest.raises(UsageError, match=says):
        plan_scenarios(fork, scenarios, **rest)


def test_a_scenario_that_no_need_names_is_a_finding(fork):
    with pytest.raises(DataError, match="asteroid"):
        plan_scenarios(fork, ["west_hit", "asteroid"])


def test_the_first_period_is_common_unless_more_days_are_frozen(fork):
    assert plan_scenarios(fork, ["west_hit"]).common_days == 1
    assert plan_scenarios(fork.replace(frozen_days=2), ["west_hit"]).common_days == 2
    assert plan_scenarios(fork, ["west_hit"], horizon="1x3").common_days == 3


def test_a_scenario_that_cannot_name_a_folder_is_not_written(fork, tmp_path):
    needs = fork["needs"].with_columns(pl.col("scenario").replace("east_hit", "../east"))
    plans = plan_scenarios(fork.replace(needs=needs), ["west_hit", "../east"])

    with pytest.raises(UsageError, match="cannot name a folder"):
        plans.write(tmp_path / "plans", report=False)


def test_networks_that_may_start_other_things_now_do_not_fit_together(fork):
    """Alone, the plan for the east has no use for the road, and leaves it out."""
    networks = {name: compile(fork.replace(scenario=name)) for name in ("west_hit", "east_hit")}

    with pytest.raises(UsageError, match="Compile the scenarios together"):
        combine(networks, {"west_hit": 1, "east_hit": 1}, 1)

    assert combine(networks, {"west_hit": 1, "east_hit": 1}, 0).network.tasks.height == sum(
        network.tasks.height for network in networks.values()
    )


def test_plans_are_written_by_scenario_and_the_next_plan_takes_their_place(fork, tmp_path):
    plans = plan_scenarios(fork, {"west_hit": 3, "east_hit": 1})
    plans.write(tmp_path, report=False)

    assert pl.read_csv(tmp_path / "now.csv")["kind"].to_list() == ["ship"]
    assert (tmp_path / "east_hit" / "shortages.csv").is_file()
    proof = json.loads((tmp_path / "plan.json").read_text())
    assert {name: each["weight"] for name, each in proof["scenarios"].items()} == {"west_hit": 0.75, "east_hit": 0.25}

    make_plan(fork).write(tmp_path, report=False)

    assert not (tmp_path / "now.csv").exists()
    assert not (tmp_path / "east_hit").exists()
