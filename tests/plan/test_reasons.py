"""Every shortage has a reason: what binds, through what, until when."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.network.conftest import needs, table


def causes(plan, **where: object) -> list[tuple[str, str | None]]:
    """Kind and name of what binds, heaviest first."""
    rows = plan.reasons.filter(**where).sort("lost", descending=True)
    return rows.select("what", "resource").rows()


def test_without_shortage_there_is_no_reason(bare, sound):
    assert sound(bare.replace(needs=needs("mask", "east", 10))).reasons.is_empty()


def test_lines_bind_when_every_line_works_all_day(bare, sound):
    plan = sound(bare.replace(needs=needs("mask", "east", 0, 220)))

    assert causes(plan) == [("line capacity", "capacity:L1")]
    row = plan.reasons.row(0, named=True)
    assert (row["from"], row["to"], row["lost"]) == (date(2020, 2, 2), date(2020, 2, 2), 60)
    assert row["binds_until"] == date(2020, 2, 2)
    assert row["chain"] == "goods:mask@east/enterprise;capacity:L1"
    assert row["text"].startswith("Mask in East: 60 pieces lost on 2020-02-02. What binds is the lines L1")
    assert "瓶颈是东区的产线 L1" in row["text_zh"]


def test_material_binds_when_lines_stand_idle_for_want_of_it(bare, sound):
    little = bare["stocks"].with_columns(quantity=pl.lit(3.0))

    plan = sound(bare.replace(stocks=little, needs=needs("mask", "east", 50, 50)))

    assert causes(plan) == [("goods", "goods:cloth@east/enterprise")]
    assert "What binds is the stock of Filter cloth in East" in plan.reasons["text"][0]


def test_a_lane_binds_when_it_is_full(bare, sound):
    plan = sound(bare.replace(needs=needs("mask", "west", 0, 70, 70, 70, 70)))

    assert causes(plan) == [("lane room", "room:east_west")]


def test_the_walk_goes_upstream_over_lanes_to_the_lines(bare, sound):
    wide = bare["lanes"].with_columns(capacity=pl.lit(1000.0))

    plan = sound(bare.replace(lanes=wide, needs=needs("mask", "west", 0, 100, 100, 100, 100)))

    chain = "goods:mask@west/enterprise;goods:mask@east/enterprise;capacity:L1"
    assert plan.reasons.select("resource", "chain").rows() == [("capacity:L1", chain)]


def test_time_binds_when_nothing_started_today_is_there_that_day(bare, sound):
    plan = sound(bare.replace(needs=needs("mask", "west", 30)))

    assert causes(plan) == [("time", None)]
    assert "nothing that is started on the first day can be there in time" in plan.reasons["text"][0]


def test_a_reserve_binds_when_it_is_empty(bare, sound):
    stocks = table("place,item,owner,lot,quantity\neast,suit,reserve,S1,20")

    plan = sound(bare.replace(stocks=stocks, needs=needs("suit", "east", 30)))

    assert causes(plan) == [("goods", "goods:suit@east/reserve")]
    assert "the reserve of Protective suit in East" in plan.reasons["text"][0]


def test_where_nothing_can_bring_it_the_reason_says_so(bare, sound):
    plan = sound(bare.replace(lanes=bare["lanes"].clear(), needs=needs("mask", "west", 30)))

    assert "nothing can bring it there within the plan" in plan.reasons["text"][0]


def test_an_offer_binds_when_all_of_it_is_ordered(bare, sound):
    offer = table("source,item,port,quantity_per_day,lead_days,customs_days\nabroad,suit,west,5,0,1")

    plan = sound(bare.replace(imports=offer, needs=needs("suit", "west", 0, 10, 10)))

    assert causes(plan) == [("import offer", "offer:abroad")]


def test_a_pool_binds_when_it_is_drawn_empty(bare, sound):
    offer = table(
        "source,item,port,quantity_per_day,lead_days,customs_days,express_days,express_pool,express_use\n"
        "abroad,suit,west,50,0,9,1,slots,0.1"
    )
    slots = table("pool,quantity,basis\nslots,0.5,day")

    plan = sound(bare.replace(imports=offer, pools=slots, needs=needs("suit", "west", 0, 10, 10)))

    assert causes(plan) == [("pool", "pool:slots")]


def test_time_binds_while_a_review_goes_on(bare, sound):
    case = bare.replace(
        licences=table("enterprise,item,state,review_days,fast_review_days\nmaskworks,mask,none,60,2"),
        processes=bare["processes"].with_columns(licence=pl.col("process") == "make_mask"),
        needs=needs("mask", "east", 40, 40, 40),
    )

    assert causes(sound(case)) == [("time", None)]


def test_several_causes_of_one_shortage_are_ranked_by_what_is_lost(tiny, sound):
    west = sound(tiny).reasons.filter(item="mask", place="west").sort("rank")

    assert west["what"].to_list() == ["time", "line capacity"]
    assert west["lost"].to_list() == pytest.approx([20, 12])


def test_what_an_earlier_tier_uses_up_binds_the_later_ones_too(bare, sound):
    both = pl.concat([needs("mask", "east", 90), needs("mask", "east", 10, tier="desirable")])

    plan = sound(bare.replace(needs=both))

    assert causes(plan, tier="vital") == [("line capacity", "capacity:L1")]
    assert causes(plan, tier="desirable") == [("line capacity", "capacity:L1")]


def test_the_losses_in_the_reasons_are_those_of_the_shortages(tiny, sound):
    plan = sound(tiny)

    by_need = ["item", "place", "tier"]
    told = plan.reasons.group_by(by_need).agg(pl.col("lost").sum()).sort(by_need)
    lost = plan.shortages.group_by(by_need).agg(pl.col("lost").sum()).filter(pl.col("lost") > 0).sort(by_need)
    assert told["lost"].to_list() == pytest.approx(lost["lost"].to_list())
