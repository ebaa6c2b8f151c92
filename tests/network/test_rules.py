"""What each kind of task promises, as plans of the tiny case that can be worked on paper."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from tests.network.conftest import by_day, needs, table

from mainstay.network import compile


def test_a_converted_line_makes_nothing_until_it_is_ready(tiny, sound):
    plan = sound(tiny)

    assert by_day(plan, "conversions", "lines") == [1, 0, 0, 0, 0]
    assert by_day(plan, "production", "started", line="L2>mask") == [0, 0, 0, 40, 40]


def test_a_ramp_lets_a_converted_line_begin_slowly(tiny, sound):
    ramped = tiny["conversions"].with_columns(lead_days=pl.lit(1), ramp=pl.lit("0.25;0.5;1"))

    plan = sound(tiny.replace(conversions=ramped))

    assert by_day(plan, "production", "started", line="L2>mask") == [0, 10, 20, 40, 40]


def test_a_line_given_up_no_longer_works_in_its_old_kind(bare, sound):
    conversions = table("conversion,from_kind,to_kind,lead_days\nmask_to_sewing,mask,sewing,1")
    suits = needs("suit_unsterile", "east", 0, 30, 30, 30, 30)

    plan = sound(bare.replace(conversions=conversions, needs=suits))

    assert by_day(plan, "conversions", "lines") == [2, 0, 0, 0, 0]
    assert by_day(plan, "capacity", "lines", line="L1") == [0, 0, 0, 0, 0]
    assert by_day(plan, "shortages", "served")[1] == 40 - 10  # its own 10 of two days, and 10 of each converted line
    assert by_day(plan, "shortages", "lost") == [0, 0, 0, 0, 0]


def test_machines_become_lines_where_they_are(bare, sound):
    items = pl.concat([bare["items"], bare["items"].filter(item="cloth").with_columns(item=pl.lit("machine"))])
    conversions = table(
        "conversion,from_kind,to_kind,machine,machines_per_line,lead_days,cost,most\nbuild,,mask,machine,2,1,0,3"
    )
    stocks = pl.concat(
        [bare["stocks"], bare["stocks"].with_columns(item=pl.lit("machine"), quantity=pl.lit(5.0), lot=pl.lit("M"))]
    )

    case = bare.replace(
        items=items, conversions=conversions, stocks=stocks, needs=needs("mask", "east", 0, 200, 160, 160)
    )
    plan = sound(case)

    assert by_day(plan, "conversions", "lines") == [2, 0, 0, 0, 0]  # five machines make two lines, not three
    assert by_day(plan, "stocks", "quantity", item="machine") == [1, 1, 1, 1, 1]
    assert by_day(plan, "shortages", "lost") == [0, 0, 0, 0, 0]


def release_by(bare, process: str):
    """Tiny with one way of release, and ten raw suits a day."""
    return bare.replace(
        processes=table(
            f"""process,kind,item,line_kind,rate_per_day,dwell_days
            sew_suit,make,suit_unsterile,sewing,10,0
            {process}"""
        ),
        recipes=table(f"process,item,quantity\n{process.split(',')[0]},suit_unsterile,1"),
        needs=needs("suit", "east", 10, 10, 10, 10, 10),
        horizon="10x1",
    )


def test_irradiation_brings_goods_out_the_next_day(bare, sound):
    plan = sound(release_by(bare, "irradiate,release,suit,chamber,10,1"))

    assert by_day(plan, "shortages", "served")[:5] == [0, 10, 10, 10, 10]


def test_ethylene_oxide_brings_goods_out_after_its_dwell(bare, sound):
    plan = sound(release_by(bare, "sterilise,release,suit,chamber,10,3"))

    assert by_day(plan, "shortages", "served")[:5] == [0, 0, 0, 10, 10]
    assert plan.releases["ready_date"][0] == plan.calendar.dates[3]


def test_a_shorter_dwell_frees_its_goods_once(bare, sound):
    """30,000 suits a day, dwell cut from 7 days to 1: 30,000 x 6 = 180,000 come free, once."""

    def served(dwell: int) -> float:
        days = 14
        case = release_by(bare, f"sterilise,release,suit,chamber,30000,{dwell}")
        case = case.replace(
            processes=case["processes"].with_columns(rate_per_day=pl.lit(30_000.0)),
            needs=needs("suit", "east", *[30_000] * days),
            horizon=f"{days}x1",
        )
        return sum(by_day(sound(case), "shortages", "served"))

    assert served(1) - served(7) == pytest.approx(180_000)


LICENCES = """enterprise,item,state,review_days,fast_review_days,reviewer_pool,review_effort,cost
    maskworks,mask,{state},{review},{fast},reviewers,1,100"""
REVIEWERS = "pool,quantity,basis\nsupport,1000,horizon\nreviewers,{reviewers},day"


def licensed(bare, state: str, review: object, fast: object, reviewers: int = 1):
    """Tiny whose mask works need a licence that stands as said."""
    return bare.replace(
        licences=table(LICENCES.format(state=state, review=review, fast=fast)),
        pools=table(REVIEWERS.format(reviewers=reviewers)),
        processes=bare["processes"].with_columns(licence=pl.col("process") == "make_mask"),
        needs=needs("mask", "east", 60, 60, 60, 60, 60),
    )


def test_a_licence_by_the_fast_track_opens_the_line_three_days_later(bare, sound):
    plan = sound(licensed(bare, "none", 60, 3))

    assert plan.licences.select("track", "ready_date").rows() == [("fast", plan.calendar.dates[3])]
    assert by_day(plan, "shortages", "served") == [0, 0, 0, 60, 60]


def test_a_licence_counts_from_the_first_period_it_covers_whole(bare, sound):
    """Five nappy lines may become mask lines; one does, and may not make a week's masks in its licensed days."""
    case = licensed(bare, "none", 60, 3).replace(
        lines=table("line,enterprise,place,kind,quantity\nL2,maskworks,east,nappy,5"),
        conversions=table("conversion,from_kind,to_kind,lead_days,cost\nnappy_to_mask,nappy,mask,1,9"),
        needs=needs("mask", "east", *[40] * 15),
    )

    daily = sound(case.replace(horizon="15x1"))
    weekly = sound(case.replace(horizon="1x1 2x7"))

    assert sum(by_day(daily, "shortages", "lost")) == 3 * 40
    assert by_day(weekly, "shortages", "lost") == [40, 7 * 40, 0]


def test_a_licence_applied_for_is_granted_without_a_decision(bare, sound):
    plan = sound(licensed(bare, "applied", 2, ""))

    assert plan.licences.is_empty()
    assert by_day(plan, "shortages", "served") == [0, 0, 60, 60, 60]


def test_a_licence_that_is_held_opens_the_line_at_once(bare, sound):
    plan = sound(licensed(bare, "held", "", ""))

    assert by_day(plan, "shortages", "served") == [60] * 5


def test_a_licence_that_is_held_opens_the_line_until_its_last_day(bare, sound):
    case = licensed(bare, "held", 60, 3)
    last = pl.lit(case.calendar.start + timedelta(days=2))

    plan = sound(case.replace(licences=case["licences"].with_columns(expires=last)))
    by_week = sound(plan.case.replace(horizon="1x1 1x4"))

    assert plan.licences.is_empty()
    assert by_day(plan, "production", "started") == [80, 80, 80, 0, 0]
    assert by_day(by_week, "production", "started") == [80, 0]  # what is not licensed whole is not licensed


def test_without_reviewers_there_is_no_fast_track(bare, sound):
    plan = sound(licensed(bare, "none", 60, 3, reviewers=0))

    assert plan.production.is_empty()
    assert compile(plan.case).tasks.filter(kind="license").is_empty()


MEASURES = """measure,kind,target_kind,target,effect,amount,cost,lead_days
    first,staff,line,L1,share,0.4,10,1
    second,staff,line,L1,share,0.4,10,1"""


def test_a_measure_never_lifts_the_usable_share_above_one(bare, sound):
    blocked = table("subject_kind,subject,share\nline,L1,0.5")

    plan = sound(
        bare.replace(
            availability=blocked, measures=table(MEASURES), needs=needs("mask", "east", 200, 200, 200, 200, 200)
        )
    )

    assert by_day(plan, "measures", "number") == [2, 0, 0, 0, 0]
    assert by_day(plan, "capacity", "usable", line="L1") == [1, 2, 2, 2, 2]  # 1 + 0.8 + 0.8 would be 2.6
    assert by_day(plan, "production", "started") == [40, 80, 80, 80, 80]


def test_a_measure_that_brings_nothing_is_not_paid_for(bare, sound):
    plan = sound(bare.replace(measures=table(MEASURES), needs=needs("mask", "east", 60, 60, 60)))

    assert plan.measures.is_empty()


def test_a_lot_that_expires_is_used_first_or_written_off(bare, sound):
    stocks = table(
        """place,item,owner,lot,quantity,expires
        east,mask,enterprise,old,50,2020-02-02
        east,mask,enterprise,new,100,"""
    )

    plan = sound(bare.replace(stocks=stocks, needs=needs("mask", "east", 20, 20, 20, 20, 20)))

    assert by_day(plan, "expiries", "quantity") == [0, 10, 0, 0, 0]
    assert by_day(plan, "stocks", "quantity", item="mask") == [130, 100, 80, 60, 40]
    assert by_day(plan, "shortages", "lost") == [0] * 5


def test_goods_made_too_early_for_their_shelf_life_are_not_made(bare, sound):
    items = bare["items"].with_columns(shelf_life_days=pl.when(item="mask").then(1), unit_value=pl.lit(5.0))

    plan = sound(bare.replace(items=items, needs=needs("mask", "east", 0, 0, 0, 0, 200)))

    assert sum(by_day(plan, "production", "quantity")[:3]) == 0
    assert plan.expiries.is_empty()
    assert by_day(plan, "shortages", "lost") == [0, 0, 0, 0, 40]  # two days of 80 are fresh enough


def test_a_lot_does_not_outlive_its_date_by_leaving_the_reserve(bare, sound):
    stocks = table("place,item,owner,lot,quantity,expires\neast,mask,reserve,S1,20,2020-02-02")

    plan = sound(bare.replace(stocks=stocks, needs=needs("mask", "east", 0, 5, 15)))

    assert by_day(plan, "shortages", "lost") == [0, 0, 15, 0, 0]
    assert sum(by_day(plan, "expiries", "quantity")) == 15


def test_a_lot_does_not_outlive_its_date_by_being_shipped(bare, sound):
    stocks = table("place,item,owner,lot,quantity,expires\neast,mask,enterprise,S1,50,2020-02-02")

    plan = sound(bare.replace(stocks=stocks, needs=needs("mask", "west", 0, 10, 10, 10, 10)))

    assert by_day(plan, "shortages", "served") == [0, 10, 0, 0, 0]
    assert by_day(plan, "expiries", "quantity", place="east") == [0, 40, 0, 0, 0]


def ventilators(bare, number: int, *stays_begun: float):
    ventilator = bare["items"].filter(item="suit").with_columns(item=pl.lit("ventilator"), stay_days=pl.lit(2))
    return bare.replace(
        items=pl.concat([bare["items"], ventilator], how="vertical_relaxed"),
        stocks=table(f"place,item,owner,lot,quantity\nwest,ventilator,facility,V,{number}"),
        needs=needs("ventilator", "west", *stays_begun),
    )


def test_a_ventilator_comes_back_after_its_stay(bare, sound):
    plan = sound(ventilators(bare, 3, 3, 3, 3, 3, 3))

    assert by_day(plan, "shortages", "served") == [3, 0, 3, 0, 3]
    assert by_day(plan, "stocks", "quantity", item="ventilator") == [0] * 5
    assert plan.pipeline.select("kind", "item", "quantity").rows() == [("serve", "ventilator", 3)]


def test_what_cannot_arrive_within_the_horizon_is_not_sent(tiny, sound):
    network = compile(tiny)

    ship = network.tasks["kind"].to_list().index("ship")
    assert (network.upper[ship] > 0).tolist() == [True, True, True, True, False]
    assert sound(tiny).shipments.filter(pl.col("date") == pl.col("date").max())["date"][0] < tiny.calendar.dates[4]


IMPORT = """source,item,port,quantity_per_day,from,to,lead_days,customs_days,express_days,express_pool,express_use
    abroad,mask,west,100,{first},{last},0,9,1,slots,0.01"""


def imported(bare, first: str = "", last: str = "", **tables: pl.DataFrame):
    return bare.replace(
        imports=table(IMPORT.format(first=first, last=last)),
        lanes=bare["lanes"].clear(),
        **{
            "pools": table("pool,quantity,basis\nslots,0.3,day"),
            "needs": needs("mask", "west", 50, 50, 50, 50, 50),
            **tables,
        },
    )


def test_express_customs_takes_slots(bare, sound):
    plan = sound(imported(bare))

    assert by_day(plan, "imports", "quantity", customs="express") == [30, 30, 30, 30, 0]  # 0.3 slots at 0.01 each
    assert by_day(plan, "shortages", "served") == [0, 30, 30, 30, 30]


def test_an_offer_is_open_in_its_window_only(bare, sound):
    plan = sound(imported(bare, "2020-02-02", "2020-02-03"))

    assert by_day(plan, "imports", "quantity") == [0, 30, 30, 0, 0]


@pytest.mark.parametrize(("horizon", "ordered"), [("5x1", 320), ("1x2 1x3", 290), ("1x5", 320)])
def test_a_measure_adds_to_an_offer_while_it_is_open(bare, sound, horizon, ordered):
    """The offer is open on two days; support adds 60 on each, or 30 + 60 when it comes evenly over both.

    In one period of five days as much comes as two open days could take.
    """
    more = table(
        "measure,kind,target_kind,target,effect,amount,cost,lead_days\nmore,cash,source,abroad,capacity,60,1,0"
    )
    wide = table("pool,quantity,basis\nslots,100,day")
    case = imported(
        bare, "", "2020-02-02", measures=more, pools=wide, needs=needs("mask", "west", 0, 160, 160, 160, 160)
    )

    plan = sound(case.replace(horizon=horizon))

    assert sum(by_day(plan, "imports", "quantity")) == ordered


def test_a_lane_without_limit_gains_nothing_from_a_measure(bare, sound):
    lanes = bare["lanes"].with_columns(capacity=pl.lit(None), unit_cost=pl.lit(0.0))
    more = table("measure,kind,target_kind,target,effect,amount,cost\nmore,cash,lane,east_west,capacity,60,1")

    plan = sound(bare.replace(lanes=lanes, measures=more))

    assert plan.measures.is_empty()


def test_a_lane_without_limit_is_closed_when_none_of_it_can_be_used(bare, sound):
    lanes = bare["lanes"].with_columns(capacity=pl.lit(None), unit_cost=pl.lit(0.0))
    closed = table("subject_kind,subject,from,to,share\nlane,east_west,,2020-02-02,0")

    plan = sound(bare.replace(lanes=lanes, availability=closed, needs=needs("mask", "west", 0, 50, 50, 50, 50)))

    assert by_day(plan, "shortages", "lost") == [0, 50, 50, 0, 0]


def test_a_chartered_lane_carries_only_in_whole_departures(bare, sound):
    lanes = table(
        """lane,origin,destination,mode,transit_days,capacity,capacity_unit,opening_cost,departures_per_day
        plane,east,west,air,0,50,unit,100,2"""
    )

    plan = sound(bare.replace(lanes=lanes, needs=needs("mask", "west", 70, 0, 0, 70, 20)))

    assert sum(by_day(plan, "departures", "number")) == 4  # 160 masks at 50 a departure
    assert by_day(plan, "departures", "number")[0] == 2
    assert sum(by_day(plan, "departures", "cost")) == 400
    assert by_day(plan, "shortages", "lost") == [0] * 5


def test_a_need_with_patience_waits_and_no_longer_than_that(bare, sound):
    patient = bare.replace(needs=needs("mask", "east", 300, patience=2))

    plan = sound(patient)

    assert by_day(plan, "shortages", "served") == [80, 80, 80, 0, 0]
    assert by_day(plan, "shortages", "waiting") == [160, 80, 0, 0, 0]
    assert sum(by_day(plan, "shortages", "lost")) == 60


def test_a_need_without_patience_is_lost_on_its_day(bare, sound):
    plan = sound(bare.replace(needs=needs("mask", "east", 300)))

    assert by_day(plan, "shortages", "served") == [80, 0, 0, 0, 0]
    assert by_day(plan, "shortages", "lost") == [220, 0, 0, 0, 0]


def test_waiting_weighs_more_each_day_and_less_than_losing(bare, sound):
    """One mask waiting n days costs n / (patience + 1) of a lost one; so it is served late rather than lost."""

    def value(*quantities: float) -> float:
        """Stage vital shortage when 80 masks a day meet these needs, which may wait three days."""
        plan = sound(bare.replace(needs=needs("mask", "east", *quantities, patience=3)))
        return next(stage.value for stage in plan.stages if stage.stage == "vital shortage") * sum(quantities)

    assert value(80) == pytest.approx(0)
    assert value(120) == pytest.approx(40 * 1 / 4)
    assert value(200) == pytest.approx((120 + 40) / 4)
    assert value(330) == pytest.approx(10 * 1 + (240 + 160 + 80) / 4)


@pytest.mark.parametrize("horizon", ["5x1", "1x2 1x3", "1x1 1x4"])
def test_late_is_better_than_lost_in_long_periods_too(bare, sound, horizon):
    """150 on the second day, when nothing can be used before the third: all of it is served a day late."""
    shut = table("subject_kind,subject,from,to,share\nline,L1,,2020-02-02,0")
    case = bare.replace(availability=shut, needs=needs("mask", "east", 0, 150, patience=2), horizon=horizon)

    assert sum(by_day(sound(case), "shortages", "lost")) == 0


def test_a_need_may_be_more_patient_than_the_horizon_is_long(bare, sound):
    plan = sound(bare.replace(needs=needs("mask", "east", 500, patience=30)))

    assert by_day(plan, "shortages", "served") == [80] * 5
    assert by_day(plan, "shortages", "waiting") == [420, 340, 260, 180, 100]
    assert by_day(plan, "shortages", "lost") == [0] * 5


def test_a_floor_is_broken_only_where_nothing_else_can_be_done(bare, sound):
    floors = table("place,item,owner,quantity\neast,mask,enterprise,100")

    plan = sound(bare.replace(floors=floors, needs=needs("mask", "east", 30, 30, 30, 30, 30)))

    assert by_day(plan, "stocks", "below_floor") == [20, 0, 0, 0, 0]  # 80 are made on the first day
    assert by_day(plan, "shortages", "served") == [0, 30, 30, 30, 30]


def test_a_floor_where_nothing_ever_is_is_said_to_be_broken(bare, sound):
    floors = table("place,item,owner,quantity\nwest,suit,reserve,10")

    plan = sound(bare.replace(floors=floors))

    assert by_day(plan, "stocks", "below_floor", place="west", item="suit") == [10] * 5


def test_a_substitute_serves_at_its_rate_and_only_the_tiers_it_may(bare, sound):
    substitutes = table("item,substitute,quantity,tiers\nsuit,mask,4,vital;essential")
    wanted = [needs("suit", "east", 10, tier=tier) for tier in ("essential", "desirable")]

    plan = sound(bare.replace(substitutes=substitutes, needs=pl.concat(wanted)))

    assert by_day(plan, "service", "used_quantity", used_item="mask")[0] == 40
    assert by_day(plan, "shortages", "served", tier="essential")[0] == 10
    assert by_day(plan, "shortages", "served", tier="desirable")[0] == 0


def test_what_a_facility_holds_serves_its_own_place_only(bare, sound):
    stocks = table("place,item,owner,lot,quantity\neast,mask,facility,F,20")
    both = pl.concat([needs("mask", "east", 0, 0, 10), needs("mask", "west", 0, 0, 10)])

    plan = sound(bare.replace(stocks=stocks, needs=both))

    assert sum(by_day(plan, "shortages", "served", place="east")) == 10
    assert sum(by_day(plan, "shortages", "lost", place="west")) == 10


def test_vital_needs_come_before_essential_ones(bare, sound):
    both = pl.concat([needs("mask", "east", 60), needs("mask", "east", 60, tier="essential")])

    plan = sound(bare.replace(needs=both))

    assert sum(by_day(plan, "shortages", "served", tier="vital")) == 60
    assert sum(by_day(plan, "shortages", "served", tier="essential")) == 20


def test_a_target_is_met_after_all_needs(bare, sound):
    targets = table("place,item,date,quantity\neast,mask,2020-02-02,130")

    plan = sound(bare.replace(targets=targets, needs=needs("mask", "east", 50, tier="desirable")))

    assert by_day(plan, "shortages", "served") == [50, 0, 0, 0, 0]
    assert by_day(plan, "target_gaps", "missing") == [0, 20, 0, 0, 0]


def test_of_two_targets_in_one_period_the_larger_counts(bare, sound):
    targets = table("place,item,date,quantity\neast,mask,2020-02-02,130\neast,mask,2020-02-03,500")

    plan = sound(bare.replace(targets=targets, horizon="1x5", needs=needs("mask", "east", 50)))

    assert plan.target_gaps.select("target", "missing").rows() == [(500, 150)]


def test_a_line_stands_idle_on_the_days_on_which_nobody_can_use_it(bare, sound):
    shut = table("subject_kind,subject,from,to,share\nline,*,,2020-02-02,0\nline,L1,2020-02-03,2020-02-03,0.5")

    plan = sound(bare.replace(availability=shut, needs=needs("mask", "east", 90, 90, 90, 90, 90)))

    assert by_day(plan, "production", "started") == [0, 0, 40, 80, 80]


def test_a_set_up_is_paid_in_each_period_of_use(bare, sound):
    processes = bare["processes"].with_columns(setup_cost=pl.when(process="make_mask").then(100.0))

    plan = sound(bare.replace(processes=processes, needs=needs("mask", "east", 40, 40, 40)))

    assert np.count_nonzero(by_day(plan, "production", "started")) == 2  # 80 and 40, not three times 40
    assert sum(by_day(plan, "production", "cost")) == 320


def test_a_yield_below_one_takes_more_than_it_gives(bare, sound):
    processes = bare["processes"].with_columns(yield_rate=pl.lit(0.8))

    plan = sound(bare.replace(processes=processes, needs=needs("mask", "east", 40)))

    assert by_day(plan, "production", "started")[0] == 50
    assert by_day(plan, "production", "quantity")[0] == 40
    assert by_day(plan, "stocks", "quantity", item="cloth")[0] == 55


def test_the_frozen_days_keep_to_the_plan_in_force(bare, sound):
    case = bare.replace(needs=needs("mask", "east", 60, 60, 60, 60, 60))
    former = sound(case).decisions.with_columns(extent=pl.lit(70.0))

    free = sound(case, in_force=former)
    frozen = sound(case.replace(frozen_days=2), in_force=former)

    assert by_day(free, "production", "started") == by_day(sound(case), "production", "started")
    assert by_day(frozen, "production", "started")[:2] == [70, 70]
    assert sum(by_day(frozen, "production", "started")) == 300


def test_frozen_days_give_way_to_needs(bare, sound):
    case = bare.replace(needs=needs("mask", "east", 60, 60), frozen_days=5)
    former = sound(case).decisions.with_columns(extent=pl.lit(10.0))

    plan = sound(case, in_force=former)

    assert by_day(plan, "shortages", "lost") == [0] * 5


def sparing(bare, *needed: float, deepest: str = "crisis", **need: object):
    """Thirty masks in the west, nothing else; contingency use saves a quarter of each day's need, crisis another."""
    rows = needs("mask", "west", *needed, **need)
    steps = [
        rows.select("item", "place", "tier", "date", mode=pl.lit(mode), saved=pl.col("quantity") / 4)
        for mode in ("contingency", "crisis")
    ]
    stocks = table("place,item,owner,lot,quantity\nwest,mask,facility,M,30")
    return bare.replace(stocks=stocks, needs=rows, step_downs=pl.concat(steps), deepest_mode=deepest)


def test_while_there_is_enough_no_use_is_stepped_down(bare, sound):
    plan = sound(sparing(bare, 10, 20))

    assert plan.modes.is_empty()
    assert by_day(plan, "shortages", "served")[:2] == [10, 20]


def test_a_need_is_served_then_eased_by_contingency_use_then_by_crisis_use_then_lost(bare, sound):
    def outcome(need: float) -> tuple[float, ...]:
        plan = sound(sparing(bare, need))
        modes = [by_day(plan, "modes", "saved", mode=mode)[0] for mode in ("contingency", "crisis")]
        return by_day(plan, "shortages", "served")[0], *modes, by_day(plan, "shortages", "lost")[0]

    assert outcome(36) == (30, 6, 0, 0)
    assert outcome(48) == (30, 12, 6, 0)
    assert outcome(80) == (30, 20, 20, 10)


def test_no_mode_deeper_than_the_case_allows_is_chosen(bare, sound):
    assert sound(sparing(bare, 48, deepest="conventional")).modes.is_empty()

    plan = sound(sparing(bare, 48, deepest="contingency"))

    assert plan.modes.select("mode", "saved").rows() == [("contingency", 12)]
    assert by_day(plan, "shortages", "lost")[0] == 6


def test_use_is_stepped_down_today_to_keep_goods_for_tomorrow(bare, sound):
    plan = sound(sparing(bare, 20, 20, deepest="contingency"))

    assert by_day(plan, "shortages", "eased")[:2] == [5, 5]
    assert by_day(plan, "shortages", "lost")[:2] == [0, 0]


def test_what_is_eased_is_met(bare, sound):
    plan = sound(sparing(bare, 60))

    assert plan.summary.by_item.select("served", "eased", "lost", "fill_rate").rows() == [(30, 30, 0, 1)]


def test_a_need_that_waits_may_be_eased(bare, sound):
    plan = sound(sparing(bare, 48, 0, 0, patience=2))

    assert sum(by_day(plan, "shortages", "eased")) == 18
    assert sum(by_day(plan, "shortages", "lost")) == 0


def test_a_substitute_is_used_before_use_is_stepped_down(bare, sound):
    substitutes = table("item,substitute,quantity\nmask,suit,1")
    stocks = table("place,item,owner,lot,quantity\nwest,mask,facility,M,30\nwest,suit,facility,S,10")

    plan = sound(sparing(bare, 48).replace(substitutes=substitutes, stocks=stocks))

    assert by_day(plan, "service", "quantity", used_item="suit")[0] == 10
    assert by_day(plan, "shortages", "eased")[0] == 8


def test_a_stepped_down_rule_in_force_is_kept_to(bare, sound):
    case = sparing(bare, 48).replace(frozen_days=1)
    first = sound(case)

    again = sound(case, in_force=first.decisions)

    assert "ease" in first.decisions["kind"].to_list()
    assert again.modes.equals(first.modes)
    assert sum(stage.value for stage in again.stages if stage.stage == "calm") < 1e-6
