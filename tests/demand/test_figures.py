"""The project's own table of figures: complete, sourced, and never less sparing in a deeper mode."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import mainstay as ms
from mainstay.tables.demand_tables import MEASURES_OF_COURSE, MODES

FOLDER = Path(ms.__file__).parent / "demand" / "figures"
TABLES = ("items", "settings", "guidelines")


@pytest.fixture(scope="module")
def case():
    frames = {name: pl.read_csv(FOLDER / f"{name}.csv") for name in TABLES}
    return ms.make_case(date(2020, 1, 24), frames)


def test_the_tables_have_no_finding_of_their_own(case):
    assert [str(f) for f in case.check() if f.table in TABLES] == []


@pytest.mark.parametrize("table", ["settings", "guidelines"])
def test_every_figure_has_a_source_or_says_that_it_is_an_estimate(case, table):
    assert case[table]["source"].null_count() == 0


def test_every_setting_has_rules_at_every_risk_and_every_rule_a_setting(case):
    settings = set(case["settings"]["setting"])
    for risk in ("low", "medium", "high"):
        assert set(case["guidelines"].filter(pl.col("risk") == risk)["setting"]) == settings


def test_every_item_is_used_and_every_driver_is_known(case):
    assert set(case["items"]["item"]) == set(case["guidelines"]["item"])
    assert set(case["settings"]["driver"]) <= {*MEASURES_OF_COURSE, "population", "laboratories", "health_workers"}


def test_a_deeper_mode_never_uses_more(case):
    keys = ["risk", "setting", "item"]
    wide = case["guidelines"].pivot("mode", index=keys, values="units_per_person_day")
    modes = wide.select(pl.col(mode).fill_null(float("inf")) for mode in MODES)

    assert modes["conventional"].is_finite().all()
    spared = wide.drop_nulls("crisis")
    assert (spared["crisis"] < spared["conventional"]).all()
    assert (spared["crisis"] < spared["contingency"].fill_null(float("inf"))).all()


@pytest.mark.parametrize(("mode", "low", "high"), [("contingency", 0.318, 0.389), ("crisis", 0.865, 0.891)])
def test_respirators_are_spared_as_published_for_extended_and_prolonged_use(case, mode, low, high):
    used = case["guidelines"].filter(pl.col("item") == "respirator", pl.col("mode") == mode)

    saved = 1 - used["units_per_person_day"]

    assert saved.is_between(low, high).all()


def test_the_worked_example_comes_out_of_the_ratios(case):
    per_bed = {
        driver: count
        for setting, driver, count in case["settings"].select("setting", "driver", "people_per_unit").iter_rows()
        if setting in ("isolation_ward", "icu")
    }

    assert 800 * per_bed["severe"] + 200 * per_bed["critical"] == pytest.approx(2_639.65, abs=0.1)
