"""What each form of being ready gives, when, and what is left of it when something is lost."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.prepare.cases import all_forms, needs

from mainstay.prepare import Design, Future, Policy, make_design
from mainstay.solve import Options
from mainstay.stress import Disruption, Target


def design(case: Any, *options: str, lost: tuple[Disruption, ...] = (), place: str = "east") -> Design:
    """The best design when only some options may be had, and 20 masks are needed on each of 6 days."""
    chosen = case.replace(options=case["options"].filter(pl.col("option").is_in(options)))
    future = Future("surge", 1.0, needs(*(("mask", place, n, 20.0) for n in range(6))), lost)
    policy = Policy(worth=1e6, deprivation=0.0)
    return make_design(chosen, [future], policy, options=Options(gap=1e-7, threads=1))


def met(found: Design) -> float:
    return float(found.here.needed.sum() - found.here.lost.sum())


@pytest.mark.parametrize(
    ("option", "masks", "cost", "use"),
    [
        ("users", 100, 100, 0),  # at once
        ("supplier", 80, 80, 160),  # from day 2 on
        ("raw", 100, 100, 0),  # cut at once
        ("line", 80, 14, 8),  # two of three lines: 20 a day from day 2 on, each day of a line costs 1
        ("pair", 60, 6, 8),  # both lines from day 3 on, called at once
        ("contract", 80, 40, 0),  # ordered from day 1 on, there on day 2
    ],
)
def test_what_a_form_gives_and_what_it_costs(option, masks, cost, use):
    found = design(all_forms(), option)

    assert met(found) == pytest.approx(masks, abs=1e-3)
    assert found.cost == pytest.approx(cost, abs=1e-3)
    assert found.here.money[0] == pytest.approx(use, abs=1e-3)


def test_a_store_needs_its_site_and_no_more_than_its_room():
    found = design(all_forms(), "store", "depot", place="west")

    assert met(found) == pytest.approx(30, abs=1e-3)  # 0.3 m3 of masks of 0.01
    assert found.cost == pytest.approx(5 + 30, abs=1e-3)


@pytest.mark.parametrize(
    ("option", "lost"),
    [("line", Target("enterprise", "maker")), ("contract", Target("source", "abroad"))],
)
def test_what_stands_ready_is_lost_with_those_who_keep_it(option, lost):
    half, all_of_it = (design(all_forms(), option, lost=(Disruption((lost,), 6, share),)) for share in (0.5, 1.0))

    assert met(half) > 0
    assert met(all_of_it) == pytest.approx(0, abs=1e-6)
    assert all_of_it.cost == pytest.approx(0, abs=1e-6)


def test_a_plan_does_not_see_what_might_be_made_ready():
    from mainstay.plan import make_plan

    case = all_forms()
    case = case.replace(needs=needs(("mask", "east", 0, 20.0)).with_columns(scenario=pl.lit("base")), scenario="base")

    assert make_plan(case).tables["service"].is_empty()
