"""Rotation: what daily users can keep fresh, and the calendar that does it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.errors import UsageError
from mainstay.prepare.rotation import Lot, Rotation, no_waste_limit, plan_rotation, rotate, rotations_of
from mainstay.tables import Case

START = date(2024, 1, 1)
LAW = settings(max_examples=40)


@st.composite
def rotations(draw):
    """A rotation whose shelf life outlasts it, and how much of its limit is held."""
    usage, residual, every = draw(st.integers(1, 50)), draw(st.integers(0, 20)), draw(st.integers(1, 20))
    life = residual + every + draw(st.integers(0, 60))
    return usage, life, residual, every


def kept(usage: float, life: int, residual: int, every: int, held: float) -> Rotation:
    return Rotation("mask", "here", held, usage, life, residual, every)


@LAW
@given(rotations(), st.floats(0, 1))
def test_within_the_limit_nothing_ever_expires_and_the_reserve_is_always_whole(terms, part):
    held = part * no_waste_limit(*terms)
    found = rotate(kept(*terms, held), [], START, 400)
    assert found.scrapped == 0
    assert found.lowest >= held * (1 - 1e-6) - 1e-6
    assert found.least_residual is not None
    assert found.least_residual >= terms[2]
    assert found.issued == pytest.approx(400 * terms[0])


@LAW
@given(rotations())
def test_past_the_limit_by_a_day_of_use_something_expires(terms):
    held = no_waste_limit(*terms) + terms[0] * 1.01
    assert rotate(kept(*terms, held), [], START, 2 * terms[1] + 60).scrapped > 0


@LAW
@given(rotations(), st.floats(0, 2), st.lists(st.tuples(st.floats(1, 500), st.integers(-5, 90)), max_size=4))
def test_what_comes_in_is_issued_scrapped_or_still_there(terms, part, lots):
    opening = [Lot(f"L{i}", quantity, START + timedelta(days=d)) for i, (quantity, d) in enumerate(lots)]
    found = rotate(kept(*terms, part * no_waste_limit(*terms)), opening, START, 120)
    came = sum(lot.quantity for lot in opening) + found.bought
    gone = found.issued + found.scrapped
    assert came - gone >= -1e-5
    assert found.scrapped_opening <= found.scrapped + 1e-9
    assert found.scrapped_opening <= sum(lot.quantity for lot in opening) + 1e-6


def test_the_published_limit_without_intervals_is_use_times_shelf_life_less_residual():
    assert no_waste_limit(100, 730, 180) == 55_000
    assert no_waste_limit(100, None) == float("inf")
    assert no_waste_limit(100, 100, 120) == 0


def test_a_year_on_paper_buys_what_is_used_and_issues_the_oldest_first():
    found = rotate(
        Rotation("mask", "here", 300, 10, 60, 0, 30), [Lot("old", 300, START + timedelta(days=45))], START, 60
    )
    rows = found.calendar.select("date", "action", "lot", "quantity").rows()
    second = START + timedelta(days=30)
    assert rows == [
        (START, "buy", "2024-01-01", 300.0),
        (START, "issue", "old", 300.0),
        (second, "buy", "2024-01-31", 300.0),
        (second, "issue", "2024-01-01", 300.0),
    ]
    assert (found.scrapped, found.lowest) == (0, 300)


def test_an_opening_lot_that_is_too_old_is_scrapped_named_and_replaced():
    found = rotate(
        Rotation("mask", "here", 300, 10, 400, 0, 30), [Lot("old", 300, START + timedelta(days=9))], START, 60
    )
    assert (found.scrapped, found.scrapped_opening) == (200, 200)
    assert found.calendar.filter(action="scrap")["lot"].to_list() == ["old"]
    assert found.lowest == 300


def test_goods_that_never_expire_are_never_scrapped():
    found = rotate(Rotation("mask", "here", 1e6, 1, None), [], START, 365)
    assert (found.scrapped, found.least_residual) == (0, None)


def test_a_shelf_life_shorter_than_the_rotation_is_refused():
    with pytest.raises(UsageError, match="Buy more often"):
        Rotation("mask", "here", 10, 1, 50, 30, 30)


@pytest.fixture
def rotating(tiny: Case) -> Case:
    items = tiny["items"].with_columns(shelf_life_days=pl.when(pl.col("item") == "suit").then(720))
    rows = pl.DataFrame({"item": ["suit"], "place": ["east"], "usage_per_day": [0.1], "residual_days": [90]})
    return tiny.replace(items=items, rotations=rows)


def test_the_plan_of_a_case_keeps_its_reserve_for_years(rotating):
    found = plan_rotation(rotating, years=5)
    (row,) = found.plan.iter_rows(named=True)
    assert (row["item"], row["held"], row["scrapped"]) == ("suit", 20, 0)
    assert row["limit"] == pytest.approx(60)
    assert row["turn_days"] == pytest.approx(200)
    assert row["issued"] == pytest.approx(0.1 * 365 * 5)
    assert set(found.calendar["action"]) == {"buy", "issue"}


def test_a_design_may_hold_more_than_its_users_keep_fresh_and_the_plan_says_what_is_scrapped(rotating):
    (row,) = plan_rotation(rotating, {("suit", "east"): 100.0}).plan.iter_rows(named=True)
    assert row["held"] > row["limit"]
    assert row["scrapped"] > row["scrapped_opening"]


def test_what_expires_and_has_no_users_is_refused(rotating):
    with pytest.raises(UsageError, match="no row of rotations"):
        rotations_of(rotating, {("suit", "west"): 1.0})
    assert rotations_of(rotating, {("mask", "west"): 1.0})[0].held == 0
