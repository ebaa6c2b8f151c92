"""The result tables say what the solver's figures mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.network.conftest import by_day, needs, table

from mainstay.network import compile
from mainstay.plan.results import result_tables
from mainstay.solve import solve
from mainstay.tables import RESULT_TABLES


def test_every_declared_table_is_there_with_its_columns_sorted_by_its_key(tiny, sound):
    plan = sound(tiny)

    assert list(plan.tables) == list(RESULT_TABLES)
    for name, declared in RESULT_TABLES.items():
        frame = plan.tables[name]
        assert frame.columns == [column.name for column in declared.columns], name
        assert frame.equals(frame.sort(declared.key)), name
        assert frame.select(declared.key).is_duplicated().sum() == 0, name


def test_figures_carry_no_noise_of_the_solver(tiny, sound):
    plan = sound(tiny)

    assert set(plan.production["quantity"]) == {10.0, 40.0, 80.0}
    assert set(plan.stocks.filter(item="suit", owner="reserve")["quantity"]) <= {4.0, 20.0, 12.0, 8.0, 10.0}


def test_what_is_under_way_at_the_end_is_in_the_pipeline(bare, sound):
    """Three ventilators begin a stay of four days on the fourth of five days."""
    item = bare["items"].filter(item="suit").with_columns(item=pl.lit("ventilator"), stay_days=pl.lit(4))
    case = bare.replace(
        items=pl.concat([bare["items"], item], how="vertical_relaxed"),
        stocks=table("place,item,owner,lot,quantity\nwest,ventilator,facility,V,3"),
        needs=needs("ventilator", "west", 0, 0, 0, 3),
    )

    assert sound(case).pipeline.rows() == [("serve", "ventilator", "ventilator", "west", date(2020, 2, 8), 3.0)]


def test_what_leaves_in_a_week_and_arrives_after_it_is_split_by_days(bare, sound):
    """Of what leaves over a week, those of its last two days arrive after it: 5/7 of 19.6 serve 14."""
    case = bare.replace(
        lanes=bare["lanes"].with_columns(transit_days=pl.lit(2)), horizon="1x7", needs=needs("mask", "west", *[2] * 7)
    )

    plan = sound(case)

    assert plan.shipments["quantity"].to_list() == pytest.approx([19.6])
    assert plan.pipeline.select("kind", "ready_date").rows() == [("ship", date(2020, 2, 8))]
    assert plan.pipeline["quantity"].to_list() == pytest.approx([5.6])
    assert by_day(plan, "shortages", "lost") == [0]


def test_capacity_says_what_stands_what_can_be_used_and_what_is_used(tiny, sound):
    half = table("subject_kind,subject,share\nline,L3,0.5")

    rows = sound(tiny.replace(availability=half)).capacity.filter(date=date(2020, 2, 1))

    figures = {line: rest for line, *rest in rows.select("line", "lines", "usable", "used").rows()}
    assert figures["L1"] == [2, 2, 2]
    assert "L2" not in figures  # no process runs on nappy lines
    assert figures["L2>mask"] == [0, 0, 0]
    assert figures["L3"] == [1, 0.5, 0.5]


def test_every_decision_is_named_for_the_next_plan(tiny, sound):
    plan = sound(tiny)

    kinds = dict(plan.decisions.group_by("kind").agg(pl.len()).iter_rows())
    assert kinds["convert"] == 1
    assert kinds["make"] == plan.production.height
    assert kinds["release"] == plan.releases.height
    assert kinds["ship"] == plan.shipments.height


def test_a_price_stands_in_the_first_stage_that_it_would_improve(tiny, sound):
    prices = sound(tiny).prices

    lines = prices.filter(resource="capacity:L1")
    assert set(lines["stage"]) <= {"vital fairness", "vital shortage", "targets", "cost"}
    assert (lines["price"] > 0).all()
    assert lines.select("date", "resource").is_duplicated().sum() == 0


def test_one_more_line_day_is_worth_its_price(tiny, sound):
    """40 more masks on the first day lift the smallest fill rate by 40 / 500."""
    plan = sound(tiny)
    price = plan.prices.filter(resource="capacity:L1", date=date(2020, 2, 1), stage="vital fairness")["price"][0]

    more = tiny.replace(stocks=pl.concat([tiny["stocks"], table_like(tiny, 4.0)]))

    before = next(s.value for s in plan.stages if s.stage == "vital fairness")
    after = next(s.value for s in sound(more).stages if s.stage == "vital fairness")
    assert before - after == pytest.approx(price * 4 / 40)


def table_like(tiny, masks: float) -> pl.DataFrame:
    """A lot of masks in distribution in East."""
    return (
        tiny["stocks"]
        .filter(lot="C1")
        .with_columns(item=pl.lit("mask"), unit=pl.lit("piece"), lot=pl.lit("X"), quantity=pl.lit(masks))
    )


def test_an_unknown_table_of_a_plan_is_named_with_those_there_are(tiny, sound):
    with pytest.raises(AttributeError, match=r"no shipment\. Its tables: production, releases"):
        sound(tiny).shipment  # noqa: B018


def test_what_is_missing_is_told_right_whatever_slack_a_plan_has_that_was_stopped(bare):
    """A plan stopped before the stage ``targets`` may give its slacks any value; the tables go by the stock."""
    case = bare.replace(
        targets=table("place,item,date,quantity\neast,mask,2020-02-02,130"),
        floors=table("place,item,owner,quantity\neast,mask,enterprise,10"),
    )
    network = compile(case)
    solution = solve(network)
    slack = network.tasks["kind"].is_in(["miss", "dip"]).to_numpy()

    loose = result_tables(case, network, replace(solution, extents=np.where(slack[:, None], 99.0, solution.extents)))
    tight = result_tables(case, network, solution)

    assert loose["target_gaps"].equals(tight["target_gaps"])
    assert loose["stocks"].equals(tight["stocks"])
