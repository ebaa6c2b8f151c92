"""The history of Hubei 2020 as it was known each day: every figure has a source, and none is known before its day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from benchmarks.hubei_replay.lives import GOODS, TIERS, case_of_the_study
from benchmarks.hubei_replay.output import COMPARED, PUBLISHED
from benchmarks.hubei_replay.output import published as published_output

import mainstay as ms
from mainstay.replay.truth import from_day, history
from mainstay.tables import as_known

EXAMPLES = Path(__file__).parents[2] / "examples"
FIRST, LAST, NORM = date(2020, 1, 24), date(2020, 2, 13), date(2020, 2, 7)
DATED = {"epidemic": "date", "availability": "from", "imports": "from"}


@pytest.fixture(scope="module")
def case() -> ms.Case:
    return ms.read(EXAMPLES / "hubei-2020")


@pytest.fixture(scope="module")
def published() -> pl.DataFrame:
    return pl.read_csv(EXAMPLES / "hubei-2020-facts" / "anchors.csv", try_parse_dates=True)


def test_every_published_figure_has_a_source_and_was_known_on_its_day_or_later(published):
    assert published["source"].str.len_chars().min() > 5
    dated = published.drop_nulls("known_on")
    assert dated.filter(pl.col("known_on") < pl.col("date")).is_empty()
    assert set(published.filter(pl.col("known_on").is_null())["item"]) == {"health_workers"}


def test_no_figure_is_published_twice(published):
    key = ["date", "region", "item", "measure"]
    assert published.select(key).is_duplicated().sum() == 0


@pytest.mark.parametrize(("item", "least"), [("mask_all", 4), ("mask_n95", 2), ("suit", 2)])
def test_output_up_to_13_february_is_there_to_compare_with(published, item, least):
    until = published.filter((pl.col("date") <= LAST) & (pl.col("region") != "Hubei"))
    assert until.filter(item=item, measure="output_per_day").height >= least


def test_bulletins_reach_beyond_13_february_and_each_came_out_on_the_next_morning(case):
    counts = case["epidemic"]
    assert counts["date"].max() > LAST
    assert counts.filter(pl.col("known_on") != pl.col("date") + pl.duration(days=1)).is_empty()
    days = counts.group_by("place").agg(pl.col("known_on").sort().diff().drop_nulls().min().alias("step"))
    assert days["step"].min().days == 1


def test_every_fact_of_capacity_has_a_source(case):
    for name in ("availability", "lines", "licences", "processes", "conversions", "measures"):
        assert case[name]["source"].null_count() == 0, name
    assert case["imports"]["reference"].null_count() == 0


@pytest.mark.parametrize("day", [FIRST, date(2020, 2, 3), LAST])
def test_nothing_of_a_later_day_is_seen(case, day):
    seen = as_known(case, day)
    for name, column in DATED.items():
        told = seen[name].select(pl.coalesce("known_on", column).max()).item()
        assert told <= day, name


def test_before_7_february_nobody_counts_on_irradiation_and_then_it_is_allowed(case):
    before, after = (as_known(case, day)["licences"] for day in (date(2020, 2, 6), NORM))
    plants = pl.col("enterprise").str.ends_with("irradiation")
    assert before.filter(plants).is_empty()
    allowed = from_day(case, NORM)["licences"].filter(plants)
    assert after.filter(plants).height == allowed.height > 0
    assert set(allowed["state"]) == {"held"}


def test_the_world_allows_irradiation_from_7_february_whatever_was_known(case):
    true = history(case, "observed", FIRST, LAST).true
    plants = true["licences"].filter(pl.col("enterprise").str.ends_with("irradiation"))
    assert set(plants["review_days"]) == {(NORM - FIRST).days}


def test_the_case_of_the_study_has_its_goods_and_all_that_goes_into_them_and_no_error():
    narrow = case_of_the_study()
    assert not narrow.check().errors
    finished = narrow["items"].filter(stage="finished")["item"]
    assert set(finished) == set(GOODS)
    assert {"meltblown", "coated_fabric", "mask_machine", "machine_parts"} <= set(narrow["items"]["item"])
    assert set(narrow["needs"]["tier"]) == set(TIERS)


@pytest.mark.parametrize("what", PUBLISHED)
def test_output_compared_is_of_the_country_and_of_several_figures_the_first_known(what, published):
    of = published.filter(item=PUBLISHED[what], measure="output_per_day").filter(pl.col("region").is_in(COMPARED))
    for day, value in published_output(what).items():
        assert FIRST <= day <= LAST
        assert value == of.filter(date=day).sort("known_on")["value"][0]
