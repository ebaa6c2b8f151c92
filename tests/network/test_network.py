"""The network as a whole: its tables, its pruning, and how a kind of task is added."""

from __future__ import annotations

import sys
from dataclasses import fields, replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.network.conftest import by_day, needs, table

import mainstay.network.kinds
from mainstay.network import Network, compile
from mainstay.network.builder import Builder
from mainstay.network.compile import STAGES
from mainstay.network.kinds import kinds
from mainstay.network.lines import most_usable
from mainstay.network.prune import useful_starts
from mainstay.solve import solve


def test_a_network_is_written_and_read_back_the_same(tiny, tmp_path):
    network = compile(tiny)

    again = Network.read(network.write(tmp_path / "network"))

    for each in fields(Network):
        ours, theirs = getattr(network, each.name), getattr(again, each.name)
        if isinstance(ours, pl.DataFrame):
            assert_frame_equal(ours, theirs)
        elif isinstance(ours, np.ndarray):
            np.testing.assert_array_equal(ours, theirs)
        else:
            assert ours == theirs


def test_a_network_without_feeds_is_written_and_read_back(bare, tmp_path):
    network = compile(bare)
    assert network.feeds.is_empty()

    assert Network.read(network.write(tmp_path)).feed_share.shape == network.feed_share.shape


def test_the_most_usable_lines_are_those_of_any_plan(tiny):
    away = table(
        """subject_kind,subject,from,to,share
        line,L1,2020-02-01,2020-02-02,0.5"""
    ).cast({"share": pl.Float64})
    support = pl.DataFrame(
        {
            "measure": ["crew"], "kind": ["staff"], "target_kind": ["line"], "target": ["L1"],
            "effect": ["share"], "amount": [0.3],
        }
    )  # fmt: skip

    groups, most = most_usable(tiny.replace(availability=away, measures=support), tiny.calendar)

    found = dict(zip(groups["line"], most.tolist(), strict=True))
    assert found["L1"] == pytest.approx([1.6, 1.6, 2, 2, 2])  # two lines: half, and three tenths with the measure
    assert found["L2>mask"] == [0, 0, 0, 1, 1]  # three days from nappies to masks


NEW_KIND = '''
"""Give: every place is given ten masks a day."""

import polars as pl

from mainstay.network.builder import goods_id


def add(case, builder):
    """Write a task that gives masks in every place."""
    gifts = case["places"].select("place", item=pl.lit("mask"), task=pl.format("give:{}", "place"))
    builder.add_goods(gifts)
    builder.add_tasks(gifts.select("task", "item", "place", kind=pl.lit("give")), upper=10.0)
    builder.add_effects(gifts.select("task", resource=goods_id(), amount=1.0))
'''


def test_a_new_kind_of_task_is_one_new_file(bare, tmp_path, monkeypatch):
    (tmp_path / "zz_give.py").write_text(NEW_KIND)
    monkeypatch.setattr(mainstay.network.kinds, "__path__", [*mainstay.network.kinds.__path__, str(tmp_path)])

    network = compile(bare)
    solution = solve(network)

    gifts = network.tasks["kind"] == "give"
    assert gifts.sum() == 2
    assert solution.extents[gifts.to_numpy()].sum() == pytest.approx(100)  # both places need all that they are given


def test_every_kind_of_task_says_its_rule():
    for kind in kinds():
        name = kind.__name__.rpartition(".")[2].rstrip("_")
        said = kind.__doc__ or ""
        assert len(said.splitlines()) > 2, f"{name} does not say what it reads and writes"
        assert callable(kind.add)


def unpruned(case) -> Network:
    builder = Builder(case, case.calendar, STAGES)
    for kind in kinds():
        kind.add(case, builder)
    return builder.assemble()


@pytest.mark.parametrize("horizon", ["5x1", "1x1 2x2", "1x3 1x2", "1x5", "2x1 1x3 1x4", "2x5"])
def test_pruning_changes_no_answer(tiny, horizon, monkeypatch):
    """Also where a long way is made in one period: what is sent in it is spread over its days."""
    lanes = table(
        """lane,origin,destination,mode,transit_days
        a,east,hub,road,1
        b,hub,port,road,1
        c,port,west,road,1"""
    )
    places = pl.concat([tiny["places"], tiny["places"].with_columns(place=pl.Series(["hub", "port"]))])
    case = tiny.replace(horizon=horizon, lanes=lanes, places=places)
    pruned = compile(case)
    monkeypatch.setattr(sys.modules[compile.__module__], "useful_starts", lambda network: network.upper)
    whole = compile(case)

    ours, theirs = solve(pruned), solve(whole)

    assert ours.columns <= theirs.columns
    for one, other in zip(ours.stages, theirs.stages, strict=True):
        assert one.value == pytest.approx(other.value, abs=1e-6), one.stage


def test_what_nothing_can_reach_is_left_out(bare):
    lanes = bare["lanes"].with_columns(transit_days=pl.lit(9))

    network = compile(bare.replace(lanes=lanes))

    assert network.tasks.filter(kind="ship").is_empty()
    assert network.tasks.filter(kind="serve", place="west").is_empty()
    assert network.tasks.filter(kind="lose", place="west").height == 2


def test_what_nobody_needs_is_not_made(bare):
    network = compile(bare.replace(needs=needs("suit", "east", 1)))

    assert network.tasks.filter(kind="make", item="mask").is_empty()


def test_starts_are_left_out_by_when_their_inputs_are_there(bare):
    """Suits dwell two days: the last two days sterilise for nobody, and no suit is sent on the first two."""
    network = unpruned(bare)
    upper = useful_starts(network) > 0
    row = {name: n for n, name in enumerate(network.tasks["task"])}

    assert upper[row["release:release_suit@L4"]].tolist() == [True, True, True, False, False]
    assert upper[row["ship:east_west:suit"]].tolist() == [False, False, True, True, False]


EMPTY = ("lines", "processes", "recipes", "lanes", "stocks", "enterprises", "pools", "conversions", "floors", "targets")


def test_a_case_with_needs_alone_loses_them_all(tiny, sound):
    plan = sound(tiny.replace(**{name: tiny[name].clear() for name in EMPTY}))

    assert sum(by_day(plan, "shortages", "lost", item="mask")) == 500
    assert plan.production.is_empty()


def test_a_case_without_needs_inside_the_horizon_does_nothing(bare, sound):
    late = bare["needs"].with_columns(pl.col("date").dt.offset_by("1y"))

    plan = sound(bare.replace(needs=late))

    assert plan.shortages.is_empty()
    assert plan.production.is_empty()


def test_needs_of_nothing_are_no_needs(bare, sound):
    plan = sound(bare.replace(needs=needs("mask", "east", 0, 0)))

    assert plan.shortages.is_empty()


def test_one_place_alone_can_be_planned(bare, sound):
    here = bare.replace(
        places=bare["places"].filter(place="east"), lanes=bare["lanes"].clear(), needs=needs("mask", "east", 100)
    )

    assert by_day(sound(here), "shortages", "served")[0] == 80


def test_lots_that_expired_before_the_start_count_for_nothing(bare, sound):
    stocks = table("place,item,owner,lot,quantity,expires\neast,suit,enterprise,old,50,2020-01-31")

    plan = sound(bare.replace(stocks=stocks, needs=needs("suit", "east", 10)))

    assert by_day(plan, "shortages", "lost")[0] == 10
    assert plan.expiries.is_empty()


def test_a_lot_may_be_used_on_its_last_day(bare, sound):
    stocks = table("place,item,owner,lot,quantity,expires\neast,suit,enterprise,old,50,2020-02-01")

    plan = sound(bare.replace(stocks=stocks, needs=needs("suit", "east", 10, 10)))

    assert by_day(plan, "shortages", "lost") == [0, 10, 0, 0, 0]
    assert by_day(plan, "expiries", "quantity") == [40, 0, 0, 0, 0]


@pytest.mark.parametrize("horizon", ["5x1", "1x2 1x3", "1x5", "1x30"])
def test_the_order_of_rows_changes_no_value(tiny, horizon, sound):
    case = tiny.replace(horizon=horizon)
    turned = case.replace(**{name: frame.reverse() for name, frame in case.tables.items()})

    ours, theirs = sound(case), sound(turned)

    for one, other in zip(ours.stages, theirs.stages, strict=True):
        assert one.value == pytest.approx(other.value, abs=1e-6), one.stage


def test_whole_tasks_keep_their_unit_whatever_the_scale(tiny):
    million = tiny.replace(needs=tiny["needs"].with_columns(pl.col("quantity") * 1e6))

    network = compile(million)

    whole = network.tasks["is_whole"].to_numpy()
    assert (network.task_scale[whole] == 1).all()
    assert network.task_scale[(network.tasks["item"] == "mask").fill_null(False).to_numpy()].max() >= 1e6


def test_a_network_can_be_changed_by_replacing_a_part(bare):
    network = compile(bare)

    twice = replace(network, supply=network.supply * 2)

    assert twice.supply.sum() == 2 * network.supply.sum()
