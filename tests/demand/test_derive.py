"""From a course to a case that can be planned: needs, people, step-downs, scenarios, and where needs come from."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.demand.small import DAYS, START, course, rows, small_case

from mainstay.demand.cells import representatives
from mainstay.demand.derive import MEDIAN, derive
from mainstay.errors import UsageError

KEY = ["item", "place", "tier", "date"]


def random_course(paths: int = 21, seed: int = 0, weights: list[float] | None = None):
    """Paths that grow at different speeds."""
    rng = np.random.default_rng(seed)
    level = rng.lognormal(3, 0.8, (paths, 1, 1)) * np.ones((1, 2, 1)) * 1.1 ** np.arange(DAYS)
    return course(weights, new_cases=level, severe=level / 2)


def demand_of(**changes):
    return derive(small_case(**changes), course=random_course())


def test_a_derived_case_is_ready_to_be_planned_on_the_median():
    case = demand_of().case

    assert (case.course, case.scenario) == ("needs", MEDIAN)
    assert [str(finding) for finding in case.check().errors] == []
    assert set(case["needs"]["scenario"]) == set(case["people"]["scenario"]) == {"median", "path1", "path2", "path3"}


def test_the_median_is_that_of_each_need():
    demand = demand_of()
    joined = demand.case["needs"].filter(scenario=MEDIAN).join(demand.needs, on=KEY)

    assert joined.height == demand.case["needs"].filter(scenario=MEDIAN).height > 0
    assert (joined["quantity"] == joined["q50"]).all()
    assert (joined["q05"] <= joined["q50"]).all()
    assert (joined["q50"] <= joined["q95"]).all()


def test_a_representative_scenario_is_one_whole_path():
    the_course = random_course()
    demand = derive(small_case(), course=the_course)
    suits = demand.case["needs"].filter(scenario="path2", item="suit", place="west").sort("date")["quantity"].to_numpy()

    of_paths = np.minimum(the_course.measures["severe"][:, 1] * 0.5, 50) * 2.2

    assert np.isclose(of_paths, suits, rtol=1e-5).all(axis=1).sum() == 1


def test_representatives_go_from_the_lightest_to_the_heaviest_and_their_weights_sum_to_one():
    demand = demand_of()
    whole = [demand.case["needs"].filter(scenario=name)["quantity"].sum() for name in demand.scenarios]

    assert whole == sorted(whole)
    assert sum(demand.scenarios.values()) == pytest.approx(1)


def test_a_path_that_stands_for_two_shares_has_the_weight_of_both():
    assert representatives(np.array([1.0, 2.0]), np.array([0.9, 0.1]), 3) == {0: pytest.approx(1)}


def test_the_breakdown_adds_up_to_the_needs_of_the_median():
    demand = demand_of()
    key = ["item", "place", "tier"]
    parts = demand.breakdown.group_by(key).agg(pl.col("quantity").sum().alias("parts"))
    whole = demand.case["needs"].filter(scenario=MEDIAN).group_by(key).agg(pl.col("quantity").sum())

    joined = whole.join(parts, on=key, how="full")

    assert joined["parts"].to_numpy() == pytest.approx(joined["quantity"].to_numpy(), rel=1e-5)


def test_the_breakdown_says_which_setting_and_driver_a_need_comes_from():
    masks = demand_of().breakdown.filter(item="mask", place="east")

    assert set(masks.select("setting", "driver").rows()) == {
        ("ward", "severe"),
        ("clinic", "new_cases"),
        ("clinic", "health_workers"),
        ("public", "population"),
    }
    assert masks.filter(setting="public")["quantity"].item() == pytest.approx(50)  # 1000 x 0.01 x 5 days


def test_step_downs_say_what_each_mode_saves_against_the_one_before():
    demand = demand_of(deepest_mode="crisis")
    saved = demand.case["step_downs"].pivot("mode", index=["scenario", *KEY], values="saved")
    joined = demand.case["needs"].join(saved, on=["scenario", *KEY], how="left")
    suits = joined.filter(item="suit")

    assert set(demand.case["step_downs"]["item"]) == {"suit"}
    assert suits["contingency"].to_numpy() == pytest.approx(suits["quantity"].to_numpy() / 2, rel=1e-5)
    assert suits["crisis"].to_numpy() == pytest.approx(suits["quantity"].to_numpy() / 4, rel=1e-5)


def test_there_are_no_step_downs_where_the_case_allows_none():
    assert demand_of().case["step_downs"].height == 0


def test_sums_are_taken_in_each_path_before_the_quantile():
    the_course = course(new_cases=[[[10], [0]], [[0], [10]]], severe=0)
    masks = derive(small_case(), course=the_course).totals.filter(item="mask")

    # one town or the other has the cases: 20 people of the clinic in either path, so the total is certain
    assert (masks["q05"] == masks["q95"]).all()
    assert masks["q50"][0] == pytest.approx(60 + 14 * 3 + 15)


def test_the_tiers_of_an_item_are_added_up_in_each_path_before_the_quantile():
    the_course = course(new_cases=[[[0], [0]], [[10], [0]]], severe=[[[20], [0]], [[5], [0]]])
    rules = small_case()["guidelines"].with_columns(tier=pl.when(setting="clinic").then(pl.lit("essential")))
    demand = derive(small_case(guidelines=rules), course=the_course)
    masks = pl.col("item") == "mask", pl.col("place") == "east", pl.col("date") == START

    # ward 40 or 10, clinic 12 or 72, public 10: 62 or 92 in all; the lowest of the tiers are those of no one path
    assert demand.needs.filter(*masks)["q05"].sum() == pytest.approx(10 + 12 + 10)
    assert demand.items.filter(*masks).select("q05", "q95").row(0) == pytest.approx((62, 92))


def test_an_item_in_one_tier_needs_what_that_tier_needs():
    demand = demand_of()
    suits = demand.items.filter(item="suit")

    assert suits.equals(demand.needs.filter(item="suit").drop("tier"))
    assert suits.height > 0


def test_people_of_all_places_are_added_up_in_each_path_before_the_quantile():
    the_course = course(new_cases=[[[10], [0]], [[0], [10]]], severe=0)
    people = derive(small_case(), course=the_course).people_totals.filter(setting="clinic")

    assert (people["q05"] == people["q95"]).all()
    assert people["q50"].to_list() == [pytest.approx(34)] * DAYS  # 10 cases x 2, and 140 health workers x 0.1


def test_the_summary_adds_up_the_next_seven_days_or_all_there_are():
    demand = demand_of()
    summary = {row["item"]: row for row in demand.summary.to_dicts()}

    assert summary["mask"]["next_q05"] <= summary["mask"]["next_q50"] <= summary["mask"]["next_q95"]
    assert summary["mask"]["peak_from"] == START
    assert summary["mask"]["peak_q50"] == summary["mask"]["next_q50"]


def test_the_highest_week_begins_where_most_is_needed():
    the_course = course(new_cases=0, severe=0)
    case = small_case(horizon="10x1", people=rows("place setting date count", ("west", "ward", date_of(9), 100)))
    long_course = type(the_course)(
        places=the_course.places,
        dates=tuple(date_of(d) for d in range(10)),
        measures={name: np.zeros((1, 2, 10), np.float32) for name in the_course.measures},
        before=the_course.before,
        weights=np.ones(1),
    )

    summary = derive(case, course=long_course).summary.filter(item="suit")

    assert summary.select("next_q50", "peak_from", "peak_q50").rows() == [(0, date_of(3), pytest.approx(220))]


def date_of(day: int):
    return START.fromordinal(START.toordinal() + day)


def test_a_case_that_brings_its_needs_is_not_derived():
    with pytest.raises(UsageError, match="set course in the settings"):
        derive(small_case(course="needs"))


@pytest.mark.parametrize("table", ["guidelines", "settings"])
def test_a_case_without_rules_of_use_or_settings_is_refused(table):
    with pytest.raises(UsageError, match="Fill in settings"):
        derive(small_case(**{table: small_case()[table].clear()}), course=random_course())


def test_people_who_come_from_no_course_need_none():
    case = small_case()
    case = case.replace(
        settings=case["settings"].filter(~pl.col("driver").is_in(["severe", "new_cases"])),
        guidelines=case["guidelines"].filter(pl.col("setting") != "ward"),
    )

    demand = derive(case)

    assert demand.course.num_paths == 1
    assert set(demand.scenarios) == {"path1"}
    assert demand.case["needs"].filter(scenario="median", item="mask", place="east", tier="vital")["quantity"][0] == 12


def test_needs_may_wait_as_long_as_their_guidelines_say():
    case = small_case()
    rules = case["guidelines"].with_columns(patience_days=pl.when(item="bed").then(3).otherwise(0))

    needs = derive(case.replace(guidelines=rules), course=random_course()).case["needs"]

    assert set(needs.filter(item="bed")["patience_days"]) == {3}
    assert set(needs.filter(item="suit")["patience_days"]) == {0}


def test_the_order_of_rows_changes_nothing():
    case = small_case(deepest_mode="crisis")
    tables = ("settings", "guidelines", "places", "capacities", "items")
    turned = case.replace(**{name: case[name].reverse() for name in tables})

    one, other = derive(case, course=random_course()), derive(turned, course=random_course())

    assert one.case.hash == other.case.hash
    assert one.summary.equals(other.summary)


@settings(max_examples=20)
@given(st.floats(1, 3))
def test_more_patients_never_lower_what_is_needed_in_all(factor):
    base, larger = random_course(), random_course()
    larger = course(**{name: values * factor for name, values in larger.measures.items()})

    one, other = derive(small_case(), course=base), derive(small_case(), course=larger)
    joined = one.totals.filter(pl.col("item") != "bed").join(other.totals, on=["item", "date"])

    for level in ("q05", "q50", "q95"):
        assert (joined[f"{level}_right"] >= joined[level] * (1 - 1e-5)).all()


def test_a_day_before_that_is_not_known_is_told_where_goods_are_held():
    the_course = random_course()
    known = derive(small_case(), course=the_course)
    the_course.before.clear()
    unknown = derive(small_case(), course=the_course)

    assert known.notes == ()
    assert ["severe of the day before" in note.en for note in unknown.notes] == [True]
    assert ["未知" in note.zh for note in unknown.notes] == [True]


def test_a_demand_is_written_table_by_table(tmp_path):
    demand_of().write(tmp_path / "demand")

    assert {file.stem for file in (tmp_path / "demand").iterdir()} == {
        *("needs", "people", "step_downs", "needs_quantiles", "people_quantiles"),
        *("items_quantiles", "totals", "people_totals", "summary", "breakdown", "weights", "notes"),
    }
