"""Another country, other codes and goods, no intensive care: the same commands, not a line of code changed."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from mainstay import as_known, check, derive, examples, make_plan, read
from mainstay.tables import Case


@pytest.fixture(scope="module")
def cholera() -> Case:
    return read(examples.path("cholera-mini"))


@pytest.fixture(scope="module")
def demand(cholera):
    return derive(cholera, paths=50)


def test_the_case_has_no_finding():
    _, findings = check(examples.path("cholera-mini"))
    assert [str(finding) for finding in findings] == []


def test_its_codes_and_goods_are_its_own(cholera):
    hubei = read(examples.path("hubei-2020"))

    for table, code in (("items", "item"), ("places", "place"), ("processes", "process")):
        assert not set(cholera[table][code]) & set(hubei[table][code])


def test_nobody_reports_intensive_care_and_nothing_is_counted_from_it(cholera):
    assert cholera["epidemic"]["icu"].null_count() == cholera["epidemic"].height
    assert not {"icu", "ventilated"} & set(cholera["settings"]["driver"])


def test_every_good_is_needed_where_people_are(demand):
    needs = demand.case["needs"].filter(scenario="median")

    assert set(needs["item"]) == set(demand.case["guidelines"]["item"])
    assert set(needs["place"]) == {"MR-01", "MR-02", "MR-03"}


def test_food_is_needed_only_where_and_when_people_may_not_leave(demand):
    rations = demand.case["needs"].filter(scenario="median", item="RATION")

    assert set(rations["place"]) == {"MR-01"}
    assert (rations["date"].min(), rations["date"].max()) == (date(2023, 2, 20), date(2023, 3, 6))
    assert set(rations["quantity"]) == {42_000}  # a tenth of 420,000


def test_seed_is_needed_in_the_season_alone_and_may_come_late(demand):
    seed = demand.case["needs"].filter(scenario="median", item="SEED-RICE", place="MR-02").sort("date")

    assert seed["date"][0] == date(2023, 2, 21)
    assert seed["quantity"].max() == pytest.approx(15_000 * 0.03 * 50)
    assert set(seed["patience_days"]) == {7}


def test_patients_are_no_more_than_the_beds(demand):
    wards = demand.people.filter(setting="ward").join(
        demand.case["capacities"].filter(capacity="beds").select("place", "quantity"), on="place"
    )
    assert (wards["q95"] <= wards["quantity"] * (1 + 1e-6)).all()


def test_the_plan_passes_its_check_and_carries_the_demand(cholera, tmp_path):
    plan = make_plan(cholera)

    assert plan.check.violations == ()
    assert plan.demand is not None
    assert plan.case["needs"].height > 0
    plan.write(tmp_path / "plan", report=False)
    assert (tmp_path / "plan" / "demand" / "breakdown.csv").is_file()


def test_nothing_that_became_known_later_is_seen(cholera):
    as_of = date(2023, 2, 8)
    later = cholera["epidemic"]["date"] > as_of
    altered = cholera.replace(
        epidemic=cholera["epidemic"].with_columns(confirmed=pl.col("confirmed") * (1 + 9 * later.cast(pl.Int64)))
    )

    known, other = (derive(case, as_of=as_of, paths=20).case for case in (cholera, altered))

    assert known.start == as_of
    assert known.calendar.end == as_of + timedelta(days=30)
    assert known["needs"].equals(other["needs"])
    assert as_known(cholera, as_of).hash == as_known(altered, as_of).hash
