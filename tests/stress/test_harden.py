"""Hardening: what is bought repairs the blow, and is the cheapest."""

from __future__ import annotations

import polars as pl
import pytest
from tests.stress.cases import two_tiers

from mainstay.stress import Disruption, Target, harden, make_model
from mainstay.tables.case import Case

A = Disruption((Target("enterprise", "A"),), 12)


def priced(cloth: float | None, mask: float | None) -> Case:
    case = two_tiers()
    value = pl.col("item").replace_strict({"cloth": cloth, "mask": mask}, return_dtype=pl.Float64)
    return case.replace(items=case["items"].with_columns(unit_value=value))


def test_the_cheaper_of_two_stocks_is_bought_and_no_more_than_the_loss() -> None:
    found = harden(make_model(priced(cloth=1.0, mask=3.0)), A, target=1.0)
    assert found.actions.select("what", "item", "place").rows() == [("stock", "cloth", "here")]
    assert found.actions["quantity"].to_list() == pytest.approx([280], rel=1e-3)
    assert found.cost == pytest.approx(280, rel=1e-3)
    assert found.without == pytest.approx(1 - 280 / 1600)
    assert found.is_enough


def test_a_lower_target_costs_what_it_leaves_out() -> None:
    found = harden(make_model(priced(cloth=1.0, mask=3.0)), A, target=0.9)
    assert found.cost == pytest.approx(280 - 160, rel=1e-3)


def test_what_has_no_price_is_not_offered() -> None:
    found = harden(make_model(priced(cloth=None, mask=3.0)), A, target=1.0)
    assert found.actions["item"].to_list() == ["mask"]
    assert found.cost == pytest.approx(840, rel=1e-3)


def test_where_nothing_is_priced_it_says_that_the_target_cannot_be_held() -> None:
    found = harden(make_model(two_tiers()), A, target=1.0)
    assert found.actions.is_empty()
    assert not found.is_enough
    assert found.possible == found.without
