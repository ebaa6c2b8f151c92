"""The figures that one looks at first."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.network.conftest import needs


def test_the_fill_rate_of_an_item_is_served_over_needed(tiny, sound):
    by_item = sound(tiny).summary.by_item

    assert by_item.select("item", "need", "served", "lost").rows() == [("suit", 50, 40, 10), ("mask", 500, 420, 80)]
    assert by_item["fill_rate"].to_list() == pytest.approx([0.8, 0.84])


def test_an_item_says_when_it_is_short_first_and_last(tiny, sound):
    suit = sound(tiny).summary.by_item.row(0, named=True)

    assert (suit["first_short"], suit["last_short"]) == (date(2020, 2, 1), date(2020, 2, 2))


def test_an_item_that_is_never_short_has_no_such_days(bare, sound):
    row = sound(bare.replace(needs=needs("mask", "east", 10))).summary.by_item.row(0, named=True)

    assert (row["first_short"], row["last_short"], row["fill_rate"]) == (None, None, 1)


def test_each_item_of_a_tier_counts_once(tiny, sound):
    """500 masks and 50 suits: the tier is at the mean of 0.84 and 0.80, not at 460 / 550."""
    assert sound(tiny).summary.by_tier.select("tier", "items").rows() == [("vital", 2)]
    assert sound(tiny).summary.by_tier["fill_rate"][0] == pytest.approx(0.82)


def test_tiers_come_in_their_order(bare, sound):
    mixed = pl.concat([needs("mask", "east", 10, tier=tier) for tier in ("desirable", "essential", "vital")])

    assert sound(bare.replace(needs=mixed)).summary.by_tier["tier"].to_list() == ["vital", "essential", "desirable"]


def test_the_worst_place_comes_first(tiny, sound):
    by_place = sound(tiny).summary.by_place

    assert by_place["place"].to_list() == ["east", "west"] or by_place["place"].to_list() == ["west", "east"]
    assert by_place["fill_rate"].is_sorted()


def test_days_of_cover_are_stock_over_the_need_of_a_day(bare, sound):
    stocks = bare["stocks"].with_columns(item=pl.lit("mask"), unit=pl.lit("piece"), quantity=pl.lit(100.0))

    cover = sound(bare.replace(stocks=stocks, needs=needs("mask", "east", 20, 20))).summary.days_of_cover

    assert cover["days"].to_list() == [4, 3]


def test_utilisation_is_line_days_used_over_usable(tiny, sound):
    rows = {row["kind"]: row for row in sound(tiny).summary.utilisation.iter_rows(named=True)}

    assert (rows["mask"]["usable"], rows["mask"]["used"], rows["mask"]["rate"]) == (12, 12, 1)
    assert rows["chamber"]["rate"] == pytest.approx(0.6)


def test_an_allocation_hands_out_whole_units_that_sum_to_the_whole(tiny, sound):
    plan = sound(tiny)

    shares = plan.allocation("mask", plan.calendar.dates[0], plan.calendar.dates[-1])

    assert shares.select("place", "quantity").rows() == [("east", 252), ("west", 168)]
