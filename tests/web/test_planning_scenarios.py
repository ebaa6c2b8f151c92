"""What-ifs as data, comparison of plans, and one organisation's part: pure functions over the tiny case."""

from __future__ import annotations

from types import SimpleNamespace

import polars as pl
import pytest

import mainstay as ms
from mainstay.errors import DataError
from mainstay_web.planning.compare import compare
from mainstay_web.planning.own import own_part
from mainstay_web.planning.results import Results, publish
from mainstay_web.planning.scenarios import apply_scenario, say_change

DOUBLED = {"table": "lines", "key": {"enterprise": "maskworks"}, "column": "quantity", "factor": 2}


@pytest.fixture(scope="module")
def tiny() -> ms.Case:
    return ms.read(ms.examples.path("tiny"))


@pytest.fixture(scope="module")
def plans(planned_tiny, tiny, tmp_path_factory) -> SimpleNamespace:
    """The tiny plan, and the one in which the maker of masks has twice its lines."""
    folder = tmp_path_factory.mktemp("doubled")
    publish(ms.make_plan(apply_scenario(tiny, [DOUBLED])), folder)
    return SimpleNamespace(base=Results(planned_tiny.folder), doubled=Results(folder))


def test_a_factor_changes_the_rows_of_its_key_alone(tiny) -> None:
    lines = apply_scenario(tiny, [DOUBLED])["lines"]
    assert dict(lines.select("line", "quantity").iter_rows()) == {"L1": 4.0, "L2": 1.0, "L3": 1.0, "L4": 1.0}
    assert tiny["lines"]["quantity"].to_list() == [2.0, 1.0, 1.0, 1.0]


def test_changes_are_made_in_their_order(tiny) -> None:
    key = {"line": "L1"}
    changes = [{"table": "lines", "key": key, "column": "quantity", "value": 10}, {**DOUBLED, "key": key}]
    assert apply_scenario(tiny, changes)["lines"]["quantity"][0] == 20


def test_rows_are_added_and_removed(tiny) -> None:
    gift = {
        "place": "east",
        "item": "mask",
        "owner": "reserve",
        "lot": "gift",
        "quantity": "100",
        "expires": "2021-01-01",
    }
    changed = apply_scenario(
        tiny, [{"table": "stocks", "row": gift}, {"table": "lanes", "key": {"lane": "east_west"}, "remove": True}]
    )
    assert changed["stocks"].height == tiny["stocks"].height + 1
    assert changed["lanes"].height == 0


def test_a_setting_is_changed_like_a_cell(tiny) -> None:
    assert (
        apply_scenario(tiny, [{"table": "case", "column": "deepest_mode", "value": "crisis"}]).deepest_mode == "crisis"
    )


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"table": "line"}, "table", 'there is no table "line"'),
        ({**DOUBLED, "key": {"enterprise": "maskwork"}}, "enterprise", "no row with enterprise maskwork"),
        ({**DOUBLED, "key": {"maker": "x"}}, "column", 'lines has no column "maker"'),
        ({**DOUBLED, "column": "quantities"}, "column", 'lines has no column "quantities"'),
        ({**DOUBLED, "column": "kind"}, "kind", "holds no number"),
        ({**DOUBLED, "factor": "two"}, "quantity", '"two" is not a number'),
        ({**DOUBLED, "kolumn": 1}, "kolumn", 'no part "kolumn"'),
        ({"table": "stocks", "row": {"place": "east", "expires": "soon"}}, "expires", '"soon" is not a day'),
    ],
)
def test_what_cannot_be_changed_is_refused_and_named(tiny, change, column, words) -> None:
    with pytest.raises(DataError) as refused:
        apply_scenario(tiny, [DOUBLED, change])
    [finding] = refused.value.findings
    assert (finding.table, finding.row, finding.column) == ("changes", 2, column)
    assert words in finding.message
    assert finding.remedy


def test_all_refusals_come_at_once(tiny) -> None:
    with pytest.raises(DataError) as refused:
        apply_scenario(tiny, [{"table": "x"}, DOUBLED, {"table": "y"}])
    assert [f.row for f in refused.value.findings] == [1, 3]


def test_needs_that_are_derived_are_derived_before_they_grow() -> None:
    case = ms.read(ms.examples.path("cholera-mini"))
    assert case.derives_needs
    grown = apply_scenario(case, [{"table": "needs", "key": {}, "column": "quantity", "factor": 2}])
    derived = ms.derive(case).case
    assert grown.scenario == derived.scenario
    assert grown["needs"]["quantity"].sum() == pytest.approx(2 * derived["needs"]["quantity"].sum())
    assert not grown.check().errors


def test_a_change_is_said_in_both_languages() -> None:
    said = say_change(DOUBLED)
    assert said.en == "lines, enterprise maskworks: quantity × 2"
    assert said.zh == "生产线，企业 maskworks：数量 × 2"


def test_a_plan_differs_from_itself_in_nothing(plans) -> None:
    found = compare(plans.base, plans.base)
    assert found.tiers["change"].to_list() == [0.0]
    assert (found.shortages.height, found.decisions.height, found.first_days.height) == (0, 0, 0)


def test_more_lines_of_a_maker_show_as_less_missing_and_more_made(plans) -> None:
    found = compare(plans.base, plans.doubled)
    assert found.tiers["change"][0] > 0
    masks = found.shortages.filter(item="mask")
    assert (masks["change"] < 0).all()
    assert masks["a"].sum() == 80
    made = found.first_days.filter(what="production", item="mask", to="east", **{"from": "maskworks"})
    assert made["change"].item() > 0


def test_a_decision_that_only_one_plan_takes_is_named(plans) -> None:
    row = compare(plans.base, plans.doubled).decisions.filter(code="nappy_to_mask").row(0, named=True)
    assert (row["what"], row["subject"], row["a"], row["b"]) == ("conversion", "L2", 1.0, 0.0)


def test_a_maker_is_told_its_own_lines_alone(plans) -> None:
    part = own_part(plans.base, enterprise="maskworks")
    frames = {each.key: each.frame for each in part.parts}
    assert set(frames["make"]["item"]) == {"mask"}
    assert set(frames["lines"]["line"]) == {"L1"}
    assert frames["materials"].row(0, named=True)["quantity"] == pytest.approx(8)  # 80 masks of 0.1 kg cloth
    assert "convert" not in frames


def test_a_maker_at_a_shared_place_is_told_what_the_place_ships_of_its_goods_and_nothing_of_others(plans) -> None:
    part = own_part(plans.base, enterprise="maskworks")
    frames = {each.key: each.frame for each in part.parts}
    assert part.is_shared
    shipped = plans.base.table("shipments").filter(origin="east", item="mask").collect()
    assert frames["place_shipments"]["quantity"].sum() == shipped["quantity"].sum() > 0
    for each in part.parts:
        assert "suit" not in each.frame.write_csv(), each.key
    assert not {"shipments", "arrivals", "stock"} & frames.keys()
    suits = {each.key: each.frame for each in own_part(plans.base, enterprise="suitworks").parts}
    assert set(suits["place_shipments"]["item"]) == {"suit"}


def test_a_maker_is_told_for_want_of_which_of_its_goods_needs_are_not_met_and_not_whose_they_are(plans) -> None:
    wanted = {each.key: each.frame for each in own_part(plans.base, enterprise="maskworks").parts}["wanted"]
    assert set(wanted["item"]) == {"mask"}
    assert wanted["lost"].sum() == 60  # 48 in east, and 12 in west through east
    assert "place" not in wanted.columns
    assert "West" not in wanted.write_csv()


def test_a_hospital_is_told_what_binds_and_where_and_no_name_of_another(plans) -> None:
    why = {each.key: each.frame for each in own_part(plans.base, place="west").parts}["why"]
    said = why.row(by_predicate=(pl.col("item") == "mask") & (pl.col("lost") == 12), named=True)
    assert said["text"] == "What binds is line capacity for Mask in East, until 2020-02-03."
    assert said["text_zh"].startswith("瓶颈是东区的口罩产能") or "产能" in said["text_zh"]
    for code in ("L1", "maskworks", "east_west"):
        assert code not in why.write_csv()


def test_a_place_is_told_its_own_needs_arrivals_and_reasons(plans) -> None:
    frames = {each.key: each.frame for each in own_part(plans.base, place="west").parts}
    assert frames["arrivals"]["quantity"].sum() == plans.base.table("shipments").collect()["quantity"].sum()
    assert frames["met"].filter(item="mask")["lost"].item() == 32
    assert frames["why"]["lost"].sum() == frames["met"]["lost"].sum()
    assert "shipments" not in frames


def test_days_of_cover_are_stock_over_daily_need(plans) -> None:
    cover = {each.key: each.frame for each in own_part(plans.base, place="east").parts}["cover"]
    last = cover.filter(item="mask").sort("date").row(-1, named=True)
    assert last["cover"] == pytest.approx(last["quantity"] / 60)
    assert isinstance(cover, pl.DataFrame)
