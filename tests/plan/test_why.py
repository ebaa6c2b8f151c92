"""Why: what one more unit brings is found by solving again; who gets the goods instead; what could still be done."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.network.conftest import needs, table

from mainstay.errors import UsageError
from mainstay.plan import read_plan
from mainstay.plan.why import Explainer, instead, with_reasons_tried

FIRST = date(2020, 2, 1)


@pytest.fixture
def explainer(sound):
    def explain(case, **options):
        return Explainer(sound(case, **options))

    return explain


def melt_blown(bare, *, cloth: float = 40, rate: float = 30e6):
    """A tonne of cloth makes a million masks; two lines make ``rate`` a day each; 100 million are needed."""
    return bare.replace(
        processes=bare["processes"].with_columns(
            rate_per_day=pl.when(pl.col("process") == "make_mask").then(rate).otherwise("rate_per_day")
        ),
        recipes=bare["recipes"].with_columns(
            quantity=pl.when(pl.col("process") == "make_mask").then(1e-6).otherwise("quantity")
        ),
        stocks=bare["stocks"].with_columns(quantity=pl.lit(cloth)),
        needs=needs("mask", "east", 100e6),
    )


def test_one_more_tonne_of_melt_blown_cloth_brings_a_million_masks(bare, explainer):
    why = explainer(melt_blown(bare)).shortage("mask", "east", "vital")

    reason = why.reasons.row(0, named=True)
    assert reason["resource"] == "goods:cloth@east/enterprise"
    assert reason["promised"] == pytest.approx(1e6)
    assert reason["found"] == pytest.approx(1e6)
    assert reason["holds"]
    assert "brings 1,000,000 pieces, found by solving again" in why.text[0]
    assert "重新求解得 1,000,000" in why.text[1]


def test_a_promise_that_two_bottlenecks_share_is_marked_as_not_holding(bare, explainer):
    why = explainer(melt_blown(bare, cloth=60)).shortage("mask", "east", "vital")

    assert why.reasons["found"].to_list() == pytest.approx([0])
    if why.reasons["promised"][0] > 0:
        assert why.reasons["holds"].to_list() == [False]
        assert "which does not hold" in why.text[0]


def test_every_reason_holds_within_its_range_or_is_marked(tiny, cholera, explainer):
    for case in (tiny, cholera):
        explained = explainer(case)
        found = explained.tried(explained.plan.tables["reasons"])

        assert found.height == explained.plan.tables["reasons"].height
        off = (found["found"] - found["promised"]).abs() > 0.01 * found["promised"].abs() + 1e-6
        assert (off != found["holds"]).all()
        assert ((found["range"] > 0) == found["holds"]).all()


@pytest.fixture
def cholera():
    import mainstay

    return mainstay.read(mainstay.examples.path("cholera-mini"))


def test_a_line_day_of_masks_brings_what_a_line_makes_in_a_day(tiny, explainer):
    explained = explainer(tiny)
    why = explained.shortage("mask", "east", "vital")

    in_east = (pl.col("place") == "east") & (pl.col("item") == "mask")
    short = explained.plan.shortages.filter(in_east & (pl.col("lost") > 1e-6))
    assert (why.lost, why.needed) == pytest.approx((48, short["need"].sum()))
    assert (why.first, why.last) == (short["date"].min(), short["date"].max())
    assert why.reasons["found"].to_list() == pytest.approx([40])


def test_goods_go_first_to_the_places_whose_smallest_share_is_raised(tiny, explainer):
    why = explainer(tiny).shortage("mask", "east", "vital")

    assert why.instead.select("to", "to_tier", "rule").rows() == [("west", "vital", "fairness")]


def test_goods_go_first_to_the_tier_before(bare, explainer):
    both = pl.concat([needs("mask", "east", 80), needs("mask", "east", 80, tier="essential")])
    why = explainer(bare.replace(needs=both)).shortage("mask", "east", "essential")

    assert why.instead.select("to", "to_tier", "rule").rows() == [("east", "vital", "tier")]
    assert "its tier comes first" in why.text[0]


def test_a_need_served_with_another_item_takes_none_of_what_is_short(bare, explainer):
    both = pl.concat([needs("mask", "east", 120), needs("mask", "east", 9, tier="essential")])
    explained = explainer(bare.replace(needs=both))
    service = explained.plan.tables["service"].filter(tier="vital")
    short = explained.plan.tables["shortages"].filter(tier="vital")
    swapped = service.with_columns(tier=pl.lit("essential"), used_item=pl.lit("suit"))
    tables = {**explained.plan.tables, "service": pl.concat([service, swapped])}

    found = instead(tables, bare["floors"], explained.words, ("mask", "east", "vital"), short)
    assert found.is_empty()


def test_stock_that_must_stay_is_named(tiny, explainer):
    why = explainer(tiny).shortage("suit", "east", "vital")

    assert why.instead.filter(rule="floor").select("to", "quantity").rows() == [("east", 4.0)]


def test_a_conversion_that_was_left_out_is_found_as_a_lever_with_what_it_brings_and_costs(bare, tiny, explainer):
    """No plan pays for it: the pool of money is empty of all but one conversion, which the plan takes."""
    why = explainer(tiny).shortage("mask", "east", "vital")

    lines = why.levers.filter(kind="lines").row(0, named=True)
    assert lines["subject"] == "L1"
    assert lines["gain"] == pytest.approx(24)
    assert lines["until"] >= FIRST
    assert lines["text"].startswith("Run a tenth more of the lines L1")


def test_what_is_borrowed_is_given_back(cholera, explainer):
    explained = explainer(cholera)
    short = explained.shortages().filter(tier="vital").row(0, named=True)
    why = explained.shortage(short["item"], short["place"], short["tier"])

    borrowed = why.levers.filter(kind="borrow")
    assert borrowed.height == 1
    assert 0 < borrowed["gain"][0] <= why.lost * 1.0001


def test_a_more_sparing_rule_than_the_case_allows_is_a_lever(bare, explainer):
    saved = table("""
        scenario,item,place,tier,date,mode,saved
        base,mask,east,vital,2020-02-01,crisis,30""")
    case = bare.replace(
        needs=needs("mask", "east", 160), step_downs=saved.with_columns(pl.col("saved").cast(pl.Float64))
    )
    why = explainer(case.replace(deepest_mode="conventional")).shortage("mask", "east", "vital")

    eased = why.levers.filter(kind="ease").row(0, named=True)
    assert (eased["subject"], eased["gain"]) == ("crisis", pytest.approx(30, rel=0.5))


def test_a_line_of_the_plan_is_explained_by_what_it_draws_on(tiny, explainer):
    why = explainer(tiny).line("make:make_mask@L1", FIRST)

    assert why.reasons["resource"].to_list() == ["capacity:L1"]
    assert why.reasons["found"].to_list() == pytest.approx([40])
    assert "80 of make:make_mask@L1 are started on 2020-02-01" in why.text[0]


def test_a_plan_read_back_is_explained_as_the_one_that_was_made(tiny, sound, tmp_path):
    made = sound(tiny)
    made.write(tmp_path, report=False)

    read = Explainer(read_plan(tmp_path, tiny)).shortage("mask", "east", "vital")
    assert read.text == Explainer(made).shortage("mask", "east", "vital").text


def test_the_heaviest_reasons_of_a_plan_are_tried_when_asked_for(tiny, sound):
    plan = with_reasons_tried(sound(tiny), most=2)

    assert plan.reasons["found"].is_not_null().sum() == 2
    assert plan.reasons.height == sound(tiny).reasons.height


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"item": "masks"}, 'There is no item "masks" in the case. Did you mean "mask"?'),
        ({"place": "wets"}, 'There is no place "wets" in the case. Did you mean "west"?'),
        ({"item": "cloth"}, 'Nothing is needed for the item "cloth"'),
        ({"day": date(2020, 3, 1)}, "2020-03-01 is not in the plan, which goes from 2020-02-01 to 2020-02-05"),
    ],
)
def test_what_the_plan_does_not_know_is_refused_with_what_is_near(tiny, explainer, asked, says):
    with pytest.raises(UsageError) as refused:
        explainer(tiny).shortages(**asked)
    assert says in str(refused.value)


def test_where_nothing_is_short_it_says_that_all_is_met(tiny, explainer):
    explained = explainer(tiny)

    assert explained.shortages("mask", day=date(2020, 2, 5)).is_empty()
    with pytest.raises(UsageError, match="all that is needed is met"):
        explained.shortage("mask", "east", "vital", date(2020, 2, 5))


def test_a_line_that_the_plan_does_not_have_is_refused_with_what_is_near(tiny, explainer):
    with pytest.raises(UsageError, match='Did you mean "make:make_mask@L1"'):
        explainer(tiny).line("make:make_masks@L1", FIRST)
